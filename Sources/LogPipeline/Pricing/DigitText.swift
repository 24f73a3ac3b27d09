/// Whole numbers as decimal digits, two at a time: half the divisions of one by one.
package enum DigitText {
  /// How many digits a number has.
  package static func count(_ value: UInt64) -> Int {
    var count = 1
    var rest = value
    while rest >= 10_000 {
      rest /= 10_000
      count += 4
    }
    return count + (rest >= 1000 ? 3 : rest >= 100 ? 2 : rest >= 10 ? 1 : 0)
  }

  /// Writes the last `width` digits of a number, with zeros in front.
  package static func write(_ value: UInt64, width: Int, to text: UnsafeMutablePointer<UInt8>) {
    let pairs = unsafe Self.pairs.utf8Start
    var rest = value
    var at = width
    while at >= 2 {
      let pair = Int(truncatingIfNeeded: rest % 100) * 2
      rest /= 100
      at -= 2
      unsafe text[at] = pairs[pair]
      unsafe text[at + 1] = pairs[pair + 1]
    }
    if at == 1 { unsafe text[0] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10) }
  }

  /// Writes a number without zeros in front; ``roomBytes`` must be there to write to.
  /// - Returns: how many bytes it takes.
  @inline(__always)
  package static func write(_ value: UInt64, to text: UnsafeMutablePointer<UInt8>) -> Int {
    guard value < 100_000_000 else { return unsafe writeLarge(value, to: text) }
    let digits = eight(value)
    // In bits; the last digit stays, if it is a zero too.
    let zeros = (digits | 1 << 56).trailingZeroBitCount & 56
    unsafe store(digits &>> UInt64(truncatingIfNeeded: zeros), to: text)
    return 8 &- zeros / 8
  }

  /// What ``write(_:to:)`` may write over: the digits of any number, and a whole word behind the first ones.
  package static let roomBytes = 24

  private static func writeLarge(_ value: UInt64, to text: UnsafeMutablePointer<UInt8>) -> Int {
    let digits = count(value)
    unsafe write(value, width: digits, to: text)
    return digits
  }

  /// The digits of a number below 100,000,000, with zeros in front: a byte each, 0 to 9, the first in the lowest byte.
  ///
  /// All at once: halves, pairs, digits, each parted by a multiplication (P. Khuong's way).
  @inline(__always)
  package static func eight(_ value: UInt64) -> UInt64 {
    let high = value / 10_000
    let halves = high | (value &- high &* 10_000) << 32
    let hundreds = ((halves &* 10_486) >> 20) & 0x0000_007f_0000_007f
    let pairs = hundreds | (halves &- hundreds &* 100) << 16
    let tens = ((pairs &* 103) >> 10) & 0x000f_000f_000f_000f
    return tens | (pairs &- tens &* 10) << 8
  }

  /// Writes eight digits as text; behind fewer of them stand more zeros.
  @inline(__always)
  package static func store(_ digits: UInt64, to text: UnsafeMutablePointer<UInt8>) {
    unsafe UnsafeMutableRawPointer(text).storeBytes(
      of: (digits | 0x3030_3030_3030_3030).littleEndian, as: UInt64.self)
  }

  /// 00 to 99.
  private static let pairs: StaticString = """
    0001020304050607080910111213141516171819\
    2021222324252627282930313233343536373839\
    4041424344454647484950515253545556575859\
    6061626364656667686970717273747576777879\
    8081828384858687888990919293949596979899
    """
}
