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
