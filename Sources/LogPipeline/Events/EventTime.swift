/// A moment of an event, to the nanosecond: milliseconds since 1970 and what is left below.
struct EventTime: Equatable {
  let milliseconds: Int64
  /// 0..<1,000,000.
  let nanoseconds: Int32

  /// Year 0001 through 9999: what the index's date type takes.
  private static let range: ClosedRange<Int64> = -62_135_596_800_000...253_402_300_799_999

  init?(milliseconds: Int64, nanoseconds: Int32 = 0) {
    guard Self.range.contains(milliseconds) else { return nil }
    self.milliseconds = milliseconds
    self.nanoseconds = nanoseconds
  }

  /// A clock's time: outside the range it is moved to the range's end.
  init(clamping milliseconds: Int64) {
    self.milliseconds = min(max(milliseconds, Self.range.lowerBound), Self.range.upperBound)
    nanoseconds = 0
  }

  /// Since 1970, in the unit that its size gives away: seconds to the year 5138, then milli-, micro- and nanoseconds.
  init?(epoch value: Int64) {
    guard value >= 0 else { return nil }
    switch value {
    case ..<100_000_000_000: self.init(milliseconds: value * 1000)
    case ..<100_000_000_000_000: self.init(milliseconds: value)
    case ..<100_000_000_000_000_000:
      self.init(milliseconds: value / 1000, nanoseconds: Int32(value % 1000) * 1000)
    default:
      self.init(milliseconds: value / 1_000_000, nanoseconds: Int32(value % 1_000_000))
    }
  }

  /// The same with a fraction; seconds are read to the microsecond, which is what a Double can hold today.
  init?(epoch value: Double) {
    guard value >= 0, value < 9e18 else { return nil }
    guard value < 1e11 else {
      self.init(epoch: Int64(value))
      return
    }
    let micros = Int64((value * 1e6).rounded())
    self.init(milliseconds: micros / 1000, nanoseconds: Int32(micros % 1000) * 1000)
  }

  /// ISO 8601 with `T` or a blank, any fraction, `Z`, an offset or none (UTC); or digits since 1970.
  init?(_ text: UnsafeRawBufferPointer) {
    if text.count == Self.commonBytes, let time = unsafe Self.common(text) {
      self = time
      return
    }
    guard text.count >= 16, unsafe text[4] == UInt8(ascii: "-") else {
      guard let epoch = unsafe Self.epoch(text) else { return nil }
      self = epoch
      return
    }
    var scan = unsafe TextScan(text)
    guard let year = scan.number(digits: 4), scan.take("-"), let month = scan.number(digits: 2),
      scan.take("-"), let day = scan.number(digits: 2),
      scan.take("T") || scan.take(" ") || scan.take("t"),
      let hour = scan.number(digits: 2), scan.take(":"), let minute = scan.number(digits: 2)
    else { return nil }
    var second = 0
    if scan.take(":") {
      guard let read = scan.number(digits: 2) else { return nil }
      second = read
    }
    var fraction: Int64 = 0
    if scan.take(".") || scan.take(",") {
      guard let read = scan.fractionNanoseconds() else { return nil }
      fraction = read
    }
    guard let offsetMinutes = scan.offsetMinutes(), scan.isAtEnd,
      let minutes = Self.minutes(year, month, day, hour, minute), second <= 60
    else { return nil }
    let seconds = Int64(minutes - offsetMinutes) * 60 + Int64(second)
    self.init(
      milliseconds: seconds * 1000 + fraction / 1_000_000, nanoseconds: Int32(fraction % 1_000_000))
  }

  /// "2026-11-20T23:36:07.843Z", the way most senders write it, eight bytes at a time; nil for all other ways and for
  /// what is no time.
  private static func common(_ text: UnsafeRawBufferPointer) -> EventTime? {
    func word(_ at: Int, _ marks: UInt64, _ isDigit: UInt64) -> UInt64? {
      let word = unsafe UInt64(
        littleEndian: text.loadUnaligned(fromByteOffset: at, as: UInt64.self))
      guard word & ~isDigit == marks else { return nil }
      // A byte from 0 to 9 for each digit, 0 for each mark; a sum reaches the byte's top bit from 10 on.
      let digits = (word ^ 0x3030_3030_3030_3030) & isDigit
      guard
        (digits | (digits & 0x7f7f_7f7f_7f7f_7f7f) &+ 0x7676_7676_7676_7676)
          & 0x8080_8080_8080_8080 == 0
      else { return nil }
      return digits
    }
    guard let date = word(0, 0x2d00_002d_0000_0000, 0x00ff_ff00_ffff_ffff),
      let middle = word(8, 0x0000_3a00_0054_0000, 0xffff_00ff_ff00_ffff),
      let end = word(16, 0x5a00_0000_2e00_003a, 0x00ff_ffff_00ff_ff00)
    else { return nil }
    func pair(_ digits: UInt64, _ at: UInt64) -> Int {
      Int(truncatingIfNeeded: (digits >> (at * 8) & 15) * 10 + (digits >> (at * 8 + 8) & 15))
    }
    let milliseconds =
      Int(truncatingIfNeeded: end >> 32 & 15) * 100 + pair(end, 5)
    let second = pair(end, 1)
    guard
      let minutes = minutes(
        pair(date, 0) * 100 + pair(date, 2), pair(date, 5), pair(middle, 0), pair(middle, 3),
        pair(middle, 6)), second <= 60
    else { return nil }
    return EventTime(milliseconds: Int64((minutes * 60 + second) * 1000 + milliseconds))
  }

  private static let commonBytes = 24

  /// Minutes since 1970 of a moment without an offset; nil when the calendar or the clock has no such moment.
  private static func minutes(
    _ year: Int, _ month: Int, _ day: Int, _ hour: Int, _ minute: Int
  ) -> Int? {
    guard (1...12).contains(month), day >= 1, day <= days(inMonth: month, of: year), hour < 24,
      minute < 60
    else { return nil }
    return (UtcTime.days(year: year, month: month, day: day) * 24 + hour) * 60 + minute
  }

  /// Days since 1970, UTC.
  var day: Int32 { Self.day(milliseconds: milliseconds) }

  static func day(milliseconds: Int64) -> Int32 {
    let (days, rest) = milliseconds.quotientAndRemainder(dividingBy: 86_400_000)
    return Int32(rest < 0 ? days - 1 : days)
  }

  /// Milliseconds from `earlier` to this moment.
  func milliseconds(since earlier: EventTime) -> Double {
    Double(milliseconds - earlier.milliseconds)
      + Double(nanoseconds - earlier.nanoseconds) / 1_000_000
  }

  private static func epoch(_ text: UnsafeRawBufferPointer) -> EventTime? {
    if let whole = unsafe NumberText.integer(text) { return EventTime(epoch: whole) }
    return unsafe NumberText.double(text).flatMap { EventTime(epoch: $0) }
  }

  private static func days(inMonth month: Int, of year: Int) -> Int {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }
}
