/// What a replay came to.
package struct ReplayReport: Equatable, Sendable {
  package var files = 0
  /// Read to their end and wholly settled, in this run.
  package var filesFinished = 0
  /// An earlier run had finished them and they have not grown.
  package var filesFinishedBefore = 0
  package var progress = ReplayProgress()
  /// Events read and not settled: they come again when the same command is run again.
  package var unsettled: UInt64 = 0
  package var wasStopped = false
  package var problems: [Backlog.Problem] = []
  package var elapsed: Duration = .zero
  /// Where refused lines and dead letters lie, as it is told to the operator.
  package var refusedPath = "refused.ndjson"
  package var deadLettersPath = "dead-letters.ndjson"
  /// Where the events went when no Elasticsearch is set.
  package var archivePath: String?

  package init() {}

  /// 0: all is delivered; 75: events remain, run it again; 66: a file is missing, unreadable or not whole.
  package var exitCode: Int32 {
    if unsettled > 0 || wasStopped { return 75 }
    return problems.isEmpty ? 0 : 66
  }

  package var text: String {
    let place =
      archivePath.map { "  (into files of \($0): elasticsearch.hosts is not set)" } ?? ""
    var lines = [
      "Replayed \(filesFinished) of \(files) files in \(ReplayProgressText.clock(UInt64(elapsed.inSeconds.rounded())))"
        + (filesFinishedBefore > 0
          ? "; \(filesFinishedBefore) were already replayed, nothing to do there." : "."),
      "  events     \(progress.events) (\(progress.eventsPerSecond(elapsed)) a second)",
      "  delivered  \(progress.delivered)\(place)",
      "  duplicate  \(progress.duplicate)  (were there already)",
      "  dead       \(progress.deadLettered)\(progress.deadLettered > 0 ? "  (see \(deadLettersPath))" : "")",
      "  refused    \(progress.refused)\(progress.refused > 0 ? "  (see \(refusedPath))" : "")",
    ]
    if unsettled > 0 || wasStopped {
      lines.append(
        (unsettled > 0
          ? "Not finished: \(unsettled) events were read and not delivered."
          : "Stopped before the end; all that was read is delivered.")
          + " Run the same command again: it goes on there, and stores nothing twice.")
    }
    for problem in problems { lines.append("Problem: \(problem.message)") }
    return lines.joined(separator: "\n") + "\n"
  }

  package var json: JsonValue {
    .object([
      ("files", .integer(Int64(files))), ("files_finished", .integer(Int64(filesFinished))),
      ("files_finished_before", .integer(Int64(filesFinishedBefore))),
      ("events", .integer(Int64(progress.events))),
      ("delivered", .integer(Int64(progress.delivered))),
      ("duplicate", .integer(Int64(progress.duplicate))),
      ("dead_lettered", .integer(Int64(progress.deadLettered))),
      ("refused", .integer(Int64(progress.refused))), ("unsettled", .integer(Int64(unsettled))),
      ("stopped", .bool(wasStopped)), ("elapsed_ms", .integer(elapsed.milliseconds)),
      ("exit_code", .integer(Int64(exitCode))),
      (
        "problems",
        .array(
          problems.map {
            .object([("name", .string($0.name)), ("message", .string($0.message))])
          })
      ),
    ])
  }
}
