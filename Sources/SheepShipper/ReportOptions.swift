import LogPipeline

/// What `report` is asked for.
struct ReportOptions: Equatable, Sendable {
  enum Format: String, CaseIterable, Sendable { case text, csv, json }

  var output = OutputOptions()
  var format = Format.text
  var kind: ReportKind
}

extension ReportOptions {
  private static let kinds = ["today", "month", "ab"]

  /// - Throws: ``UsageError`` for an unknown report, or a day or month that is none or not its own.
  init(_ parsed: ParsedArguments, _ output: OutputOptions, today: Int32) throws(UsageError) {
    let word = parsed.operands.first ?? ""
    guard Self.kinds.contains(word) else {
      throw UsageError(
        "report does not know \"\(word)\"; today, month or ab",
        suggestion: word == "yesterday"
          ? "today --day yesterday" : Spelling.nearest(to: word, among: Self.kinds),
        command: .report)
    }
    var day = today
    if let text = parsed.flags["--day"]?.first {
      guard word == "today" else {
        throw UsageError("--day belongs to report today", command: .report)
      }
      switch text {
      case "today": break
      case "yesterday": day = today - 1
      default:
        guard let found = DayCheck.day(text) else {
          throw UsageError(
            "--day takes yesterday or a date such as 2026-11-21", command: .report)
        }
        day = found
      }
    }
    if let text = parsed.flags["--month"]?.first {
      guard word != "today" else {
        throw UsageError("--month belongs to report month and ab", command: .report)
      }
      guard let found = DayCheck.day("\(text)-01") else {
        throw UsageError("--month takes a month such as 2026-11", command: .report)
      }
      day = found
    }
    self.output = output
    format = parsed.flags["--format"]?.first.flatMap(Format.init) ?? .text
    kind = word == "today" ? .day(day) : .month(day, byArm: word == "ab")
  }
}
