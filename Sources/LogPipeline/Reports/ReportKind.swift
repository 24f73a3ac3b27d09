/// Which report, and of what time.
package enum ReportKind: Equatable, Sendable {
  /// A UTC day, in days since 1970.
  case day(Int32)
  /// The UTC month that this day lies in; `byArm`: compared by the arms and cohorts of tests.
  case month(Int32, byArm: Bool)

  /// The first day and the first one after it.
  package var days: Range<Int32> {
    switch self {
    case .day(let day): return day..<(day + 1)
    case .month(let day, _):
      let date = UtcTime.civil(fromDays: Int(day))
      let next = date.month == 12 ? (date.year + 1, 1) : (date.year, date.month + 1)
      return Int32(
        UtcTime.days(year: date.year, month: date.month, day: 1))..<Int32(
          UtcTime.days(year: next.0, month: next.1, day: 1))
    }
  }

  /// "2026-11-21" or "2026-11".
  package var title: String {
    let date = UtcTime.civil(fromDays: Int(days.lowerBound))
    let month = "\(UtcTime.padded(date.year, 4))-\(UtcTime.padded(date.month, 2))"
    if case .day = self { return "\(month)-\(UtcTime.padded(date.day, 2))" }
    return month
  }

  /// What rows are of, in order: a field each, or `@timestamp` for days.
  package var groups: [(name: String, field: String)] {
    switch self {
    case .day: [("team", "team_id"), ("model", "model")]
    case .month(_, byArm: false): [("day", "@timestamp"), ("team", "team_id")]
    case .month(_, byArm: true): [("arm", "ab_arm"), ("cohort", "cohort")]
    }
  }

  package var isComparison: Bool { if case .month(_, byArm: true) = self { true } else { false } }
}
