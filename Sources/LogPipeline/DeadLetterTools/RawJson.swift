/// A JSON document that can be changed in one place and keeps every other byte: numbers stay as they were written.
package indirect enum RawJson: Equatable, Sendable {
  /// A number, string, true, false or null, as written.
  case scalar([UInt8])
  case array([RawJson])
  /// Keys as written, with their quotes.
  case object([Member])

  package struct Member: Equatable, Sendable {
    package var key: [UInt8]
    package var value: RawJson
  }

  /// - Throws: ``JsonError`` when it is no JSON.
  package init(_ bytes: [UInt8]) throws(JsonError) {
    // Checked whole first: what follows takes it apart and asks no more.
    _ = try JsonValue.parse(bytes)
    var scan = RawJsonScan(bytes)
    self = scan.value()
  }

  package init(_ text: String) throws(JsonError) { try self.init(Array(text.utf8)) }

  /// Without blanks between its parts.
  package var bytes: [UInt8] {
    switch self {
    case .scalar(let bytes): return bytes
    case .array(let values):
      return [UInt8(ascii: "[")] + values.map(\.bytes).joined(separator: [UInt8(ascii: ",")])
        + [UInt8(ascii: "]")]
    case .object(let members):
      let parts = members.map { $0.key + [UInt8(ascii: ":")] + $0.value.bytes }
      return [UInt8(ascii: "{")] + parts.joined(separator: [UInt8(ascii: ",")])
        + [UInt8(ascii: "}")]
    }
  }

  package var isObject: Bool { if case .object = self { true } else { false } }
}

/// Takes a document apart that is known to be one.
private struct RawJsonScan {
  private let bytes: [UInt8]
  private var at = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  mutating func value() -> RawJson {
    skipBlanks()
    defer { skipBlanks() }
    switch peek {
    case UInt8(ascii: "{"): return object()
    case UInt8(ascii: "["): return array()
    case UInt8(ascii: "\""): return .scalar(string())
    default:
      let start = at
      while at < bytes.count, !Self.ends.contains(bytes[at]) { at += 1 }
      return .scalar(Array(bytes[start..<at]))
    }
  }

  private static let ends = Set(",]} \t\r\n".utf8)
  private var peek: UInt8 { at < bytes.count ? bytes[at] : 0 }

  private mutating func object() -> RawJson {
    at += 1
    skipBlanks()
    var members: [RawJson.Member] = []
    while peek == UInt8(ascii: "\"") {
      let key = string()
      skipBlanks()
      at += 1  // the colon
      members.append(RawJson.Member(key: key, value: value()))
      guard peek == UInt8(ascii: ",") else { break }
      at += 1
      skipBlanks()
    }
    at += 1
    return .object(members)
  }

  private mutating func array() -> RawJson {
    at += 1
    skipBlanks()
    var values: [RawJson] = []
    while at < bytes.count, peek != UInt8(ascii: "]") {
      values.append(value())
      guard peek == UInt8(ascii: ",") else { break }
      at += 1
    }
    at += 1
    return .array(values)
  }

  private mutating func string() -> [UInt8] {
    let start = at
    at += 1
    while at < bytes.count, bytes[at] != UInt8(ascii: "\"") {
      at += bytes[at] == UInt8(ascii: "\\") ? 2 : 1
    }
    at = min(at + 1, bytes.count)
    return Array(bytes[start..<at])
  }

  private mutating func skipBlanks() {
    while at < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[at]) { at += 1 }
  }
}
