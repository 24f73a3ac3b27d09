import CSimdjson

/// Numbers that senders write as text.
enum NumberText {
  /// Digits with an optional minus, nothing else, within Int64.
  static func integer(_ text: UnsafeRawBufferPointer) -> Int64? {
    var at = 0
    let isNegative = unsafe text.count > 1 && text[0] == UInt8(ascii: "-")
    if isNegative { at = 1 }
    guard at < text.count, text.count - at <= 19 else { return nil }
    var value: UInt64 = 0
    while at < text.count {
      let digit = unsafe text[at] &- UInt8(ascii: "0")
      guard digit <= 9 else { return nil }
      value = value * 10 + UInt64(digit)
      at += 1
    }
    if isNegative { return value <= 1 << 63 ? Int64(truncatingIfNeeded: 0 &- value) : nil }
    return Int64(exactly: value)
  }

  /// A decimal number that takes all of the text, and is finite.
  static func double(_ text: UnsafeRawBufferPointer) -> Double? {
    guard let start = text.baseAddress else { return nil }
    var value = 0.0
    let isNumber = unsafe cjson_read_double(
      start.assumingMemoryBound(to: UInt8.self), text.count, &value)
    return isNumber != 0 ? value : nil
  }
}
