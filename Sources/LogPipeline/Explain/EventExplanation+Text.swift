/// 80 columns, no colours.
extension EventExplanation {
  private static let widths = (name: 27, value: 26)

  package var text: String {
    if let refusal {
      return "event \(number): REFUSED, \(refusal.reason.rawValue)\n"
        + TextLayout.wrapped(
          "\(refusal.message) It would go to refused.ndjson; the events beside it are taken.",
          indent: 2)
    }
    var text = "event \(number)\n"
    text += "  shape  \(shape ?? ""): \(shapeReason ?? "")\n"
    text += "  _id    \(id ?? "")\n  index  \(index ?? "")\n"
    text += "\n" + Self.line("FIELD", "VALUE", "FROM")
    for row in rows { text += Self.line(row.name, row.value.string ?? row.value.text, row.from) }
    if let cost { text += "\ncost: \(cost.status)\n" + cost.text }
    if !extra.isEmpty {
      text += "\nextra\n"
      for row in extra { text += Self.line("  \(row.name)", row.value.text, row.from) }
    }
    if !notes.isEmpty {
      text += "\nnotes\n"
      for note in notes { text += TextLayout.wrapped("- \(note)", indent: 2, hanging: 2) }
    }
    return text
  }

  /// What does not fit beside the name stands below it.
  private static func line(_ name: String, _ value: String, _ from: String) -> String {
    let room = TextLayout.columns - widths.name - widths.value - 2
    let first = "\(PriceText.left(name, widths.name)) \(PriceText.left(value, widths.value))"
    if name.count <= widths.name, value.count <= widths.value, from.count <= room {
      return PriceText.line("\(first) \(from)")
    }
    let limit = TextLayout.columns - max(name.count, widths.name) - 1
    let shown = value.count <= limit ? value : "\(value.prefix(max(8, limit - 3)))..."
    return PriceText.line("\(PriceText.left(name, widths.name)) \(shown)")
      + TextLayout.wrapped("from \(from)", indent: widths.name + 3)
  }

  /// An object for scripts; `keyNote` says which key hashes are made with.
  package func json(keyNote: String) -> JsonValue {
    if let refusal {
      return .object([
        ("event", .integer(Int64(number))), ("taken", .bool(false)),
        ("reason", .string(refusal.reason.rawValue)), ("message", .string(refusal.message)),
      ])
    }
    func rowJson(_ row: Row) -> JsonValue {
      .object([("name", .string(row.name)), ("value", row.value), ("from", .string(row.from))])
    }
    return .object([
      ("event", .integer(Int64(number))), ("taken", .bool(true)),
      ("shape", .string(shape ?? "")), ("shape_reason", .string(shapeReason ?? "")),
      ("_id", .string(id ?? "")), ("index", .string(index ?? "")),
      ("fields", .array(rows.map(rowJson))), ("extra", .array(extra.map(rowJson))),
      ("cost", cost?.json ?? .null), ("notes", .array(notes.map(JsonValue.string))),
      ("document", document ?? .null), ("hashes", .string(keyNote)),
    ])
  }
}
