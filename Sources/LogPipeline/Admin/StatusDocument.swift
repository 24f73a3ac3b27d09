/// `/v1/status`: the whole snapshot as one JSON object.
package enum StatusDocument {
  package static func json(_ snapshot: StatusSnapshot) -> JsonValue {
    var members: [(key: String, value: JsonValue)] = [
      ("agent", .string(snapshot.agent)), ("version", .string(snapshot.version)),
      ("uptime_seconds", .number(snapshot.uptime.inSeconds)),
      ("ready", .bool(snapshot.notReadyBecause.isEmpty)),
      ("not_ready_because", .array(snapshot.notReadyBecause.map(JsonValue.string))),
      ("stuck_threads", .array(snapshot.stuckThreads.map(json))),
      ("ledger", snapshot.ledger.map(LedgerReport.json) ?? .null),
      (
        "process",
        .object([
          ("id", .integer(Int64(snapshot.process.id))),
          ("cpu_seconds", .number(snapshot.process.cpuSeconds)),
          ("resident_bytes", .integer(Int64(clamping: snapshot.process.residentBytes))),
          ("resident_peak_bytes", .integer(Int64(clamping: snapshot.process.peakResidentBytes))),
        ])
      ),
    ]
    members += snapshot.sections.map { (key: $0.name, value: json($0)) }
    return .object(members)
  }

  private static func json(_ thread: StatusSnapshot.StuckThread) -> JsonValue {
    .object([("name", .string(thread.name)), ("busy_seconds", .number(thread.busy.inSeconds))])
  }

  private static func json(_ section: StatusSection) -> JsonValue {
    var members: [(key: String, value: JsonValue)] = []
    if let state = section.state { members.append(("state", .string(state))) }
    members += section.texts.map { (key: $0.name, value: .string($0.value)) }
    members += section.metrics.map { (key: $0.name, value: json($0)) }
    members += section.tables.map { (key: $0.name, value: json($0)) }
    return .object(members)
  }

  private static func json(_ table: StatusSection.Table) -> JsonValue {
    .array(
      table.rows.map { row in
        .object(
          [(key: table.rowName, value: .string(row.name))]
            + row.texts.map { (key: $0.name, value: .string($0.value)) }
            + row.counts.map { (key: $0.name, value: .integer(Int64(clamping: $0.value))) })
      })
  }

  /// A figure, or with a label an object of its values.
  private static func json(_ metric: Metric) -> JsonValue {
    guard metric.labelName != nil else {
      return metric.samples.first.map { json($0.value) } ?? .null
    }
    return .object(metric.samples.map { (key: $0.labelValue ?? "", value: json($0.value)) })
  }

  private static func json(_ value: Metric.Value) -> JsonValue {
    switch value {
    case .whole(let count): .integer(Int64(clamping: count))
    case .fraction(let value): .number(value)
    }
  }
}
