/// What a `pipe` came to.
package struct PipeReport: Sendable {
  let name: String
  let read: StdinInput.Counts
  /// Of the pipe's ring, which also holds what earlier pipes of this name brought.
  let ledger: Ledger
  /// Why nothing got through at the end.
  let obstacle: String?

  /// Whether everything that was read has come to its end: delivered, there already, or among the dead letters.
  package var isComplete: Bool { ledger.waiting == 0 && read.problem == nil }
  /// Whether reading ended with an error of the input itself.
  package var isInputBroken: Bool { read.problem != nil }

  package var text: String {
    var lines = [
      "Read \(read.events) events from standard input\(read.wasStopped ? " (stopped before its end)" : "")."
    ]
    if read.refused > 0 {
      lines.append("Refused \(read.refused) lines that are no events; see refused.ndjson.")
    }
    if read.dropped > 0 { lines.append("Dropped \(read.dropped) events: the ring was full.") }
    if let problem = read.problem { lines.append("Problem: \(problem)") }
    if ledger.waiting > 0 {
      lines.append(
        "\(ledger.waiting) events remain in the ring\(obstacle.map { ": \($0)" } ?? ""). "
          + "The next pipe named \"\(name)\" delivers them.")
    } else if ledger.deadLettered > 0 {
      lines.append(
        "All delivered, but \(ledger.deadLettered) that were refused for good: dead-letters.ndjson."
      )
    } else {
      lines.append("All delivered.")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  package var json: JsonValue {
    .object([
      ("name", .string(name)), ("events", .integer(Int64(read.events))),
      ("refused", .integer(Int64(read.refused))), ("dropped", .integer(Int64(read.dropped))),
      ("delivered", .integer(Int64(ledger.delivered))),
      ("duplicate", .integer(Int64(ledger.duplicate))),
      ("dead_lettered", .integer(Int64(ledger.deadLettered))),
      ("waiting", .integer(Int64(ledger.waiting))), ("stopped", .bool(read.wasStopped)),
      ("problem", (read.problem ?? obstacle).map(JsonValue.string) ?? .null),
    ])
  }
}
