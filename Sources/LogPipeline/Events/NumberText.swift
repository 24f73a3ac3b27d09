import CSimdjson

/// Numbers that senders write as text, and as documents show them.
enum NumberText {
  /// Digits with an optional minus, nothing else, within Int64.
  static func integer(_ text: UnsafeRawBufferPointer) -> Int64? {
    var at = 0
    let isNegative = unsafe text.count > 1 && text[0] == UInt8(ascii: "-")
    if isNegative { at = 1 }
    // What 19 digits say fits into 64 bits.
    guard at < text.count, text.count - at <= 19 else { return nil }
    var value: UInt64 = 0
    while at < text.count {
      let digit = unsafe text[at] &- UInt8(ascii: "0")
      guard digit <= 9 else { return nil }
      value = value &* 10 &+ UInt64(digit)
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

  /// What ``write(_:to:)`` may write over.
  static let roomBytes = DecimalText.roomBytes

  /// Writes the shortest text that reads back as `value`, which must be finite.
  /// - Returns: how many bytes it takes.
  @inline(never) static func write(_ value: Double, to text: UnsafeMutablePointer<UInt8>) -> Int {
    if let thousandths = thousandths(value) {
      return unsafe DecimalText.write(thousandths, decimals: 3, to: text)
    }
    return unsafe cjson_write_double(text, value)
  }

  /// Durations and settings, which have three decimals at most: no other text as short reads back as the same value,
  /// since a Double tells any two numbers of 15 digits apart. Nil for all others, and where an exponent is shorter.
  @inline(__always) private static func thousandths(_ value: Double) -> Int64? {
    guard abs(value) < 1e9, value != 0 else { return nil }
    // Doubles of this size are whole numbers, one apart: the sum is rounded to one.
    let wholes = 0x1.8p52
    let sum = value * 1000 + wholes
    guard (sum - wholes) / 1000 == value else { return nil }
    let thousandths = Int64(bitPattern: sum.bitPattern &- wholes.bitPattern)
    return abs(value) < 100_000 || !thousandths.isMultiple(of: 1000) ? thousandths : nil
  }
}
