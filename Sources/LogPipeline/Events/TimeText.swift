/// Writes moments as "2026-11-20T23:36:07.843Z", with micro- or nanoseconds when there are some.
///
/// Remembers the date that it wrote last: events of one day come together.
struct TimeText {
  /// Days since 0001-01-01.
  private var day = Int.min
  private var date = [UInt8](repeating: 0, count: dateBytes)

  private static let dayMilliseconds: UInt64 = 86_400_000
  /// From 0001-01-01 to 1970-01-01.
  private static let daysBefore1970 = 719_162
  private static let dateBytes = 10
  /// The longest text, and a whole word behind its digits.
  static let roomBytes = 40
  /// Of a moment to the millisecond.
  static let commonBytes = 24

  /// Whether a text that was read as a moment is the one that would be written of it: to the millisecond, with a capital
  /// "T" and "Z", and no leap second, which is the next minute.
  @inline(__always) static func isAsWritten(_ text: UnsafeRawBufferPointer) -> Bool {
    unsafe text.count == commonBytes && text[10] == UInt8(ascii: "T")
      && text[17] != UInt8(ascii: "6") && text[19] == UInt8(ascii: ".")
      && text[23] == UInt8(ascii: "Z")
  }

  /// ``roomBytes`` must be there to write to.
  /// - Returns: how many bytes it takes.
  mutating func write(_ time: EventTime, to text: UnsafeMutablePointer<UInt8>) -> Int {
    let sinceYear1 = time.milliseconds + Int64(Self.daysBefore1970) * Int64(Self.dayMilliseconds)
    let (days, rest) = UInt64(sinceYear1).quotientAndRemainder(dividingBy: Self.dayMilliseconds)
    if Int(days) != day { remember(Int(days)) }
    let words = UnsafeMutableRawPointer(text)
    unsafe date.withUnsafeBytes { date in
      guard let date = date.baseAddress else { return }
      unsafe words.copyMemory(from: date, byteCount: Self.dateBytes)
    }
    let (seconds, milliseconds) = rest.quotientAndRemainder(dividingBy: 1000)
    let (minutes, second) = seconds.quotientAndRemainder(dividingBy: 60)
    let (hour, minute) = minutes.quotientAndRemainder(dividingBy: 60)
    unsafe text[10] = UInt8(ascii: "T")
    unsafe words.storeBytes(
      of: Self.clock(hour, minute, second), toByteOffset: 11, as: UInt64.self)
    unsafe text[19] = UInt8(ascii: ".")
    unsafe DigitText.store(DigitText.eight(milliseconds * 100_000), to: text + 20)
    var count = 23
    if time.nanoseconds != 0 {
      let width = time.nanoseconds % 1000 != 0 ? 6 : 3
      let value = UInt64(time.nanoseconds) / (width == 6 ? 1 : 1000)
      unsafe DigitText.write(value, width: width, to: text + count)
      count += width
    }
    unsafe text[count] = UInt8(ascii: "Z")
    return count + 1
  }

  /// "23:36:07" as a word for memory.
  private static func clock(_ hour: UInt64, _ minute: UInt64, _ second: UInt64) -> UInt64 {
    let digits =
      DigitText.eight(hour * 1_000_000 + minute * 10_000 + second * 100) | 0x3030_3030_3030
    let hours = digits & 0xffff
    let minutes = digits >> 16 & 0xffff
    let seconds = digits >> 32 & 0xffff
    return (hours | 0x3a << 16 | minutes << 24 | 0x3a << 40 | seconds << 48).littleEndian
  }

  private mutating func remember(_ days: Int) {
    let (year, month, dayOfMonth) = UtcTime.civil(fromDays: days - Self.daysBefore1970)
    day = days
    let text =
      UtcTime.padded(year, 4) + "-" + UtcTime.padded(month, 2) + "-"
      + UtcTime.padded(dayOfMonth, 2)
    date = Array(text.utf8)
    invariant(date.count == Self.dateBytes, "a year has four digits")
  }
}
