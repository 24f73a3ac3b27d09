extension DemoReport {
  /// The report for a terminal: lines of at most 80 columns, each ended.
  package var text: String {
    var lines = [Self.row("team", "requests", "errors", "p95 latency", "cost USD")]
    lines += teams.map { team in
      Self.row(
        team.name, "\(team.requests)", "\(team.errors)",
        team.latencyP95Milliseconds.map { "\(Int($0.rounded())) ms" } ?? "-",
        Self.usd(team.costPicoUsd, decimals: 4))
    }
    lines.append(
      Self.row(
        "all", "\(teams.reduce(0) { $0 + $1.requests })", "\(teams.reduce(0) { $0 + $1.errors })",
        "", Self.usd(costPicoUsd, decimals: 4)))
    lines.append("")
    let unpricedText = unpriced.map { "\($0.model) (\($0.requests))" }
    lines += Self.wrapped(
      unpriced.isEmpty
        ? "Unpriced: nothing, every model stands in a price book."
        : "Unpriced requests, of models in no price book: "
          + unpricedText.joined(separator: ", "))
    lines += Self.wrapped(
      "Redacted: prompts and answers of \(contentsReplaced) events, "
        + "and \(valuesRedacted) addresses, cards and keys in error messages.")
    return lines.joined(separator: "\n") + "\n"
  }

  /// The report for programs; amounts are text, exact to 1e-12 USD.
  package var json: JsonValue {
    .object([
      ("documents", .integer(Int64(documents))),
      ("cost_usd", .string(Self.usd(costPicoUsd, decimals: 12))),
      ("teams", .array(teams.map(Self.json))),
      (
        "unpriced",
        .array(
          unpriced.map {
            .object([
              ("model", .string($0.model)), ("requests", .integer(Int64($0.requests))),
            ])
          })
      ),
      ("contents_replaced", .integer(Int64(contentsReplaced))),
      ("values_redacted", .integer(Int64(valuesRedacted))),
    ])
  }

  private static func json(_ team: Team) -> JsonValue {
    .object([
      ("team", .string(team.name)),
      ("requests", .integer(Int64(team.requests))),
      ("errors", .integer(Int64(team.errors))),
      ("latency_p95_ms", team.latencyP95Milliseconds.map(JsonValue.number) ?? .null),
      ("cost_usd", .string(usd(team.costPicoUsd, decimals: 12))),
    ])
  }

  private static func row(
    _ team: String, _ requests: String, _ errors: String, _ latency: String, _ cost: String
  ) -> String {
    let name = team.count > 24 ? "\(team.prefix(21))..." : team
    return name + String(repeating: " ", count: 24 - name.count)
      + right(requests, 10) + right(errors, 9) + right(latency, 14) + right(cost, 16)
  }

  private static func right(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(1, width - text.count)) + text
  }

  /// An amount rounded half up to `decimals` of its 12 decimals.
  static func usd(_ pico: Int64, decimals: Int) -> String {
    let unit = (0..<(12 - decimals)).reduce(Int64(1)) { power, _ in power * 10 }
    let scale = 1_000_000_000_000 / unit
    let rounded = pico / unit + (pico % unit * 2 >= unit ? 1 : 0)
    return "\(rounded / scale).\(UtcTime.padded(Int(rounded % scale), decimals))"
  }

  /// Broken between words so that no line passes 80 columns, unless a single word does.
  private static func wrapped(_ text: String) -> [String] {
    var lines: [String] = []
    for word in text.split(separator: " ") {
      if let last = lines.last, last.count + 1 + word.count <= 80 {
        lines[lines.count - 1] = "\(last) \(word)"
      } else {
        lines.append(lines.isEmpty ? String(word) : "  \(word)")
      }
    }
    return lines
  }
}
