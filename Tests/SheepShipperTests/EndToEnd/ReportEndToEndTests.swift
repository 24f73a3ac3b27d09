import LogPipeline
import TestSupport
import Testing

/// Goal: what `report` says a day cost is what its events cost, and it says so where it can not know.
/// Method: the built program against each real server the environment names; without one, what can go wrong.
@Suite struct ReportEndToEndTests {
  @Test(
    .enabled(if: !SearchServer.all.isEmpty, Comment(rawValue: SearchServer.missing)),
    arguments: SearchServer.all)
  func `a day's sums are those of its events`(server: SearchServer) throws {
    let folder = try TemporaryFolder()
    let prefix = "holysheep-logs-report-\(UInt32.random(in: 0 ... .max))-"
    let settings = try server.prepare(prefix: prefix)
    defer { try? server.removeIndices(prefix: prefix) }
    let agent = try AgentProcess(stateDirectory: folder.path, settings: settings)
    let connection = try TcpClient(port: agent.tcpPort)
    let events = (0..<3_000).map { RelayEvents.event($0, run: "report") }
    try connection.send(events.map { $0.line + "\n" }.joined())
    #expect(try agent.wait(until: "delivered", isAtLeast: events.count))
    #expect(agent.terminate() == .exited(0))
    _ = try server.client.send("POST", "/\(prefix)*/_refresh")
    let day = events.filter { $0.day == "2026.11.19" }
    let result = try ProgramUnderTest.run(
      ["report", "today", "--day", "2026-11-19", "--format", "json"], settings: settings)
    #expect(result.ending == .exited(0), "\(result.error)")
    let total = try JsonValue.parse(result.output)["total"]
    #expect(total?["calls"]?.integer == Int64(day.count))
    #expect(total?["unpriced"]?.integer == Int64(day.count { $0.picoUsd == nil }))
    let cost = Double(day.reduce(0) { $0 + ($1.picoUsd ?? 0) }) / 1e12
    #expect(abs((total?["cost_usd"]?.double ?? 0) - cost) < 1e-9)
    let month = try ProgramUnderTest.run(
      ["report", "month", "--month", "2026-11"], settings: settings)
    for line in month.output.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
    for name in ["2026-11-18 ", "2026-11-19 ", "2026-11-20 "] {
      #expect(month.output.contains("\n\(name)"), "\(month.output)")
    }
    let csv = try ProgramUnderTest.run(
      ["report", "ab", "--month", "2026-11", "--format", "csv"], settings: settings)
    #expect(csv.output.hasPrefix("of,name,calls,"))
  }

  @Test func `without a server it says which setting, and without an answer that nothing is known`()
    throws
  {
    let none = try ProgramUnderTest.run(["report", "today"])
    #expect(none.ending == .exited(78))
    #expect(none.error.contains("elasticsearch.hosts"))
    let silent = try ProgramUnderTest.run(
      ["report", "today", "--server", CommandSupport.unreachable])
    #expect(silent.ending == .exited(69))
    #expect(silent.error.contains("Nothing was found out"), "\(silent.error)")
  }
}
