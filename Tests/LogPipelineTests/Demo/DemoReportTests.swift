import LogPipeline
import Testing

@Suite struct DemoReportTests {
  private static let documents = [
    #"{"_id":"a","team_id":"finance","model":"gpt-4.1","outcome":"success","latency_ms":100,"cost_usd":0.010872,"content_hmac":"x","cost":{"status":"priced"}}"#,
    #"{"_id":"b","team_id":"finance","model":"gpt-4.1","outcome":"failure","latency_ms":300.5,"cost_usd":1.2e-06,"cost":{"status":"priced"},"error":{"message":"[REDACTED:email] sent [REDACTED:card]"}}"#,
    #"{"_id":"c","team_id_claimed":"support","model":"house","outcome":"success","cost_usd":null,"cost.status":"unpriced","content_hmac":"y"}"#,
    #"{"_id":"d","team_id_claimed":"support","model":"house","outcome":"truncated","latency_ms":7,"cost":{"status":"unpriced"}}"#,
    #"{"_id":"e","model":"other","outcome":"success","latency_ms":1,"cost_usd":1e-12,"cost":{"status":"unpriced"}}"#,
  ].map { Array($0.utf8) }

  @Test func `teams are summed up exactly, costliest first`() throws {
    let report = try DemoReport(documents: Self.documents)
    #expect(report.teams.map(\.name) == ["finance", "(none)", "support"])
    #expect(report.teams.map(\.requests) == [2, 1, 2])
    #expect(report.teams.map(\.errors) == [1, 0, 1])
    #expect(report.teams.map(\.latencyP95Milliseconds) == [300.5, 1, 7])
    #expect(report.teams.map(\.costPicoUsd) == [10_873_200_000, 1, 0])
    #expect(report.documents == 5)
  }

  @Test func `what has no price and what was taken out is counted`() throws {
    let report = try DemoReport(documents: Self.documents)
    #expect(report.unpriced.map(\.model) == ["house", "other"])
    #expect(report.unpriced.map(\.requests) == [2, 1])
    #expect(report.contentsReplaced == 2)
    #expect(report.valuesRedacted == 2)
  }

  @Test func `many small costs add up without a rounding error`() throws {
    let line = Array(#"{"team_id":"t","outcome":"success","cost_usd":0.000000000007}"#.utf8)
    let report = try DemoReport(documents: Array(repeating: line, count: 1_001))
    #expect(report.costPicoUsd == 7_007)
    let large = Array(#"{"team_id":"t","outcome":"success","cost_usd":3999.123456789012}"#.utf8)
    #expect(try DemoReport(documents: [large]).costPicoUsd == 3_999_123_456_789_012)
  }

  @Test func `p95 is the smallest value that 95 of 100 do not pass`() throws {
    let hundred = (1...100).map { Array(#"{"team_id":"t","latency_ms":\#($0)}"#.utf8) }
    #expect(try DemoReport(documents: hundred).teams.first?.latencyP95Milliseconds == 95)
    #expect(try DemoReport(documents: hundred.prefix(1)).teams.first?.latencyP95Milliseconds == 1)
    #expect(try DemoReport(documents: hundred.prefix(20)).teams.first?.latencyP95Milliseconds == 19)
  }

  @Test func `the text is a table of at most 80 columns`() throws {
    let long = #"{"team_id":"\#(String(repeating: "t", count: 60))","latency_ms":5,"cost_usd":9.5}"#
    let text = try DemoReport(documents: Self.documents + [Array(long.utf8)]).text
    let lines = text.split(separator: "\n")
    #expect(lines.allSatisfy { $0.count <= 80 })
    #expect(lines[1].hasPrefix("ttttttttttttttttttttt... "))
    #expect(lines[1].hasSuffix(" 5 ms          9.5000"))
    #expect(lines[2].hasPrefix("finance "))
    #expect(lines[2].hasSuffix("0.0109"))
    #expect(text.contains("house (2), other (1)"))
    #expect(text.contains("prompts and answers of 2 events"))
  }

  @Test func `the JSON form has exact amounts as text`() throws {
    let json = try DemoReport(documents: Self.documents).json
    #expect(json["cost_usd"] == .string("0.010873200001"))
    #expect(json["teams"]?[0]?["cost_usd"] == .string("0.010873200000"))
    #expect(json["teams"]?[2]?["latency_p95_ms"]?.double == 7)
    #expect(json["unpriced"]?[0]?["model"] == .string("house"))
  }

  @Test func `no documents make an empty report`() throws {
    let report = try DemoReport(documents: [])
    #expect(report.teams.isEmpty)
    #expect(report.text.contains("Unpriced: nothing"))
  }

  @Test func `a line that is no JSON is an error`() {
    #expect(throws: JsonError.self) { try DemoReport(documents: [Array("{".utf8)]) }
  }
}
