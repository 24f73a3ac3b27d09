import LogPipeline

struct TopOptions: Equatable, Sendable {
  var output = OutputOptions()
  var isOnce = false
}

struct TapOptions: Equatable, Sendable {
  var output = OutputOptions()
  /// As they were given.
  var filters: [String] = []
  /// nil: without end.
  var count: Int?
  /// Whole documents in place of lines for the eye.
  var isNdjson = false
}

extension TapOptions {
  /// - Throws: ``UsageError`` when a filter or the count is none.
  init(_ parsed: ParsedArguments, _ output: OutputOptions) throws(UsageError) {
    self.output = output
    filters = parsed.flags["--filter"] ?? []
    for filter in filters where TapFilter(filter) == nil {
      throw UsageError("--filter takes FIELD=VALUE, such as team_id=engineering", command: .tap)
    }
    if let text = parsed.flags["--count"]?.first {
      guard let number = Int(text), number > 0 else {
        throw UsageError("--count takes a number from 1", command: .tap)
      }
      count = number
    }
    isNdjson = parsed.flags["--format"]?.first == "ndjson"
  }
}
