/// How a check ended.
package enum DoctorStatus: String, CaseIterable, Sendable {
  case ok
  /// It works, and something may become wrong, or is already for some events.
  case warning
  case failed
  /// It could not be looked at; the finding says why.
  case skipped
}
