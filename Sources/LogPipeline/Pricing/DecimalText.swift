/// Amounts of money as decimal text and back, exactly: integers all the way, never a Double in between.
package enum DecimalText {
  /// The longest text that is ever written: "-9223372.036854775808".
  package static let bytesMax = 21

  /// Appends an amount in USD: at most 12 decimals, no zeros at the end, no exponent.
  package static func usd(picoUsd: Int64, into bytes: inout [UInt8]) {
    append(picoUsd, decimals: 12, into: &bytes)
  }

  /// Appends a rate in USD per million tokens: at most 6 decimals.
  package static func usdPerMTok(microUsdPerMTok: Int64, into bytes: inout [UInt8]) {
    append(microUsdPerMTok, decimals: 6, into: &bytes)
  }

  /// What ``write(_:decimals:to:)`` may write over: the longest text, and whole words behind its digits.
  package static let roomBytes = 48

  /// Writes `value` / 10^`decimals`, at most 16 of them, without zeros at the end. ``roomBytes`` must be there to write to.
  /// - Returns: how many bytes it takes, at most ``bytesMax``.
  @inline(__always)
  package static func write(
    _ value: Int64, decimals: Int, to text: UnsafeMutablePointer<UInt8>
  ) -> Int {
    if (1..<8).contains(decimals), (0..<100_000_000).contains(value) {
      return unsafe writeShort(UInt64(value), decimals: decimals, to: text)
    }
    let (whole, fraction) = value.magnitude.quotientAndRemainder(dividingBy: power(decimals))
    var at = 0
    if value < 0 {
      unsafe text[0] = UInt8(ascii: "-")
      at = 1
    }
    if whole < 10 {
      unsafe text[at] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: whole)
      at &+= 1
    } else {
      at &+= unsafe DigitText.write(whole, to: text + at)
    }
    guard fraction > 0 else { return at }
    unsafe text[at] = UInt8(ascii: ".")
    at &+= 1
    var last = fraction
    if decimals > 8 {
      let (first, rest) = fraction.quotientAndRemainder(dividingBy: power(decimals - 8))
      last = first
      if rest > 0 {
        unsafe DigitText.store(DigitText.eight(first), to: text + at)
        at &+= 8
        last = rest &* power(16 - decimals)
      }
    } else {
      last = last &* power(8 - decimals)
    }
    let digits = DigitText.eight(last)
    unsafe DigitText.store(digits, to: text + at)
    return at &+ 8 &- digits.leadingZeroBitCount / 8
  }

  /// The same of a number of eight digits at most, 1 to 7 of them decimals: all at once, parted where the point stands.
  @inline(__always)
  private static func writeShort(
    _ value: UInt64, decimals: Int, to text: UnsafeMutablePointer<UInt8>
  ) -> Int {
    let digits = DigitText.eight(value)
    let wholeBits = UInt64(truncatingIfNeeded: (8 - decimals) * 8)
    // The last digit before the point stays, if it is a zero too.
    let whole = digits & (1 &<< wholeBits &- 1)
    let zeros = (whole | 1 &<< (wholeBits &- 8)).trailingZeroBitCount & 56
    unsafe DigitText.store(whole &>> UInt64(truncatingIfNeeded: zeros), to: text)
    let at = 8 &- decimals &- zeros / 8
    let fraction = digits &>> wholeBits
    guard fraction > 0 else { return at }
    unsafe text[at] = UInt8(ascii: ".")
    unsafe DigitText.store(fraction, to: text + at + 1)
    return at &+ 9 &- fraction.leadingZeroBitCount / 8
  }

  /// As ``write(_:decimals:to:)``, of an amount in USD: in one place, since documents hold several.
  @inline(never)
  package static func write(picoUsd: Int64, to text: UnsafeMutablePointer<UInt8>) -> Int {
    unsafe write(picoUsd, decimals: 12, to: text)
  }

  /// 10^`exponent`; known to the compiler where the exponent is.
  @inline(__always)
  private static func power(_ exponent: Int) -> UInt64 {
    switch exponent {
    case 0: 1
    case 2: 100
    case 3: 1000
    case 4: 10_000
    case 5: 100_000
    case 6: 1_000_000
    case 12: 1_000_000_000_000
    default: (0..<exponent).reduce(1) { power, _ in power * 10 }
    }
  }

  /// Reads a JSON number or the same as text ("0.010872", "1.2e-06") as 1e-12 USD, rounded half away from zero.
  /// - Returns: `nil` for what is no number or does not fit.
  package static func picoUsd(_ text: UnsafeRawBufferPointer) -> Int64? {
    var at = 0
    let isNegative = unsafe at < text.count && text[at] == UInt8(ascii: "-")
    if isNegative { at += 1 }
    var digits = Digits()
    while at < text.count, let digit = unsafe digit(text[at]) {
      digits.append(digit, isFraction: false)
      at += 1
    }
    if unsafe at < text.count && text[at] == UInt8(ascii: ".") {
      at += 1
      while at < text.count, let digit = unsafe digit(text[at]) {
        digits.append(digit, isFraction: true)
        at += 1
      }
    }
    guard digits.count > 0 else { return nil }
    var exponent = 0
    if unsafe at < text.count && (text[at] | 0x20) == UInt8(ascii: "e") {
      at += 1
      guard let read = unsafe readExponent(text, &at) else { return nil }
      exponent = read
    }
    guard at == text.count, let magnitude = digits.scaled(by: exponent + 12) else { return nil }
    return isNegative ? -magnitude : magnitude
  }

  /// The shortest decimal text that means this Double, as 1e-12 USD: 0.1 is 0.1 and not 0.1000000000000000055.
  package static func picoUsd(_ value: Double) -> Int64? {
    let text = Array("\(value)".utf8)
    return unsafe text.withUnsafeBytes { unsafe picoUsd($0) }
  }

  private static func append(_ value: Int64, decimals: Int, into bytes: inout [UInt8]) {
    unsafe withUnsafeTemporaryAllocation(of: UInt8.self, capacity: roomBytes) { buffer in
      guard let start = buffer.baseAddress else { return }
      let count = unsafe write(value, decimals: decimals, to: start)
      unsafe bytes.append(contentsOf: UnsafeRawBufferPointer(start: start, count: count))
    }
  }

  private static func readExponent(_ text: UnsafeRawBufferPointer, _ at: inout Int) -> Int? {
    var isNegative = false
    if unsafe at < text.count && (text[at] == UInt8(ascii: "-") || text[at] == UInt8(ascii: "+")) {
      isNegative = unsafe text[at] == UInt8(ascii: "-")
      at += 1
    }
    var value = 0
    let first = at
    while at < text.count, let digit = unsafe digit(text[at]) {
      value = min(value * 10 + Int(digit), 100_000)
      at += 1
    }
    guard at > first else { return nil }
    return isNegative ? -value : value
  }

  private static func digit(_ byte: UInt8) -> UInt8? {
    let value = byte &- UInt8(ascii: "0")
    return value <= 9 ? value : nil
  }
}

