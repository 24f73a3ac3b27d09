import LogPipeline

/// What `prices` is asked for.
struct PricesOptions: Equatable, Sendable {
  enum Action: Equatable, Sendable {
    case list
    case show(model: String)
    case diff(file: String)
    case update(file: String)
    case export(file: String)
  }

  var output = OutputOptions()
  var action: Action
  /// nil: now; of `show` all periods.
  var atMilliseconds: Int64?
  /// nil: as `pricing.book` says.
  var book: PriceBookName?
}

extension PricesOptions {
  private static let actions = ["list", "show", "diff", "update", "export"]

  /// - Throws: ``UsageError`` when the words after `prices` name no action, or one too few or too many.
  init(_ parsed: ParsedArguments, _ output: OutputOptions) throws(UsageError) {
    let word = parsed.operands[0]
    let argument = parsed.operands.dropFirst().first
    switch (word, argument) {
    case ("list", nil): action = .list
    case ("show", let model?): action = .show(model: model)
    case ("diff", let file?): action = .diff(file: file)
    case ("update", let file?): action = .update(file: file)
    case ("export", let file?): action = .export(file: file)
    case ("show", nil): throw UsageError("prices show needs MODEL", command: .prices)
    case ("diff", nil), ("update", nil), ("export", nil):
      throw UsageError("prices \(word) needs FILE", command: .prices)
    case ("list", let extra?):
      throw UsageError(
        "prices list does not know what to do with \"\(extra)\"; prices show \(extra)?",
        command: .prices)
    default:
      throw UsageError(
        "prices does not know \"\(word)\"; list, show, diff, update or export",
        suggestion: Spelling.nearest(to: word, among: Self.actions), command: .prices)
    }
    for name in ["--at", "--book"] where parsed.flags[name] != nil {
      guard word == "list" || word == "show" else {
        throw UsageError("\(name) belongs to prices list and show", command: .prices)
      }
    }
    if let text = parsed.flags["--at"]?.first {
      guard let moment = PriceText.milliseconds(text) else {
        throw UsageError(
          "--at takes a date such as 2026-08-21 or 2026-08-21T10:30:00Z", command: .prices)
      }
      atMilliseconds = moment
    }
    if let text = parsed.flags["--book"]?.first {
      guard let name = PriceBookName(rawValue: text) else {
        throw UsageError(
          "--book \"\(text)\" is not known; direct or holysheep",
          suggestion: Spelling.nearest(to: text, among: PriceBookName.allCases.map(\.rawValue)),
          command: .prices)
      }
      book = name
    }
    self.output = output
  }
}
