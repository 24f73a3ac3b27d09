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

  /// 00 to 99.
  private static let pairs: StaticString = """
    0001020304050607080910111213141516171819\
    2021222324252627282930313233343536373839\
    4041424344454647484950515253545556575859\
    6061626364656667686970717273747576777879\
    8081828384858687888990919293949596979899
    """
}
