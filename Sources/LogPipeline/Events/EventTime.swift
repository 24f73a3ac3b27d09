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
      (1...12).contains(month), day >= 1, day <= Self.days(inMonth: month, of: year),
      hour < 24, minute < 60, second <= 60
    else { return nil }
    let minutes = (UtcTime.days(year: year, month: month, day: day) * 24 + hour) * 60 + minute
    let seconds = Int64(minutes - offsetMinutes) * 60 + Int64(second)
    self.init(
      milliseconds: seconds * 1000 + fraction / 1_000_000, nanoseconds: Int32(fraction % 1_000_000))
  }

  /// Days since 1970, UTC.
  var day: Int32 { Self.day(milliseconds: milliseconds) }

  static func day(milliseconds: Int64) -> Int32 {
    Int32((Double(milliseconds) / 86_400_000).rounded(.down))
  }

  /// Milliseconds from `earlier` to this moment.
  func milliseconds(since earlier: EventTime) -> Double {
    Double(milliseconds - earlier.milliseconds)
      + Double(nanoseconds - earlier.nanoseconds) / 1_000_000
  }

  /// "2026-11-20T23:36:07.843Z", with micro- or nanoseconds when there are some.
  func write(to sink: inout ByteSink) {
    let utc = UtcTime(milliseconds: milliseconds)
    sink.padded(UInt64(utc.year), width: 4)
    sink.byte(UInt8(ascii: "-"))
    sink.padded(UInt64(utc.month), width: 2)
    sink.byte(UInt8(ascii: "-"))
    sink.padded(UInt64(utc.day), width: 2)
    sink.byte(UInt8(ascii: "T"))
    sink.padded(UInt64(utc.hour), width: 2)
    sink.byte(UInt8(ascii: ":"))
    sink.padded(UInt64(utc.minute), width: 2)
    sink.byte(UInt8(ascii: ":"))
    sink.padded(UInt64(utc.second), width: 2)
    sink.byte(UInt8(ascii: "."))
    sink.padded(UInt64(utc.millisecond), width: 3)
    if nanoseconds % 1000 != 0 {
      sink.padded(UInt64(nanoseconds), width: 6)
    } else if nanoseconds != 0 {
      sink.padded(UInt64(nanoseconds) / 1000, width: 3)
    }
    sink.byte(UInt8(ascii: "Z"))
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
