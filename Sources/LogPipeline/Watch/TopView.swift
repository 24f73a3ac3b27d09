/// What `top` shows of two statuses: is anything lost, how fast does it flow, what does it cost and whom, who sends.
package struct TopView {
  private let figures: TopFigures
  private let columns: Int
  private let style: TextStyle
  /// Milliseconds since 1970.
  private let now: Int64

  /// - Parameters:
  ///   - status: as the agent tells it.
  ///   - before: the one before, for all that is by the second.
  ///   - columns: of the terminal; no line is longer.
  ///   - style: how words stand out.
  ///   - now: milliseconds since 1970.
  package init(
    _ status: JsonValue, before: JsonValue, columns: Int, style: TextStyle, now: Int64
  ) {
    figures = TopFigures(status, before: before)
    (self.columns, self.style, self.now) = (max(80, columns), style, now)
  }

  /// The view, line by line.
  ///
  /// - Parameter rows: of the terminal; nil: all there is.
  /// - Returns: no more than `rows`, none longer than the terminal.
  package func lines(rows: Int? = nil) -> [String] {
    let head = [title, readiness].compactMap(\.self) + [lost, flow, ring, way] + troubles
    let senders = sendersTable
    guard let rows else { return head + [""] + usage(rowsMax: .max) + senders }
    let room = rows - head.count - 1 - senders.count
    let lines = head + [""] + usage(rowsMax: max(3, room - 2)) + senders
    return Array(lines.prefix(rows))
  }

  // MARK: the head

  private var title: String {
    let name = figures["agent"]?.string ?? "?"
    let up = TextAmount.span(seconds: UInt64(max(0, figures.number("uptime_seconds"))))
    let left =
      "sheepshipper \(figures["version"]?.string ?? "")  \(TextCell.cut(name, 30))  up \(up)"
    let right = TextAmount.moment(UInt64(max(0, now)))
    return style.strong(
      TextCell.cut(left, columns - right.count - 2)
        + String(repeating: " ", count: max(2, columns - left.count - right.count)) + right)
  }

  /// nil: it takes events.
  private var readiness: String? {
    let reasons = figures["not_ready_because"]?.elements?.compactMap(\.string) ?? []
    return reasons.isEmpty
      ? nil : style.bad(TextCell.cut("Not ready: \(reasons.joined(separator: "; "))", columns))
  }

  private func ledger(_ name: String) -> Double { figures.number("ledger", name) }

  private var lost: String {
    let dropped = ledger("dropped")
    let quarantined = ledger("quarantined")
    let dead = ledger("dead_lettered")
    func count(_ value: Double) -> String { TextAmount.count(UInt64(max(0, value))) }
    var text = "Accepted \(count(ledger("accepted"))) = delivered "
    text +=
      "\(count(ledger("delivered") + ledger("duplicate"))) + waiting \(count(ledger("waiting")))"
    for (name, value) in [("dead", dead), ("dropped", dropped), ("quarantined", quarantined)]
    where value > 0 {
      text += " + \(name) \(count(value))"
    }
    let isLost = dropped > 0 || quarantined > 0
    let verdict = isLost ? "Lost: \(count(dropped + quarantined))." : "Lost: nothing."
    let line = TextCell.cut("\(verdict) \(text)", columns)
    return isLost ? style.bad(line) : dead > 0 ? style.warning(line) : line
  }

  private var flow: String {
    let parts = [
      "In \(TextAmount.rate(figures.rate("ledger", "accepted")))/s",
      "out \(TextAmount.rate(figures.rate("ledger", "delivered")))/s",
      "refused \(TextAmount.rate(figures.rate("ledger", "refused")))/s",
      "dead \(TextAmount.rate(figures.rate("ledger", "dead_lettered")))/s",
      "read \(bytes(figures.rate("input", "tcp_bytes_total") + figures.rate("input", "webhook_bytes_total")))/s",
    ]
    let sent =
      figures["delivery"] == nil
      ? []
      : [
        "sent \(bytes(figures.rate("delivery", "wire_bytes_total")))/s"
      ]
    return TextCell.cut((parts + sent).joined(separator: "   "), columns)
  }

  private var ring: String {
    let size = figures.number("ring", "size_bytes")
    let share = size > 0 ? min(1, figures.number("ring", "used_bytes") / size) : 0
    let width = max(10, columns / 4)
    let bar = TextBar.filled(share, columns: width)
    let age = figures.number("ring", "oldest_event_age_seconds")
    let text =
      "Ring [\(bar)] \(TextAmount.usd(share * 100, decimals: 0)) % of \(bytes(size))   waiting "
      + "\(TextAmount.count(UInt64(max(0, ledger("waiting")))))   lag "
      + (ledger("waiting") > 0 ? TextAmount.span(seconds: UInt64(max(0, age))) : "none")
    let line = TextCell.cut(text, columns)
    return share >= 0.9 ? style.bad(line) : share >= 0.5 ? style.warning(line) : line
  }

  private var way: String {
    let states = ["delivery", "archive"].compactMap { name in
      figures[name, "state"]?.string.map { (name, $0) }
    }
    let text = states.map { "\($0): \($1)" }.joined(separator: "; ")
    let sync = TextAmount.usd(figures.number("ring", "sync_p99_seconds") * 1000, decimals: 1)
    let line = TextCell.cut(
      "To \(text.isEmpty ? "nowhere yet" : text); sync p99 \(sync) ms", columns)
    let isWell = states.allSatisfy { state in
      state.1.split(separator: ";").allSatisfy {
        ["ok", "starting"].contains($0.drop { $0 == " " })
      }
    }
    return isWell ? line : style.bad(line)
  }

  /// What an operator would act on; nothing where all is well.
  private var troubles: [String] {
    var lines: [String] = []
    let refused = figures.grown("input", "refused_total")
    if !refused.isEmpty {
      let text = refused.map { "\($0.name) \(TextAmount.count(UInt64($0.total)))" }
      lines.append("Refused: \(text.joined(separator: ", "))")
    }
    let retried = figures.grown("delivery", "retried_items_total")
    if !retried.isEmpty {
      let text = retried.map { "\($0.name) \(TextAmount.count(UInt64($0.total)))" }
      lines.append("Sent again: \(text.joined(separator: ", "))")
    }
    let unpriced = figures.number("events", "cost_status_total", "unpriced")
    if unpriced > 0 {
      lines.append(
        "Unpriced: \(TextAmount.count(UInt64(unpriced))) events of models without a price")
    }
    return lines.map { style.warning(TextCell.cut($0, columns)) }
  }

  // MARK: tables

  private func usage(rowsMax: Int) -> [String] {
    let seconds = max(1, figures.number("usage", "window_seconds"))
    let rows = figures["usage", "by_team_and_model"]?.elements ?? []
    // Far from their names figures are hard to read.
    let names = min(columns - Self.figureColumns, 80)
    let (team, model) = (names * 2 / 5, names - names * 2 / 5)
    func line(_ a: String, _ b: String, _ cells: [String]) -> String {
      TextCell.left(a, team - 1) + " " + TextCell.left(b, model)
        + zip(cells, Self.widths).map { TextCell.right($0, $1) }.joined()
    }
    func line(_ a: String, _ b: String, _ row: JsonValue) -> String {
      func count(_ key: String) -> Double { row[key]?.double ?? 0 }
      let calls = count("calls")
      let errors = calls > 0 ? count("errors") / calls * 100 : 0
      let cost = count("cost_pico_usd") / 1e12
      let cells = [
        TextAmount.short(calls / seconds * 60), TextAmount.usd(errors, decimals: 1),
        row["mean_latency_ms"]?.double.map { TextAmount.short($0) } ?? "-",
        TextAmount.short(count("tokens") / seconds * 60),
        calls > 0 && count("unpriced") >= calls
          ? "no price" : TextAmount.usd(cost / seconds * 3600, decimals: 2),
      ]
      let text = line(a, b, cells)
      return errors >= 5 ? style.bad(text) : text
    }
    var lines = [
      style.strong(
        line(
          "Team", "Model, last \(UInt64(seconds)) s",
          ["calls/min", "err %", "mean ms", "tokens/min", "USD/h"]))
    ]
    if rows.isEmpty { return lines + ["(no calls)", ""] }
    let shown = rows.count > rowsMax ? rowsMax - 1 : rows.count
    for row in rows.prefix(shown) {
      lines.append(
        line(name(row["team"]), name(row["model"]), row))
    }
    if rows.count > shown { lines.append("(\(rows.count - shown) more)") }
    return lines + [""]
  }

  private func name(_ value: JsonValue?) -> String {
    let text = value?.string ?? ""
    return text.isEmpty ? "-" : text
  }

  private static let widths = [10, 7, 8, 11, 10]
  private static var figureColumns: Int { widths.reduce(0, +) }

  private var sendersTable: [String] {
    let senders = figures.senders("tcp_top_addresses")
    let streams = figures.number("input", "streams")
    let webhook = figures.number("input", "webhook_connections")
    var lines: [String] = []
    let widths = [8, 12, 12, 14]
    func line(_ name: String, _ cells: [String]) -> String {
      TextCell.left(name, min(columns - widths.reduce(0, +), 40))
        + zip(cells, widths).map { TextCell.right($0, $1) }.joined()
    }
    if !senders.isEmpty {
      lines.append(style.strong(line("Sender (TCP)", ["open", "taken/s", "refused", "bytes/s"])))
      for sender in senders.prefix(5) {
        let text = line(
          sender.name,
          [
            TextAmount.count(UInt64(sender.open)), TextAmount.rate(sender.taken),
            TextAmount.count(UInt64(sender.refusedTotal)), bytes(sender.bytes),
          ])
        lines.append(sender.refused > 0 ? style.warning(text) : text)
      }
    }
    lines.append(
      "Open: TCP \(TextAmount.short(figures.number("input", "tcp_connections"))), webhook "
        + "\(TextAmount.short(webhook)), streams \(TextAmount.short(streams))")
    return lines
  }

  private func bytes(_ value: Double) -> String { TextAmount.bytes(UInt64(max(0, value))) }
}
