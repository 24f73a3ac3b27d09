import LogPipeline
import Testing

/// Goal: what `top` says of teams and models is what the documents say, within its bounds.
/// Method: events through a processor at moments of a manual clock.
@Suite struct UsageBookTests {
  private func line(_ team: String?, _ model: String, status: Int = 200) -> String {
    let named = team.map { "\"team_id\":\"\($0)\"," } ?? ""
    return """
      {"timestamp":"2026-11-21T15:00:00Z",\(named)"model":"\(model)","status_code":\(status),\
      "prompt_tokens":1000,"completion_tokens":100,"total_tokens":1100,"latency_ms":50}
      """
  }

  private func run(_ lines: [String]) throws -> UsageReport {
    let usage = UsageBook()
    usage.watch()
    try EventBench(usage: usage).process(lines.joined(separator: "\n"))
    return UsageReport(
      [usage.pages], now: EventBench.arrivalMilliseconds + 30_000, uptime: .seconds(600))
  }

  @Test func `calls are summed up by team and model, the costliest first`() throws {
    let report = try run([
      line("search", "gpt-4.1"), line("search", "gpt-4.1", status: 500), line("ops", "gpt-4.1"),
      line(nil, "house-7b"), line("ops", "claude-sonnet-4.5"),
    ])
    #expect(
      report.rows.map { "\($0.team)/\($0.model) \($0.sums.calls)" } == [
        "search/gpt-4.1 2", "ops/claude-sonnet-4.5 1", "ops/gpt-4.1 1", "/house-7b 1",
      ])
    let first = try #require(report.rows.first?.sums)
    #expect(first.errors == 1 && first.tokens == 2200 && first.meanLatencyMs == 50)
    // The relay's prices: 1,000 in at 2.50 USD and 100 out at 8 USD a million.
    #expect(first.costPicoUsd == 2 * 3_300_000_000)
    #expect(report.rows.last?.sums.unpriced == 1)
    #expect(report.seconds == 90)
  }

  @Test func `beyond its rows calls go to one sum, and none is lost`() throws {
    let report = try run((0..<400).map { line("team-\($0)", "gpt-4.1") })
    #expect(report.rows.count == UsageReport.rowsMax)
    #expect(report.rows.reduce(report.other.calls) { $0 + $1.sums.calls } == 400)
  }

  @Test func `with nobody there nothing is summed up`() throws {
    let usage = UsageBook()
    try EventBench(usage: usage).process(line("a", "gpt-4.1"))
    usage.watch()
    try EventBench(usage: usage).process(line("b", "gpt-4.1"))
    usage.unwatch()
    try EventBench(usage: usage).process(line("c", "gpt-4.1"))
    let report = UsageReport(
      [usage.pages], now: EventBench.arrivalMilliseconds, uptime: .seconds(9))
    #expect(report.rows.map(\.team) == ["b"])
  }

  @Test func `what is older than a minute and a bit is gone`() throws {
    let usage = UsageBook()
    usage.watch()
    try EventBench(usage: usage).process(line("a", "gpt-4.1"))
    let now = EventBench.arrivalMilliseconds
    #expect(UsageReport([usage.pages], now: now, uptime: .seconds(9)).rows.count == 1)
    #expect(UsageReport([usage.pages], now: now, uptime: .seconds(9)).seconds == 9)
    #expect(UsageReport([usage.pages], now: now + 180_000, uptime: .seconds(9)).rows.isEmpty)
  }
}
