/// The ledger's counters under the names that metrics and status share, in the order of the two sums.
enum LedgerReport {
  /// `offered = accepted + refused + in_hand`.
  static let offeredSum = "offered = accepted + refused + in_hand"
  static let acceptedSum =
    "accepted = delivered + duplicate + dead_lettered + dropped + quarantined + erased + waiting"

  private struct Row {
    let name: String
    let value: any KeyPath<Ledger, UInt64> & Sendable
    /// A level and not a count: it falls again.
    let isLevel: Bool
    let help: String
  }

  private static let rows = [
    Row(name: "offered", value: \.offered, isLevel: false, help: "Events found in the inputs."),
    Row(
      name: "accepted", value: \.accepted, isLevel: false,
      help: "Events that are on disk, synced."),
    Row(
      name: "refused", value: \.refused, isLevel: false,
      help: "Frames that are no event; they are in refused.ndjson."),
    Row(
      name: "in_hand", value: \.inHand, isLevel: true,
      help: "Events read and neither accepted nor refused yet."),
    Row(
      name: "delivered", value: \.delivered, isLevel: false,
      help: "Events whose own bulk item was stored."),
    Row(
      name: "duplicate", value: \.duplicate, isLevel: false,
      help: "Events that were already stored, under the same id."),
    Row(
      name: "dead_lettered", value: \.deadLettered, isLevel: false,
      help: "Events that Elasticsearch can not take; they are in the dead letters."),
    Row(
      name: "dropped", value: \.dropped, isLevel: false,
      help: "Events given up because the ring was full."),
    Row(
      name: "quarantined", value: \.quarantined, isLevel: false,
      help: "Events of damaged parts of the ring."),
    Row(
      name: "erased", value: \.erased, isLevel: false,
      help: "Events erased on request before they were delivered."),
    Row(
      name: "waiting", value: \.waiting, isLevel: true,
      help: "Accepted events that are not settled yet."),
  ]

  static func metrics(of ledger: Ledger) -> [Metric] {
    var metrics = rows.map { row -> Metric in
      let (name, value) = ("events_\(row.name)", ledger[keyPath: row.value])
      return row.isLevel ? .gauge(name, row.help, value) : .counter(name, row.help, value)
    }
    metrics.append(
      .gauge(
        "ledger_balanced", "1 while the sum holds, else 0: then a counter is wrong.", by: "sum",
        [
          ("offered", ledger.isOfferedBalanced ? 1 : 0),
          ("accepted", ledger.isAcceptedBalanced ? 1 : 0),
        ]))
    return metrics
  }

  static func json(of ledger: Ledger) -> JsonValue {
    var members = rows.map { row in
      (key: row.name, value: JsonValue.integer(Int64(clamping: ledger[keyPath: row.value])))
    }
    members.append((key: "offered_balanced", value: .bool(ledger.isOfferedBalanced)))
    members.append((key: "accepted_balanced", value: .bool(ledger.isAcceptedBalanced)))
    members.append((key: "sums", value: .array([.string(offeredSum), .string(acceptedSum)])))
    return .object(members)
  }
}
