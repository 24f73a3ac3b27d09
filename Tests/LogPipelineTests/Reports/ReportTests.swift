import LogPipeline
import Testing

/// Goal: a report says what the index answered, to the figure, and nothing where it answered only in part.
/// Method: scripted answers in the form of Elasticsearch's; whole pictures of what is printed.
@Suite struct ReportTests {
  private static func bucket(
    _ name: String, _ calls: Int, errors: Int, tokens: Int, cost: Double, unpriced: Int = 0,
    p50: String = "812.5", p95: String = "2345.6"
  ) -> String {
    """
    {\(name)"doc_count":\(calls),"cost":{"value":\(cost)},"tokens":{"value":\(tokens).0},
     "errors":{"doc_count":\(errors)},"unpriced":{"doc_count":\(unpriced)},
     "latency":{"values":[{"key":50.0,"value":\(p50)},{"key":95.0,"value":\(p95)}]}}
    """
  }

  private static func row(
    _ key: String, _ calls: Int, _ errors: Int, _ tokens: Int, _ cost: Double, unpriced: Int = 0,
    p95: String = "2345.6"
  ) -> String {
    bucket(
      "\"key\":\"\(key)\",", calls, errors: errors, tokens: tokens, cost: cost, unpriced: unpriced,
      p95: p95)
  }

  private static func answer(_ groups: [(String, [String], Int)], total: Int = 12_345) -> String {
    let tables = groups.map {
      "\"\($0.0)\":{\"sum_other_doc_count\":\($0.2),\"buckets\":[\($0.1.joined(separator: ","))]}"
    }.joined(separator: ",")
    return """
      {"took":3,"timed_out":false,"_shards":{"total":1,"failed":0},
       "hits":{"total":{"value":\(total),"relation":"eq"},"hits":[]},
       "aggregations":{\(tables),"cost":{"value":123.4567891},"tokens":{"value":45600000},
         "errors":{"doc_count":12},"unpriced":{"doc_count":7},
         "latency":{"values":[{"key":50.0,"value":812.5},{"key":95.0,"value":2345.6}]}}}
      """
  }

  private static let teams = [
    row("engineering", 8_000, 3, 30_000_000, 100.5),
    row("a-team-with-a-name-of-forty-letters-in-it", 4_000, 9, 15_000_000, 22.9567891),
    row("-", 345, 0, 600_000, 0.0, unpriced: 345, p95: "null"),
  ]

  private static func report(_ kind: ReportKind, _ answer: String, status: Int = 200) throws -> (
    Report, String
  ) {
    var asked = ""
    let reader = ReportReader(indexPattern: "holysheep-logs-*") { request in
      asked = "\(request.path)\n" + String(decoding: request.body, as: UTF8.self)
      return .success(HttpAnswer(status: status, headers: [:], body: Array(answer.utf8)))
    }
    return (try reader.read(kind), asked)
  }

  private static func kind(_ name: String) throws -> (ReportKind, String) {
    let day = try #require(DayCheck.day("2026-11-21"))
    switch name {
    case "today": return (.day(day), answer([("team", teams, 17), ("model", teams.reversed(), 0)]))
    case "month":
      let days = ["2026-11-20", "2026-11-21"].map {
        bucket(
          "\"key_as_string\":\"\($0)\",\"key\":1,", 6_000, errors: 6, tokens: 22_800_000,
          cost: 61.728)
      }
      return (.month(day, byArm: false), answer([("day", days, 0), ("team", teams, 0)]))
    default:
      let arms = [
        row("holysheep", 6_000, 6, 22_800_000, 61.728),
        row("legacy", 6_000, 60, 22_800_000, 250.25),
      ]
      return (.month(day, byArm: true), answer([("arm", arms, 0), ("cohort", [teams[2]], 0)]))
    }
  }

  @Test(arguments: ["today", "month", "ab"])
  func `the whole picture, in text and CSV`(name: String) throws {
    let (kind, answer) = try Self.kind(name)
    let (report, _) = try Self.report(kind, answer)
    try ViewFixture.expect(
      report.text().split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(
        String.init),
      named: "report-\(name)")
    try ViewFixture.expect(
      report.csv.split(separator: "\n").map(String.init), named: "report-\(name)-csv")
    for line in report.text().split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
    #expect(report.text(TextStyle(usesColor: true)).contains("\u{1B}[1m"))
  }

  @Test func `JSON has the figures as they came`() throws {
    let (kind, answer) = try Self.kind("today")
    let json = try Self.report(kind, answer).0.json
    #expect(json["of"]?.string == "2026-11-21" && json["report"]?.string == "day")
    #expect(json["total"]?["cost_usd"]?.double == 123.4567891)
    #expect(json["by_team"]?["rows"]?[1]?["cost_usd"]?.double == 22.9567891)
    #expect(json["by_team"]?["rows"]?[2]?["p95_ms"] == .null)
    #expect(json["by_team"]?["calls_of_others"]?.integer == 17)
  }

  @Test func `one day and one month are asked for, in UTC, to the millisecond`() throws {
    let (kind, answer) = try Self.kind("today")
    let (_, asked) = try Self.report(kind, answer)
    #expect(asked.hasPrefix("/holysheep-logs-*/_search"))
    #expect(asked.contains("\"gte\":1795219200000,\"lt\":1795305600000"))
    #expect(kind.title == "2026-11-21")
    let december = ReportKind.month(try #require(DayCheck.day("2026-12-31")), byArm: false)
    #expect(december.days.count == 31 && december.title == "2026-12")
    let leap = ReportKind.month(try #require(DayCheck.day("2028-02-10")), byArm: true)
    #expect(leap.days.count == 29)
  }

  @Test func `no calls are said as that`() throws {
    let empty =
      "{\"timed_out\":false,\"_shards\":{\"failed\":0},\"hits\":{\"total\":{\"value\":0}}}"
    let (report, _) = try Self.report(try Self.kind("today").0, empty)
    #expect(report.text().contains("No calls."))
    #expect(report.csv.split(separator: "\n").count == 2)
  }

  static let partial: [(Int, String, String)] = [
    (
      200, "{\"timed_out\":true,\"_shards\":{\"failed\":0},\"hits\":{\"total\":{\"value\":1}}}",
      "shards"
    ),
    (
      200, "{\"timed_out\":false,\"_shards\":{\"failed\":1},\"hits\":{\"total\":{\"value\":1}}}",
      "shards"
    ),
    (200, "<html>", "HTTP 200"),
    (
      403, "{\"error\":{\"type\":\"security_exception\",\"reason\":\"no\"},\"status\":403}",
      "security_exception"
    ),
  ]

  @Test(arguments: partial)
  func `an answer in part is no report`(status: Int, body: String, says: String) throws {
    let kind = try Self.kind("today").0
    #expect {
      try Self.report(kind, body, status: status)
    } throws: {
      "\($0)".contains(says) && "\($0)".contains("Nothing was found out")
    }
  }
}
