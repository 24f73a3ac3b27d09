/// A line of a daily archive file, `{"_id":"…",…}`: already a finished document, so replay keeps its id and its bytes.
///
/// Strict, since it passes by everything that makes documents of frames: 26 characters of base32, one valid JSON
/// object, `schema_version`, a readable `@timestamp`, no second `_id`.
struct InputFileArchivedLine {
  /// How such a line begins; no frame of a relay does.
  static let beginning: StaticString = "{\"_id\":\""
  private static let idAt = 8
  private static let idCharacters = 26
  /// Behind `{"_id":"X",`.
  private static let membersAt = idAt + idCharacters + 2

  let id: String
  let fingerprint: UInt64
  /// Of `@timestamp`, days since 1970.
  let day: Int32
  /// The document's own members and its closing brace.
  private let members: [UInt8]

  /// - Parameter line: without its line end.
  init?(_ line: UnsafeRawBufferPointer) {
    guard line.count > Self.membersAt,
      unsafe line.prefix(Self.idAt).elementsEqual(
        UnsafeRawBufferPointer(
          start: Self.beginning.utf8Start, count: Self.beginning.utf8CodeUnitCount)),
      unsafe line[Self.membersAt - 2] == UInt8(ascii: "\""),
      unsafe line[Self.membersAt - 1] == UInt8(ascii: ",")
    else { return nil }
    let idBytes = unsafe Array(line[Self.idAt..<(Self.idAt + Self.idCharacters)])
    guard let fingerprint = Self.fingerprint(of: idBytes),
      let document = unsafe try? JsonValue.parse(Array(line)),
      let keys = document.members?.map(\.key), keys.filter({ $0 == "_id" }).count == 1,
      document["schema_version"] != nil,
      let day = document["@timestamp"]?.string.flatMap(Self.day(ofTimestamp:))
    else { return nil }
    self.fingerprint = fingerprint
    self.day = day
    id = String(decoding: idBytes, as: UTF8.self)
    members = unsafe Array(line[Self.membersAt...])
  }

  /// Action line and document as a block holds them.
  func bulkItem(index: String) -> [UInt8] {
    Array("{\"create\":{\"_index\":\"\(index)\",\"_id\":\"\(id)\"}}\n{".utf8) + members + [0x0A]
  }

  /// The day in a daily file's name ("…-2026.11.21.ndjson.gz"), which a clamped event's own time would not tell.
  static func day(ofFileName name: String) -> Int32? {
    let parts = name.split(separator: "/").last?.split(separator: "-").last?.split(separator: ".")
    guard let parts, parts.count >= 3 else { return nil }
    return day(year: parts[0], month: parts[1], day: parts[2])
  }

  private static func day(ofTimestamp text: String) -> Int32? {
    guard text.hasSuffix("Z"), let end = text.firstIndex(of: "T") else { return nil }
    let parts = text[..<end].split(separator: "-")
    return parts.count == 3 ? day(year: parts[0], month: parts[1], day: parts[2]) : nil
  }

  private static func day(year: Substring, month: Substring, day: Substring) -> Int32? {
    guard (year.utf8.count, month.utf8.count, day.utf8.count) == (4, 2, 2),
      let y = Int(year), let m = Int(month), let d = Int(day), y > 0
    else { return nil }
    let days = UtcTime.days(year: y, month: m, day: d)
    // A date that does not come back the same (month 13, 30 February) is none.
    return UtcTime.civil(fromDays: days) == (y, m, d) ? Int32(days) : nil
  }

  /// The first 8 bytes of the hash that the id spells (Crockford's base32, lower case); nil when it is none.
  private static func fingerprint(of id: [UInt8]) -> UInt64? {
    var value: UInt64 = 0
    for (index, character) in id.enumerated() {
      guard let five = alphabet.firstIndex(of: character) else { return nil }
      // 12 characters are 60 bits; the 13th gives its upper 4. 26 hold 130: the last two are zero.
      if index < 12 { value = value << 5 | UInt64(five) }
      if index == 12 { value = value << 4 | UInt64(five >> 1) }
      if index == 25, five & 3 != 0 { return nil }
    }
    return value
  }

  private static let alphabet = Array("0123456789abcdefghjkmnpqrstvwxyz".utf8)
}
