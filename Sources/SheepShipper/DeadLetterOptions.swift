import LogPipeline

/// What `dead-letters` is asked for.
struct DeadLetterOptions: Equatable, Sendable {
  enum Action: String, Equatable, Sendable, CaseIterable { case list, show, retry, prune }

  var output = OutputOptions()
  var action: Action
  var selection = DeadLetterSelection()
  /// Of `show`.
  var limit = 20
  /// Of `retry`, in this order.
  var edits: [DocumentEdit] = []
  /// Of `retry`: a file with a whole document.
  var documentFile: String?
}

extension DeadLetterOptions {
  /// Which flags belong to which action.
  private static let flags: [String: Set<Action>] = [
    "--reason": [.list, .show, .retry], "--id": [.show, .retry], "--all": [.retry],
    "--all-states": [.list, .show], "--limit": [.show], "--edit": [.retry],
    "--document": [.retry],
  ]

  /// - Throws: ``UsageError`` when the word after `dead-letters` is no action, or a flag is not its.
  init(_ parsed: ParsedArguments, _ output: OutputOptions) throws(UsageError) {
    let word = parsed.operands.first ?? ""
    guard let action = Action(rawValue: word) else {
      throw UsageError(
        "dead-letters does not know \"\(word)\"; list, show, retry or prune",
        suggestion: Spelling.nearest(to: word, among: Action.allCases.map(\.rawValue)),
        command: .deadLetters)
    }
    for name in parsed.flags.keys.sorted() {
      guard let actions = Self.flags[name], !actions.contains(action) else { continue }
      let owners = Action.allCases.filter(actions.contains).map(\.rawValue)
      throw UsageError(
        "\(name) belongs to dead-letters \(owners.joined(separator: " and "))",
        command: .deadLetters)
    }
    self.output = output
    self.action = action
    selection = DeadLetterSelection(
      ids: Set(parsed.flags["--id"] ?? []), reason: parsed.flags["--reason"]?.first,
      includesResolved: parsed.flags["--all-states"] != nil)
    if let text = parsed.flags["--limit"]?.first {
      guard let count = Int(text), count > 0 else {
        throw UsageError("--limit takes a number from 1", command: .deadLetters)
      }
      limit = count
    }
    for text in parsed.flags["--edit"] ?? [] {
      do throws(DocumentEditError) { edits.append(try DocumentEdit(text)) } catch {
        throw UsageError(error.description, command: .deadLetters)
      }
    }
    documentFile = parsed.flags["--document"]?.first
    if action == .retry { try checkRetry(isAll: parsed.flags["--all"] != nil) }
  }

  private func checkRetry(isAll: Bool) throws(UsageError) {
    let isChosen = selection.reason != nil || !selection.ids.isEmpty
    guard isAll != isChosen else {
      throw UsageError(
        isAll
          ? "--all leaves nothing to --reason and --id"
          : "dead-letters retry needs --reason TEXT, --id ID or --all", command: .deadLetters)
    }
    guard documentFile != nil else { return }
    guard selection.ids.count == 1 else {
      throw UsageError("--document is for one letter: give its --id", command: .deadLetters)
    }
    guard edits.isEmpty else {
      throw UsageError("--document and --edit do not go together", command: .deadLetters)
    }
  }
}
