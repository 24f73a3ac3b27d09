/// What the status shows of the calls of the last minute or two, by team and model.
enum AgentUsageStatus {
  static func section(of report: UsageReport) -> StatusSection {
    var rows = report.rows.map { row($0.team, $0.model, $0.sums) }
    if report.other.calls > 0 { rows.append(row("(other)", "(other)", report.other)) }
    return StatusSection(
      "usage",
      metrics: [
        .gauge(
          "window_seconds", "What the status sums up by team and model came in so long.",
          report.seconds)
      ],
      tables: [StatusSection.Table("by_team_and_model", by: "team", rows)])
  }

  private static func row(
    _ team: String, _ model: String, _ sums: UsageSums
  ) -> StatusSection.Table.Row {
    var counts: [StatusSection.Table.Count] = [
      .init("calls", sums.calls), .init("errors", sums.errors), .init("tokens", sums.tokens),
      .init("cost_pico_usd", UInt64(clamping: sums.costPicoUsd)), .init("unpriced", sums.unpriced),
    ]
    if let mean = sums.meanLatencyMs, mean >= 0, mean < 1e15 {
      counts.append(.init("mean_latency_ms", UInt64(mean.rounded())))
    }
    return StatusSection.Table.Row(team, counts, texts: [.init("model", model)])
  }
}
