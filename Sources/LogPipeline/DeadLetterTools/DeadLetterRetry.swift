/// Sends open dead letters through the running agent once more, as they are or changed.
package struct DeadLetterRetry {
  /// The request's name on the control socket.
  package static let command = "dead-letters retry"
  private static let batchLettersMax = 200
  private static let batchBytesMax = 4 << 20

  private let book: DeadLetterBook
  private let selection: DeadLetterSelection
  private let edits: [DocumentEdit]
  private let replacement: RawJson?
  private let client: ControlClient

  /// - Parameters:
  ///   - book: all letters.
  ///   - selection: which of them; those that are done with are left out in any case.
  ///   - edits: made in each document, in this order.
  ///   - replacement: sent in place of the document.
  ///   - client: to the agent.
  package init(
    _ book: DeadLetterBook, _ selection: DeadLetterSelection, edits: [DocumentEdit] = [],
    replacement: RawJson? = nil, client: ControlClient
  ) {
    self.book = book
    self.selection = selection
    (self.edits, self.replacement, self.client) = (edits, replacement, client)
  }

  /// - Parameter told: how many were sent so far.
  /// - Returns: what came of each; an agent that went away in the middle is in it.
  /// - Throws: ``ControlError`` when not even the first request was answered; or what made the files unreadable.
  package func run(told: (UInt64) -> Void = { _ in }) throws -> DeadLetterRetryReport {
    var report = DeadLetterRetryReport()
    var batch: [ResentLetter] = []
    var bytes = 0
    func sendBatch() throws {
      guard !batch.isEmpty, !report.isGivenUp else { return }
      try send(batch, &report)
      (batch, bytes) = ([], 0)
      told(report.chosen)
    }
    try book.forEach { letter in
      guard selection.holds(letter, in: book), book.outcome(of: letter) == nil else { return true }
      report.chosen += 1
      do throws(DocumentEditError) {
        let document = try document(of: letter)
        batch.append(
          ResentLetter(
            place: letter.place, index: letter.index, document: document,
            isEdited: document != letter.document))
        bytes += document.count
      } catch {
        report.note(letter.id, .refused(type: "edit", reason: error.description))
      }
      if batch.count >= Self.batchLettersMax || bytes >= Self.batchBytesMax { try sendBatch() }
      return true
    }
    try sendBatch()
    return report
  }

  private func document(of letter: StoredDeadLetter) throws(DocumentEditError) -> [UInt8] {
    if let replacement { return replacement.bytes }
    guard !edits.isEmpty else { return letter.document }
    var document: RawJson
    do throws(JsonError) { document = try RawJson(letter.document) } catch {
      throw DocumentEditError(
        edit: "of \(letter.id)",
        reason: "its document is \(error); give a whole one with --document")
    }
    for edit in edits { document = try edit.apply(to: document) }
    return document.bytes
  }

  private func send(_ batch: [ResentLetter], _ report: inout DeadLetterRetryReport) throws {
    let request = JsonValue.object([
      ("command", .string(Self.command)), ("letters", .array(batch.map(\.json))),
    ])
    let answers: [JsonValue]
    do throws(ControlError) { answers = try client.ask(request) } catch {
      guard report.isAnyAnswered else { throw error }
      return report.giveUp(error.description)
    }
    let outcomes = answers.compactMap(ResendOutcome.init)
    guard outcomes.count == batch.count else {
      throw ControlError.broken(
        path: client.path, reason: "\(outcomes.count) outcomes for \(batch.count) letters")
    }
    for (letter, outcome) in zip(batch, outcomes) {
      report.note(letter.place.id, outcome)
    }
    report.notNoted = report.notNoted ?? answers.compactMap { $0["not_noted"]?.string }.first
    // When nothing of it got through, more would not either.
    let unavailable = outcomes.allSatisfy { if case .unavailable = $0 { true } else { false } }
    if unavailable { report.giveUp(outcomes.first?.reason ?? "") }
  }
}
