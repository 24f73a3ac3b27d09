import LogPipeline

/// What `verify` is asked for.
struct VerifyOptions: Equatable, Sendable {
  var output = OutputOptions()
  /// Days since 1970.
  var day: Int32
  /// Where to write the ids of all missing events.
  var outputFile: String?
  /// Whether documents that this agent did not deliver count as a difference.
  var isExact = false
}

extension VerifyOptions {
  /// - Throws: ``UsageError`` when the day is missing or none.
  init(_ parsed: ParsedArguments, _ output: OutputOptions) throws(UsageError) {
    guard let text = parsed.flags["--day"]?.first else {
      throw UsageError("verify needs --day YYYY-MM-DD", command: .verify)
    }
    guard let day = DayCheck.day(text) else {
      throw UsageError("--day takes a date such as 2026-11-21", command: .verify)
    }
    self.init(
      output: output, day: day, outputFile: parsed.flags["--output"]?.first,
      isExact: parsed.flags["--exact"] != nil)
  }
}
