import LogPipeline
import TestSupport
import Testing

/// Goal: `tap` and `top` show a running agent as it is, from another process, and cost its events nothing.
/// Method: the built program twice: as the agent, and as who watches.
@Suite struct WatchEndToEndTests {
  private func watch(_ agent: AgentProcess, _ arguments: [String]) throws -> ChildProcess {
    try ChildProcess(
      ProgramUnderTest.path,
      arguments + CommandSupport.arguments(["agent.state_dir=\(agent.stateDirectory)"]))
  }

  private func line(_ number: Int, team: String, status: Int = 200) -> String {
    """
    {"timestamp":"2026-11-21T15:00:00Z","request_id":"r\(number)","team_id":"\(team)","model":"gpt-4.1",\
    "prompt_tokens":1000,"completion_tokens":100,"total_tokens":1100,"latency_ms":50,\
    "status_code":\(status),"prompt":"the quick brown fox"}

    """
  }

  @Test func `tap shows what passes, filtered, without content, until it has its count`() throws {
    let folder = try TemporaryFolder()
    let agent = try AgentProcess(stateDirectory: folder.path)
    let tap = try watch(
      agent, ["tap", "--format", "ndjson", "--count", "3", "--filter", "team_id=search"])
    let eye = try watch(agent, ["tap", "--count", "1", "--filter", "status_code=500"])
    let connection = try TcpClient(port: agent.tcpPort)
    var number = 0
    // Until both have come and seen enough.
    let isSeen = try CommandSupport.wait {
      for team in ["search", "other"] {
        try connection.send(line(number, team: team, status: team == "search" ? 200 : 500))
        number += 1
      }
      return tap.wait(until: SystemClock().now()) != nil
        && eye.wait(until: SystemClock().now()) != nil
    }
    #expect(isSeen)
    #expect(tap.wait(until: SystemClock().now() + .seconds(10)) == .exited(0), "\(tap.errorText)")
    let shown = tap.outputText.split(separator: "\n")
    #expect(shown.count == 3)
    for text in shown {
      let document = try JsonValue.parse(String(text))
      #expect(document["team_id"]?.string == "search")
      #expect(document["_id"]?.string?.count == 26)
      #expect(document["cost_usd"]?.double == 0.0033)
      #expect(!text.contains("brown fox"))
    }
    #expect(eye.outputText.split(separator: "\n").count == 2)
    #expect(eye.outputText.contains(" 500 ") && !eye.outputText.contains("\u{1B}"))
    // Nobody watches any more; all of it arrives.
    #expect(try agent.wait(until: "delivered", isAtLeast: number))
    #expect(agent.terminate() == .exited(0))
  }

  @Test func `top prints once into a pipe, in 80 columns, and as JSON`() throws {
    let folder = try TemporaryFolder()
    let agent = try AgentProcess(stateDirectory: folder.path)
    let connection = try TcpClient(port: agent.tcpPort)
    let top = try watch(agent, ["top"])
    let json = try watch(agent, ["top", "--once", "--format", "json"])
    // Calls are summed up while somebody watches.
    var number = 0
    let areDone = try CommandSupport.wait {
      try connection.send(line(number, team: "search"))
      number += 1
      return top.wait(until: SystemClock().now()) != nil
        && json.wait(until: SystemClock().now()) != nil
    }
    #expect(areDone)
    #expect(top.wait(until: SystemClock().now()) == .exited(0), "\(top.errorText)")
    #expect(top.outputText.contains("Lost: nothing. Accepted "))
    #expect(top.outputText.contains("search") && top.outputText.contains("gpt-4.1"))
    for line in top.outputText.split(separator: "\n") {
      #expect(line.count <= 80 && !line.contains("\u{1B}"), "\(line)")
    }
    #expect(json.wait(until: SystemClock().now()) == .exited(0))
    let row = try JsonValue.parse(json.outputText)["usage"]?["by_team_and_model"]?[0]
    #expect(row?["team"]?.string == "search" && row?["model"]?.string == "gpt-4.1")
    #expect(agent.terminate() == .exited(0))
  }

  @Test func `top says that delivery stands still for dead letters that can not be written`() throws
  {
    let folder = try TemporaryFolder()
    let server = try BulkServer(.refusesDocuments(holding: "\"r7\""))
    defer { server.stop() }
    // Nothing can be written there.
    try FileSystem.makeDirectories("\(folder.path)/dead-letters.ndjson")
    let agent = try AgentProcess(
      stateDirectory: folder.path,
      settings: ["elasticsearch.hosts=\(server.url)", "elasticsearch.flush=100ms"])
    let connection = try TcpClient(port: agent.tcpPort)
    for number in 0..<100 { try connection.send(line(number, team: "search")) }
    #expect(try agent.wait(until: "delivered", isAtLeast: 99))
    let isTold = try CommandSupport.wait {
      try agent.status()["delivery"]?["state"]?.string?.hasPrefix("stands still for dead") == true
    }
    #expect(isTold, "\(agent.log)")
    let top = try watch(agent, ["top", "--once"])
    #expect(top.wait(until: SystemClock().now() + .seconds(60)) == .exited(0))
    #expect(
      top.outputText.contains("To delivery: stands still for dead letters, which can not be"),
      "\(top.outputText)")
    #expect(agent.terminate() == .exited(0))
  }

  @Test func `a watcher that never reads ends with the agent and delays nothing`() throws {
    let folder = try TemporaryFolder()
    let agent = try AgentProcess(stateDirectory: folder.path)
    let silent = try UnixConnection(connectingTo: "\(folder.path)/control.sock")
    try silent.send(Array("{\"command\":\"tap\"}\n".utf8), until: SystemClock().now() + .seconds(5))
    let connection = try TcpClient(port: agent.tcpPort)
    for number in 0..<3_000 { try connection.send(line(number, team: "search")) }
    #expect(try agent.wait(until: "delivered", isAtLeast: 3_000))
    #expect(agent.terminate() == .exited(0))
  }

  @Test func `without an agent both say so and exit with 69`() throws {
    let folder = try TemporaryFolder()
    for command in ["top", "tap"] {
      let result = try ProgramUnderTest.run(
        [command], settings: ["agent.state_dir=\(folder.path)"])
      #expect(result.ending == .exited(69))
      #expect(result.error.contains("No agent answers at \(folder.path)/control.sock"))
      #expect(result.output.isEmpty, "no heading of nothing: \(result.output)")
    }
  }
}
