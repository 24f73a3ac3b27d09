import LogPipeline
import TestSupport
import Testing

/// Goal: whenever and however the agent ends, it ends in time, and after the next start nothing is missing or doubled.
/// Method: the built program under load, before servers that take, refuse, hang, and come back.
@Suite struct RunStopEndToEndTests {
  enum Server: String, CaseIterable { case takes, isAway, hangs, isUnavailable, refusesCredentials }

  @Test(arguments: Server.allCases)
  func `SIGTERM ends it within the grace, and after a restart each event is stored once`(
    kind: Server
  ) throws {
    let folder = try TemporaryFolder()
    let server = try BulkServer(mode(kind))
    defer { server.stop() }
    let settings = { (url: String) in
      ["agent.grace=5s", "elasticsearch.hosts=\(url)", "elasticsearch.flush=100ms"]
    }
    let agent = try AgentProcess(
      stateDirectory: folder.path,
      settings: settings(kind == .isAway ? CommandSupport.unreachable : server.url))
    try send(0..<400, agent)
    #expect(try agent.wait(until: "accepted", isAtLeast: 400))
    try CommandSupport.expectBalanced(agent)
    // Another connection that is still open, and whose lines nobody has looked at yet.
    let late = try TcpClient(port: agent.tcpPort)
    try late.send(CommandSupport.lines(400..<500, run: "stop"))
    let asked = SystemClock().now()
    #expect(agent.terminate(within: .seconds(20)) == .exited(0), "\(agent.log)")
    #expect(SystemClock().now().since(asked) < .milliseconds(5500))
    let stopped = agent.log.split(separator: "\n").last ?? ""
    #expect(stopped.contains("accepted=500"), "\(stopped)")
    _ = consume late

    server.set(.takes)
    let next = try AgentProcess(stateDirectory: folder.path, settings: settings(server.url))
    #expect(try next.ledger("accepted") == 500)
    #expect(try CommandSupport.wait { try next.ledger("waiting") == 0 }, "\(next.log)")
    try CommandSupport.expectBalanced(next)
    #expect(next.terminate() == .exited(0))
    #expect(try server.requestIds.sorted() == CommandSupport.ids(0..<500, run: "stop"))
  }

  @Test func `kill -9 while Elasticsearch hangs, and a restart, loses and doubles nothing`() throws
  {
    let folder = try TemporaryFolder()
    let server = try BulkServer(.hangs)
    defer { server.stop() }
    let settings = ["elasticsearch.hosts=\(server.url)", "elasticsearch.flush=100ms"]
    for round in 0..<3 {
      let agent = try AgentProcess(stateDirectory: folder.path, settings: settings)
      try CommandSupport.expectBalanced(agent)
      #expect(try agent.ledger("accepted") == round * 100)
      try post(round * 100..<round * 100 + 100, agent)
      agent.kill()
    }
    server.set(.takes)
    let agent = try AgentProcess(stateDirectory: folder.path, settings: settings)
    #expect(try CommandSupport.wait { try agent.ledger("waiting") == 0 }, "\(agent.log)")
    try CommandSupport.expectBalanced(agent)
    #expect(try agent.ledger("delivered") + agent.ledger("duplicate") == 300)
    #expect(agent.terminate() == .exited(0))
    #expect(try server.requestIds.sorted() == CommandSupport.ids(0..<300, run: "stop"))
  }

  @Test func `readyz says that it stops, while what was read is still delivered`() throws {
    let folder = try TemporaryFolder()
    let server = try BulkServer(.hangs)
    defer { server.stop() }
    let agent = try AgentProcess(
      stateDirectory: folder.path,
      settings: ["agent.grace=5s", "elasticsearch.hosts=\(server.url)"])
    #expect(try agent.admin.get("/readyz").status == 200)
    try post(0..<100, agent)
    agent.child.signal(.terminate)
    let isTold = CommandSupport.wait(within: .seconds(4)) {
      let answer = try? agent.admin.get("/readyz")
      return answer?.status == 503 && answer?.text.contains("shutting down") == true
    }
    #expect(isTold)
    #expect((try? agent.admin.get("/healthz"))?.status == 200)
    #expect(agent.terminate(within: .seconds(20)) == .exited(0))
  }

  private func mode(_ kind: Server) -> BulkServer.Mode {
    switch kind {
    case .takes, .isAway: .takes
    case .hangs: .hangs
    case .isUnavailable: .isUnavailable
    case .refusesCredentials: .refusesCredentials
    }
  }

  /// Half of them over TCP, half to the webhook.
  private func send(_ range: Range<Int>, _ agent: AgentProcess) throws {
    let middle = (range.lowerBound + range.upperBound) / 2
    let connection = try TcpClient(port: agent.tcpPort)
    try connection.send(CommandSupport.lines(range.lowerBound..<middle, run: "stop"))
    connection.finishSending()
    try post(middle..<range.upperBound, agent)
  }

  private func post(_ range: Range<Int>, _ agent: AgentProcess) throws {
    let answer = try agent.webhook.send(
      "POST", "/v1/events", headers: [("Content-Type", "application/x-ndjson")],
      body: CommandSupport.lines(range, run: "stop"))
    #expect(answer.status == 200, "\(answer.text)")
  }
}
