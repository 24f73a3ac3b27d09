/// Bytes as lower-case hexadecimal text.
enum HexText {
  static func of(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
    var text: [UInt8] = []
    append(bytes, to: &text)
    return text
  }

  static func append(_ bytes: ArraySlice<UInt8>, to text: inout [UInt8]) {
    for byte in bytes {
      text.append(digit(byte >> 4))
      text.append(digit(byte & 15))
    }
  }

  /// Writes the eight bytes of a word in the order they have in memory: 16 digits.
  static func write(_ word: UInt64, to text: UnsafeMutablePointer<UInt8>) {
    let bytes = word.littleEndian
    let words = UnsafeMutableRawPointer(text)
    unsafe words.storeBytes(of: digits(bytes & 0xffff_ffff), as: UInt64.self)
    unsafe words.storeBytes(of: digits(bytes >> 32), toByteOffset: 8, as: UInt64.self)
  }

  /// The digits of four bytes, all at once, the first digit at the lowest address.
  private static func digits(_ bytes: UInt64) -> UInt64 {
    let pairs = (bytes | bytes << 16) & 0xffff_0000_ffff
    let spread = (pairs | pairs << 8) & 0x00ff_00ff_00ff_00ff
    let digits = (spread >> 4 & 0x000f_000f_000f_000f) | (spread & 0x000f_000f_000f_000f) << 8
    let isLetter = (digits &+ 0x7676_7676_7676_7676) >> 7 & 0x0101_0101_0101_0101
    return (digits &+ 0x3030_3030_3030_3030 &+ isLetter &* 0x27).littleEndian
  }

  private static func digit(_ value: UInt8) -> UInt8 {
    value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
  }

  private static func value(_ digit: UInt8) -> UInt8? {
    switch digit {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
    default: nil
    }
  }

  /// - Returns: `nil` for what is not hexadecimal; a newline at the end is fine.
  static func bytes(_ text: [UInt8]) -> [UInt8]? {
    let body = text.last == UInt8(ascii: "\n") ? text.dropLast() : text[...]
    let values = body.map(value)
    guard values.count.isMultiple(of: 2) else { return nil }
    var bytes: [UInt8] = []
    for at in stride(from: 0, to: values.count, by: 2) {
      guard let high = values[at], let low = values[at + 1] else { return nil }
      bytes.append(high << 4 | low)
    }
    return bytes
  }
}
