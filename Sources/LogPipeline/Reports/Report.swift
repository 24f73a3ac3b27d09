/// A report as it was read; its forms for people and programs.
package struct Report: Equatable, Sendable {
  package struct Table: Equatable, Sendable {
    /// "team", "model", "day", "arm", "cohort".
    package let name: String
    package let rows: [ReportRow]
    /// Calls of rows that are not among them.
    package let otherCalls: UInt64
  }

  package let kind: ReportKind
  package let index: String
  package let total: ReportRow
  package let tables: [Table]

  package static func == (a: Report, b: Report) -> Bool {
    a.kind == b.kind && a.index == b.index && a.total == b.total && a.tables == b.tables
  }

  // MARK: CSV

  /// One table for all: a row for each, and what it is of in the first column.
  package var csv: String {
    var text = "of,name,calls,errors,unpriced,tokens,p50_ms,p95_ms,cost_usd,cost_per_call_usd\n"
    text += Self.csv("all", total)
    for table in tables { text += table.rows.map { Self.csv(table.name, $0) }.joined() }
    return text
  }

  private static func csv(_ group: String, _ row: ReportRow) -> String {
    let cells = [
      group, field(row.name), "\(row.calls)", "\(row.errors)", "\(row.unpriced)", "\(row.tokens)",
      row.p50Ms.map { plain($0, 3) } ?? "", row.p95Ms.map { plain($0, 3) } ?? "",
      plain(row.costUsd, 9), row.costPerCallUsd.map { plain($0, 9) } ?? "",
    ]
    return cells.joined(separator: ",") + "\n"
  }

  /// Quoted where it must be; a spreadsheet must not take a name for a formula.
  private static func field(_ text: String) -> String {
    let isFormula = text.count > 1 && text.first.map { "=+-@\t\r".contains($0) } ?? false
    let safe = isFormula ? "'\(text)" : text
    guard safe.contains(where: { ",\"\n\r".contains($0) }) else { return safe }
    return "\"\(safe.replacing("\"", with: "\"\""))\""
  }

  private static func plain(_ value: Double, _ decimals: Int) -> String {
    TextAmount.usd(value, decimals: decimals).replacing(",", with: "")
  }

  // MARK: JSON

  package var json: JsonValue {
    .object(
      [
        (
          "report",
          .string(kind.isComparison ? "ab" : tables.first?.name == "day" ? "month" : "day")
        ),
        ("of", .string(kind.title)), ("index", .string(index)), ("total", Self.json(total)),
      ]
        + tables.map { table in
          (
            key: "by_\(table.name)",
            value: JsonValue.object([
              ("rows", .array(table.rows.map(Self.json))),
              ("calls_of_others", .integer(Int64(clamping: table.otherCalls))),
            ])
          )
        })
  }

  private static func json(_ row: ReportRow) -> JsonValue {
    func count(_ value: UInt64) -> JsonValue { .integer(Int64(clamping: value)) }
    func number(_ value: Double?) -> JsonValue { value.map { .number($0) } ?? .null }
    return .object([
      ("name", .string(row.name)), ("calls", count(row.calls)), ("errors", count(row.errors)),
      ("unpriced", count(row.unpriced)), ("tokens", count(row.tokens)),
      ("p50_ms", number(row.p50Ms)), ("p95_ms", number(row.p95Ms)),
      ("cost_usd", number(row.costUsd)), ("cost_per_call_usd", number(row.costPerCallUsd)),
    ])
  }
}
