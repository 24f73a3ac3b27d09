import LogPipeline
import TestSupport
import Testing

/// Goal: every panel of every dashboard shows the right figures. Method: events through the program's own processor into a
/// real server under its own template; each panel's saved aggregations asked there, and worked out here from the documents.
@Suite(
  .serialized, .enabled(if: !SearchServer.all.isEmpty, Comment(rawValue: SearchServer.missing)))
struct DashboardsEndToEndTests {
  private let prefix = "e2e-dashboards-"

  @Test(arguments: SearchServer.all)
  func `each panel's query gives the figures of the documents`(server: SearchServer) throws {
    _ = try server.prepare(prefix: prefix)
    let documents = try store(in: server)
    for panel in try DashboardFile().panels() {
      let answer = try server.search("\(prefix)*", PanelQuery(panel: panel).body)
      #expect(answer["error"] == nil, "\(panel.id): \(answer["error"]?.text ?? "")")
      let figures = PanelFigures(panel: panel)
      let expected = try figures.expected(of: documents)
      let found = figures.answered(answer)
      #expect(Set(found.keys) == Set(expected.keys), "\(panel.id)")
      for (place, range) in expected {
        let value = found[place] ?? .nan
        #expect(range.contains(value), "\(panel.id), \(place): \(value), not in \(range)")
      }
      #expect(found.values.contains { $0 > 0 }, "\(panel.id) shows nothing: the events lack it")
      if let cases = panel.aggs.first(where: { $0.kind == "filters" })?.cases {
        for (label, _) in cases {
          #expect((found["\(label)/count"] ?? 0) > 0, "no event for: \(label)")
        }
      }
    }
    try server.removeIndices(prefix: prefix)
  }

  /// Worked out by hand, not by the evaluator: two models, three calls.
  @Test(arguments: SearchServer.all)
  func `the cost of a team is the sum of its calls`(server: SearchServer) throws {
    _ = try server.prepare(prefix: prefix)
    // gpt-4.1 at the relay: 2.50 and 8.00 a million tokens; claude-sonnet-4.5: 3.00 and 15.00.
    let lines = [
      ("gpt-4.1", 1_000_000, 500_000), ("gpt-4.1", 200_000, 0),
      ("claude-sonnet-4.5", 100_000, 100_000),
    ]
    .enumerated().map { at, call in
      #"{"timestamp":"2026-11-20T10:00:0\#(at)Z","metadata":{"model":"\#(call.0)","team":"finance"},"usage":{"prompt_tokens":\#(call.1),"completion_tokens":\#(call.2)},"timing":{"total_ms":5},"request_type":"chat_completion","status_code":200}"#
    }
    _ = try store(lines.joined(separator: "\n") + "\n", in: server)
    let panel = try #require(
      try DashboardFile().panels().first { $0.id == "sheepshipper-cost-team-and-model" })
    let answer = try server.search("\(prefix)*", PanelQuery(panel: panel).body)
    let found = PanelFigures(panel: panel).answered(answer)
    #expect(abs((found["finance/gpt-4.1/1"] ?? 0) - 7.0) < 1e-9, "\(found)")
    #expect(abs((found["finance/claude-sonnet-4.5/1"] ?? 0) - 1.8) < 1e-9, "\(found)")
    #expect(found["finance/gpt-4.1/count"] == 2)
    #expect(found["finance/gpt-4.1/3"] == 1_700_000)
    try server.removeIndices(prefix: prefix)
  }

  private func store(
    _ lines: String = DashboardEvents.lines, in server: SearchServer
  ) throws -> [EventBench.Event] {
    let bench = try EventBench { $0.eventBytesMax = 4 << 10 }
    let documents = try bench.process(lines)
    #expect(bench.refusals.isEmpty, "\(bench.refusals)")
    var body = ""
    for document in documents {
      let index = document.index.replacing("holysheep-logs-", with: prefix)
      body += #"{"create":{"_index":"\#(index)","_id":"\#(document.id)"}}"# + "\n"
      body += document.text + "\n"
    }
    let answer = try server.client.send(
      "POST", "/_bulk?refresh=true", headers: [("Content-Type", "application/x-ndjson")],
      body: Array(body.utf8)
    ).json()
    #expect(answer["errors"]?.bool == false, "\(answer.text.prefix(2000))")
    return documents
  }
}