/// The first 19 significant digits of a number, and where its point lies.
private struct Digits {
  /// All digits met, zeros too.
  private(set) var count = 0
  private var value: UInt64 = 0
  private var significant = 0
  /// `value` * 10^`power` is the number, up to what was cut off.
  private var power = 0
  /// The first digit beyond those kept: it rounds them when nothing else is cut.
  private var firstCut: UInt8 = 0
  private var cutsStarted = false

  mutating func append(_ digit: UInt8, isFraction: Bool) {
    count += 1
    if significant == 19 {
      if !cutsStarted { firstCut = digit }
      cutsStarted = true
      if !isFraction { power += 1 }
      return
    }
    value = value * 10 + UInt64(digit)
    if value > 0 { significant += 1 }
    if isFraction { power -= 1 }
  }

  /// The number times 10^`exponent`, rounded half up; `nil` beyond Int64.
  func scaled(by exponent: Int) -> Int64? {
    var shift = power + exponent
    var result = value
    while shift > 0, result > 0 {
      let (product, overflows) = result.multipliedReportingOverflow(by: 10)
      guard !overflows, product <= UInt64(Int64.max) else { return nil }
      result = product
      shift -= 1
    }
    var lastCut = UInt64(firstCut)
    while shift < 0, result > 0 || lastCut > 0 {
      lastCut = result % 10
      result /= 10
      shift += 1
    }
    return Int64(exactly: result + (lastCut >= 5 ? 1 : 0))
  }
}
