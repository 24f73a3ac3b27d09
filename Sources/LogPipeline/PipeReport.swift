/// What a `pipe` came to.
package struct PipeReport: Sendable {
  let name: String
  let read: StdinInput.Counts
  /// Of the pipe's ring, which also holds what earlier pipes of this name brought.
  let ledger: Ledger
  /// The same when this pipe began.
  let before: Ledger
  /// Why nothing got through at the end.
  let obstacle: String?
  /// Whether what finds no room is dropped because the operator wants it so.
  private let isDropping: Bool
  private let refusedPath: String
  private let deadLettersPath: String
  /// Where the events went when no Elasticsearch is set.
  private let archivePath: String?

  init(
    _ configuration: Configuration, read: StdinInput.Counts, before: Ledger, after: Ledger,
    obstacle: String?
  ) {
    let settings = AgentSettings(configuration: configuration)
    name = configuration.pipe.name
    (self.read, self.before, self.obstacle) = (read, before, obstacle)
    ledger = after
    isDropping = configuration.pipe.onFull == .dropNewest
    refusedPath = settings.pipeRefusedPath
    deadLettersPath = settings.deadLettersPath
    archivePath = settings.deliversToElasticsearch ? nil : configuration.archiveDirectory
  }

  /// Whether everything that was read has come to its end: delivered, there already, or among the dead letters.
  package var isComplete: Bool { ledger.waiting == 0 && lost == 0 }
  /// Whether reading ended with an error of the input itself.
  package var isInputBroken: Bool { read.problem != nil }

  /// All events of the input, as far as it was read.
  private var events: UInt64 { read.events + read.dropped }
  /// Those that found no room in the ring, also at its door when it was closed.
  private var withoutRoom: UInt64 {
    let accepted = ledger.accepted - before.accepted
    return events - min(events, accepted)
  }
  private var dropped: UInt64 { isDropping ? withoutRoom : 0 }
  private var lost: UInt64 { isDropping ? 0 : withoutRoom }

  package var text: String {
    var lines = [
      "Read \(events) events from standard input\(read.wasStopped ? " (stopped before its end)" : "")."
    ]
    if before.waiting > 0 {
      lines.append("An earlier pipe named \"\(name)\" had left \(before.waiting) events.")
    }
    if read.refused > 0 {
      lines.append("Refused \(read.refused) lines that are no events; see \(refusedPath)")
    }
    if dropped > 0 {
      lines.append("Dropped \(dropped) events, as --on-full drop_newest says: the ring was full.")
    }
    if let problem = read.problem { lines.append("Problem: \(problem)") }
    if lost > 0 {
      lines.append(
        "\(lost) events of the last lines read found no room in the ring and are not kept. "
          + "Give the same input again: nothing is stored twice.")
    }
    lines += ending
    return lines.joined(separator: "\n") + "\n"
  }

  private var ending: [String] {
    let dead = ledger.deadLettered - before.deadLettered
    var lines: [String] = []
    if ledger.waiting > 0 {
      lines.append(
        "\(ledger.waiting) events remain in the ring\(obstacle.map { ": \($0)" } ?? ""). "
          + "The next pipe named \"\(name)\" delivers them.")
    } else {
      let place =
        archivePath.map { " Into files of \($0): elasticsearch.hosts is not set." } ?? ""
      lines.append((dead > 0 ? "All delivered but \(dead)." : "All delivered.") + place)
    }
    if dead > 0 {
      lines.append(
        "\(dead) events were refused for good; they are kept, with the reason, in \(deadLettersPath)"
      )
    }
    return lines
  }

  package var json: JsonValue {
    .object([
      ("name", .string(name)), ("events", .integer(Int64(events))),
      ("refused", .integer(Int64(read.refused))), ("dropped", .integer(Int64(dropped))),
      ("lost", .integer(Int64(lost))),
      ("delivered", .integer(Int64(ledger.delivered - before.delivered))),
      ("duplicate", .integer(Int64(ledger.duplicate - before.duplicate))),
      ("dead_lettered", .integer(Int64(ledger.deadLettered - before.deadLettered))),
      ("waiting_before", .integer(Int64(before.waiting))),
      ("waiting", .integer(Int64(ledger.waiting))), ("stopped", .bool(read.wasStopped)),
      ("problem", (read.problem ?? obstacle).map(JsonValue.string) ?? .null),
    ])
  }
}
