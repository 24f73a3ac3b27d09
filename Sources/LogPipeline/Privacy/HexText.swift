/// Bytes as lower-case hexadecimal text.
enum HexText {
  private static let digits = Array("0123456789abcdef".utf8)

  static func of(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
    bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
  }

  /// - Returns: `nil` for what is not hexadecimal; a newline at the end is fine.
  static func bytes(_ text: [UInt8]) -> [UInt8]? {
    let body = text.last == UInt8(ascii: "\n") ? text.dropLast() : text[...]
    let values = body.map { digits.firstIndex(of: $0) }
    guard values.count.isMultiple(of: 2) else { return nil }
    var bytes: [UInt8] = []
    for at in stride(from: 0, to: values.count, by: 2) {
      guard let high = values[at], let low = values[at + 1] else { return nil }
      bytes.append(UInt8(high << 4 | low))
    }
    return bytes
  }
}
