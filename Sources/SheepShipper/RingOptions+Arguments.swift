import LogPipeline

extension RingOptions {
  private static let actions = ["status", "verify", "export", "resize"]

  /// - Throws: ``UsageError`` when the words after `ring` name no action, or one too few or too many.
  init(_ parsed: ParsedArguments, _ output: OutputOptions) throws(UsageError) {
    let words = parsed.operands
    let isAll = parsed.flags["--all"] != nil
    let word = words.first ?? ""
    let argument = words.dropFirst().first
    switch (word, argument) {
    case ("status", nil): action = .status
    case ("verify", nil): action = .verify
    case ("export", let file?): action = .export(file: file, isAll: isAll)
    case ("resize", .some): action = .resize
    case ("export", nil): throw UsageError("ring export needs FILE", command: .ring)
    case ("resize", nil): throw UsageError("ring resize needs SIZE", command: .ring)
    case ("status", let extra?), ("verify", let extra?):
      throw UsageError("ring \(word) does not know what to do with \"\(extra)\"", command: .ring)
    default:
      throw UsageError(
        "ring does not know \"\(word)\"; status, verify, export or resize",
        suggestion: Spelling.nearest(to: word, among: Self.actions), command: .ring)
    }
    if isAll, word != "export" { throw UsageError("--all belongs to ring export", command: .ring) }
    self.output = output
    file = parsed.flags["--file"]?.first
  }

  /// The size of `ring resize`, read as `ring.size` is.
  static func newSize(_ parsed: ParsedArguments) -> String? {
    guard parsed.command == .ring, parsed.operands.first == "resize", parsed.operands.count == 2
    else { return nil }
    return parsed.operands[1]
  }
}
