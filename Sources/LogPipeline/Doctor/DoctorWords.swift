/// What becomes of the data, where several checks say the same.
enum DoctorWords {
  static let keptInRing =
    "Nothing is delivered. Events are taken in and kept in the ring on disk, and delivered once this "
    + "is mended; when the ring is full, inputs wait."
  static let notStarted =
    "The agent does not start, and takes nothing in. Nothing was lost by that."
  static let deadLetters =
    "Documents that do not fit become dead letters, kept in agent.state_dir with the reason; the "
    + "others are delivered."
  static let dashboards = "Every event is stored, but dashboards and reports miss or misread some."

  /// "3 days", "5 hours", "40 minutes".
  static func span(seconds: Int64) -> String { TextAmount.span(seconds: UInt64(abs(seconds))) }

  /// "2026-11-20".
  static func day(seconds: Int64) -> String {
    String(UtcTime(milliseconds: seconds &* 1000).text.prefix(10))
  }
}
