import LogPipeline

/// What `explain` is asked for.
struct ExplainOptions: Equatable, Sendable {
  var output = OutputOptions()
  /// nil: standard input.
  var file: String?
  /// nil: what the input looks like.
  var way: ExplainRun.Way?
  var limit: UInt64 = 20
}

extension ExplainOptions {
  /// - Throws: ``UsageError`` when a flag's value is none of its.
  init(_ parsed: ParsedArguments, _ output: OutputOptions) throws(UsageError) {
    self.output = output
    let file = parsed.operands.first ?? "-"
    self.file = file == "-" ? nil : file
    if let text = parsed.flags["--as"]?.first {
      switch text {
      case "tcp": way = .lines(.tcp)
      case "stdin": way = .lines(.stdin)
      case "file": way = .lines(.file)
      case _ where text.hasPrefix("/"): way = .webhook(path: text)
      default:
        throw UsageError(
          "--as takes tcp, stdin, file, or a webhook's path such as /v1/events", command: .explain)
      }
    }
    if let text = parsed.flags["--limit"]?.first {
      guard let count = UInt64(text), count > 0 else {
        throw UsageError("--limit takes a number from 1", command: .explain)
      }
      limit = count
    }
  }
}
