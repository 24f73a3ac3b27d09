/// The report for a terminal: tables and bars in 80 columns.
extension Report {
  package func text(_ style: TextStyle = .plain) -> String {
    var lines = [style.strong("\(kind.title) (UTC), \(index)")]
    guard total.calls > 0 else {
      return lines[0] + "\n"
        + TextLayout.wrapped(
          "No calls. Check the day, and that elasticsearch.hosts and elasticsearch.index are those the agent delivers to."
        )
    }
    let cost = TextAmount.usd(total.costUsd, decimals: 4)
    lines.append(
      "\(TextAmount.count(total.calls)) calls, \(Self.percent(total.errorPercent)) % errors, "
        + "\(TextAmount.short(Double(total.tokens))) tokens, \(cost) USD; p50 \(Self.span(total.p50Ms)), "
        + "p95 \(Self.span(total.p95Ms))")
    if total.unpriced > 0 {
      lines.append(
        style.warning(
          "Unpriced: \(TextAmount.count(total.unpriced)) calls of models without a price are no part of it."
        ))
    }
    for table in tables { lines += [""] + self.lines(of: table, style) }
    return lines.map { $0 + "\n" }.joined()
  }

  private func lines(of table: Table, _ style: TextStyle) -> [String] {
    let heading =
      kind.isComparison
      ? Self.cells(
        table.name, ["calls", "err %", "p50", "p95", "cost USD", "USD a call"], Self.compared)
      : Self.cells(
        table.name, ["calls", "err %", "tokens", "p95", "cost USD", "share"], Self.summed)
    var lines = [style.strong(heading)]
    let named = table.rows.filter { $0.name != "-" }
    if kind.isComparison, named.isEmpty {
      let field = table.name == "arm" ? "ab_arm" : "cohort"
      return lines + ["(no event names its \(table.name): \(field))"]
    }
    let most = table.rows.map(\.costUsd).max() ?? 0
    for row in table.rows {
      lines.append(
        kind.isComparison
          ? Self.compared(row) : Self.summed(row, of: total.costUsd, most: most))
    }
    if table.otherCalls > 0 {
      lines.append("(\(TextAmount.count(table.otherCalls)) calls of others)")
    }
    return lines
  }

  private static let compared = (name: 20, cells: [10, 7, 9, 9, 12, 13])
  private static let summed = (name: 19, cells: [9, 7, 8, 9, 12, 8], bar: 8)

  private static func compared(_ row: ReportRow) -> String {
    cells(
      row.name,
      [
        TextAmount.count(row.calls), percent(row.errorPercent), span(row.p50Ms), span(row.p95Ms),
        TextAmount.usd(row.costUsd, decimals: 4),
        row.costPerCallUsd.map { TextAmount.usd($0, decimals: 6) } ?? "no price",
      ], compared)
  }

  private static func summed(_ row: ReportRow, of total: Double, most: Double) -> String {
    let share = total > 0 ? row.costUsd / total : 0
    let isFree = row.unpriced >= row.calls && row.costUsd == 0
    let line = cells(
      row.name,
      [
        TextAmount.count(row.calls), percent(row.errorPercent),
        TextAmount.short(Double(row.tokens)), span(row.p95Ms),
        isFree ? "no price" : TextAmount.usd(row.costUsd, decimals: 4),
        isFree ? "-" : "\(percent(share * 100)) %",
      ], (summed.name, summed.cells))
    let bar = TextBar.plain(most > 0 ? row.costUsd / most : 0, columns: summed.bar - 1)
    return bar.isEmpty ? line : "\(line) \(bar)"
  }

  private static func cells(
    _ name: String, _ cells: [String], _ layout: (name: Int, cells: [Int], bar: Int)
  ) -> String { self.cells(name, cells, (layout.name, layout.cells)) }

  private static func cells(
    _ name: String, _ cells: [String], _ layout: (name: Int, cells: [Int])
  ) -> String {
    TextCell.left(name, layout.name)
      + zip(cells, layout.cells).map { TextCell.right($0, $1) }.joined()
  }

  private static func percent(_ value: Double) -> String { TextAmount.usd(value, decimals: 1) }

  /// "812 ms", "2.30 s".
  private static func span(_ milliseconds: Double?) -> String {
    guard let milliseconds, milliseconds.isFinite else { return "-" }
    return milliseconds < 999.5
      ? "\(TextAmount.usd(milliseconds, decimals: 0)) ms"
      : "\(TextAmount.usd(milliseconds / 1000, decimals: milliseconds < 99_995 ? 2 : 0)) s"
  }
}
