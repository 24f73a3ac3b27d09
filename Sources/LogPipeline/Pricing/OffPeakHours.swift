/// Hours of the week, in UTC, in which requests at standard rates are cheaper.
struct OffPeakHours: Equatable, Sendable {
  var rates: Rates
  /// Seven masks, Monday first; bit h is the hour that starts at h:00 UTC.
  var hoursByWeekday: [UInt32]

  func contains(eventMilliseconds: Int64) -> Bool {
    let hours = eventMilliseconds.dividedDown(by: 3_600_000)
    let days = hours.dividedDown(by: 24)
    // 1970-01-01 was a Thursday: three days after a Monday.
    let weekday = (days + 3) - (days + 3).dividedDown(by: 7) * 7
    return hoursByWeekday[Int(weekday)] & (1 << UInt32(hours - days * 24)) != 0
  }
}

extension Int64 {
  /// The quotient rounded towards minus infinity, so that moments before 1970 fall into the right hour.
  fileprivate func dividedDown(by divisor: Int64) -> Int64 {
    self >= 0 ? self / divisor : (self + 1) / divisor - 1
  }
}
