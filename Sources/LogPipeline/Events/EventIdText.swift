/// An `_id` of ours, read back: 26 characters of Crockford's base32, lower case.
package enum EventIdText {
  static let alphabet = Array("0123456789abcdefghjkmnpqrstvwxyz".utf8)
  /// By character; 255: none of them.
  private static let values: [UInt8] = {
    var values = [UInt8](repeating: 255, count: 256)
    for (value, character) in alphabet.enumerated() { values[Int(character)] = UInt8(value) }
    return values
  }()

  /// The first 8 bytes of the hash that it spells, see ``BlockItem/fingerprint``; nil when it is no id of ours.
  package static func fingerprint(of id: String) -> UInt64? {
    let text = id.utf8
    guard text.count == EventId.textBytes else { return nil }
    var value: UInt64 = 0
    for (index, character) in text.enumerated() {
      let five = values[Int(character)]
      guard five < 32 else { return nil }
      // 12 characters are 60 bits; the 13th gives its upper 4. 26 hold 130: the last two are zero.
      if index < 12 { value = value << 5 | UInt64(five) }
      if index == 12 { value = value << 4 | UInt64(five >> 1) }
      if index == EventId.textBytes - 1, five & 3 != 0 { return nil }
    }
    return value
  }

  /// The 12 characters with which the id of that fingerprint begins.
  package static func start(of fingerprint: UInt64) -> String {
    let characters = (0..<12).map { alphabet[Int(fingerprint >> UInt64(59 - 5 * $0) & 31)] }
    return String(decoding: characters, as: UTF8.self)
  }
}
