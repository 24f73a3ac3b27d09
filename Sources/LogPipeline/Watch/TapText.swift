/// An event of `tap` as a line for a terminal.
package struct TapText {
  private let team: Int
  private let model: Int
  private let style: TextStyle

  /// `columns` are the terminal's; names get what is left of them.
  package init(columns: Int, style: TextStyle) {
    let names = max(32, min(columns, 160) - Self.figures)
    team = names * 2 / 5
    model = names - team
    self.style = style
  }

  /// Time, outcome, status, latency, tokens and cost with their gaps.
  private static let figures = 12 + 1 + 1 + 4 + 9 + 8 + 12

  package var heading: String {
    style.strong(
      row("time", "team", "model", " st.", " latency", " tokens", "    cost USD"))
  }

  package func line(_ document: JsonValue) -> String {
    let time = document["@timestamp"]?.string ?? ""
    let status = document["status_code"]?.integer.map { "\($0)" } ?? "-"
    let latency = document["latency_ms"]?.double.map {
      "\(TextAmount.count(UInt64(max(0, $0)))) ms"
    }
    let tokens = document["token_count"]?.integer.map { TextAmount.count(UInt64(clamping: $0)) }
    let cost = document["cost_usd"]?.double.map { TextAmount.usd($0, decimals: 6) }
    let line = row(
      String(time.dropFirst(11).prefix(12)), document["team_id"]?.string ?? "-",
      document["model"]?.string ?? "-", status, latency ?? "-", tokens ?? "-",
      cost ?? (document["cost"]?["status"]?.string ?? "-"))
    return document["outcome"]?.string == "failure" ? style.bad(line) : line
  }

  private func row(
    _ time: String, _ team: String, _ model: String, _ status: String, _ latency: String,
    _ tokens: String, _ cost: String
  ) -> String {
    TextCell.left(time, 12) + " " + TextCell.left(team, self.team) + " "
      + TextCell.left(model, self.model) + TextCell.right(status, 4)
      + TextCell.right(latency, 9) + TextCell.right(tokens, 8) + TextCell.right(cost, 12)
  }
}
