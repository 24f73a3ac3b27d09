import LogPipeline

extension SetupOptions {
  /// - Throws: ``UsageError`` when flags do not go together, or `--for` names no server.
  init(_ parsed: ParsedArguments, _ output: OutputOptions) throws(UsageError) {
    self.output = output
    isDryRun = parsed.flags["--dry-run"] != nil
    choices = SetupChoices(
      replaces: parsed.flags["--replace"] != nil,
      appliesToExisting: parsed.flags["--apply-to-existing"] != nil)
    plannedFor = parsed.flags["--for"]?.last
    guard let plannedFor else { return }
    guard isDryRun else { throw UsageError("--for belongs to --dry-run", command: .setup) }
    guard ServerProduct(named: plannedFor) != nil else {
      throw UsageError(
        "--for takes a server such as elasticsearch-8, elasticsearch-7.17 or opensearch-2.19",
        command: .setup)
    }
  }
}
