/// Kinds of bytes in folded text: ASCII, ``letter`` for a letter of another alphabet, ``other`` for anything else.
enum ByteClass {
  static let letter: UInt8 = 0xc0
  static let other: UInt8 = 0xfe

  static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }
  static func isAlpha(_ byte: UInt8) -> Bool { (byte | 0x20) &- 0x61 < 26 }
  static func isUpper(_ byte: UInt8) -> Bool { byte &- 0x41 < 26 }
  static func isAlnum(_ byte: UInt8) -> Bool { isDigit(byte) || isAlpha(byte) }
  static func isHex(_ byte: UInt8) -> Bool { isDigit(byte) || (byte | 0x20) &- 0x61 < 6 }
  static func lower(_ byte: UInt8) -> UInt8 { isUpper(byte) ? byte | 0x20 : byte }
  static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte &- 9 < 5 }

  /// What continues a word, so that nothing that is looked for starts or ends beside it.
  static func isWord(_ byte: UInt8) -> Bool {
    isAlnum(byte) || byte == UInt8(ascii: "_") || byte == letter
  }

  /// The letters of keys in base64url, and the stars of half-hidden ones.
  static func isKeyBody(_ byte: UInt8) -> Bool {
    isAlnum(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
      || byte == UInt8(ascii: "*")
  }

  /// Whether it is one of these ASCII characters, without the search of a String, which decodes.
  @inline(__always)
  static func isOne(_ byte: UInt8, of characters: StaticString) -> Bool {
    for at in 0..<characters.utf8CodeUnitCount where unsafe characters.utf8Start[at] == byte {
      return true
    }
    return false
  }

  /// Base64url, as in the parts of a JSON Web Token.
  static func isBase64Url(_ byte: UInt8) -> Bool {
    isAlnum(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "_")
  }
}
