/// One frame explained: what it became, and each value with where it came from.
package struct EventExplanation {
  /// A field of the document.
  package struct Row: Equatable {
    package let name: String
    /// As it stands in the document.
    package let value: JsonValue
    /// The incoming keys, or what it was worked out from.
    package let from: String
  }

  package let number: UInt64
  package let refusal: Refusal?
  package let id: String?
  package let index: String?
  package let document: JsonValue?
  package let shape: String?
  /// Why it was taken for that shape.
  package let shapeReason: String?
  package let rows: [Row]
  /// Keys of the sender's that have no field, under their own paths.
  package let extra: [Row]
  package let cost: CostExplanation?
  package let notes: [String]

  /// Whether it would be taken.
  package var isTaken: Bool { refusal == nil }

  init(_ account: EventAccount, books: PriceBooks) throws(JsonError) {
    number = account.number
    refusal = account.refusal
    guard let outcome = account.outcome else {
      (id, index, document, shape, shapeReason) = (nil, nil, nil, nil, nil)
      (rows, extra, cost, notes) = ([], [], nil, [])
      return
    }
    let action = try JsonValue.parse(outcome.action)
    let document = try JsonValue.parse(outcome.document)
    let create = action["create"]
    id = create?["_id"]?.string
    index = create?["_index"]?.string
    self.document = document
    // A frame that was repaired may be none for the tree: then no keys can be shown.
    let frame = try? JsonValue.parse(account.frame)
    shape = outcome.shape.name
    shapeReason = outcome.shape.reason(in: frame)
    let provenance = FieldProvenance(outcome)
    rows = Self.flattened(document, "").filter { $0.name != "extra" }.map {
      Row(name: $0.name, value: $0.value, from: provenance.origin(of: $0.name))
    }
    extra = (document["extra"]?.members ?? []).map { key, value in
      Row(name: key, value: value, from: provenance.extraReason(key))
    }
    cost = CostExplanation(outcome, document, books)
    notes = EventNotes.of(outcome, document, frame)
  }

  private static func flattened(
    _ value: JsonValue, _ path: String
  ) -> [(name: String, value: JsonValue)] {
    guard let members = value.members, path != "extra" else { return [(path, value)] }
    return members.flatMap { flattened($0.value, path.isEmpty ? $0.key : "\(path).\($0.key)") }
  }
}

extension EventFacts.Shape {
  fileprivate var name: String {
    switch self {
    case .relay: "relay"
    case .liteLlm: "LiteLLM"
    case .openTelemetry: "OpenTelemetry"
    }
  }

  private var trait: FieldRow.Traits? {
    switch self {
    case .relay: nil
    case .liteLlm: .liteLlm
    case .openTelemetry: .openTelemetry
    }
  }

  /// The first key in it that only such a sender writes.
  fileprivate func reason(in frame: JsonValue?) -> String {
    guard let trait else { return "no key of LiteLLM's or OpenTelemetry's own is in it" }
    let found = FieldTable.rows.first { row in
      row.traits.contains(trait) && frame.map { JsonPath.holds(row.path, $0) } ?? false
    }
    return found.map { "its alone is the key \($0.dottedPath)" } ?? "of its keys"
  }
}
