import LogPipeline

/// What `audit hash` is asked for.
struct AuditOptions: Equatable, Sendable {
  var output = OutputOptions()
  /// nil: standard input.
  var file: String?
}

extension AuditOptions {
  /// - Throws: ``UsageError`` when the word after `audit` names no action.
  init(_ parsed: ParsedArguments, _ output: OutputOptions) throws(UsageError) {
    guard parsed.operands.first == "hash" else {
      throw UsageError(
        "audit does not know \"\(parsed.operands.first ?? "")\"; hash", command: .audit)
    }
    self.output = output
    let file = parsed.operands.dropFirst().first ?? "-"
    self.file = file == "-" ? nil : file
  }
}
