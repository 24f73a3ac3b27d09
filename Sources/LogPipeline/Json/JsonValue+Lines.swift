extension JsonValue {
  /// The same for people: what fits into a line of `columns` stands in one, the rest is indented by two.
  package func lines(columns: Int = TextLayout.columns) -> String {
    lines(columns: columns, indent: 0, takenColumns: 0)
  }

  /// `takenColumns`: of the first line, by what stands before and behind this value.
  private func lines(columns: Int, indent: Int, takenColumns: Int) -> String {
    let short = inline
    if takenColumns + short.count <= columns { return short }
    let inner = String(repeating: " ", count: indent + 2)
    let outer = String(repeating: " ", count: indent)
    // One more column for the comma.
    func row(_ key: String, _ value: JsonValue) -> String {
      inner + key
        + value.lines(
          columns: columns, indent: indent + 2, takenColumns: indent + 2 + key.count + 1)
    }
    switch self {
    case .array(let elements) where !elements.isEmpty:
      return "[\n\(elements.map { row("", $0) }.joined(separator: ",\n"))\n\(outer)]"
    case .object(let members) where !members.isEmpty:
      let rows = members.map { row("\(Self.quoted($0.key)): ", $0.value) }
      return "{\n\(rows.joined(separator: ",\n"))\n\(outer)}"
    default: return short
    }
  }

  /// In one line, with spaces.
  private var inline: String {
    switch self {
    case .array(let elements): "[\(elements.map(\.inline).joined(separator: ", "))]"
    case .object(let members) where members.isEmpty: "{}"
    case .object(let members):
      "{ \(members.map { "\(Self.quoted($0.key)): \($0.value.inline)" }.joined(separator: ", ")) }"
    default: text
    }
  }
}
