import LogPipeline
import TestSupport
import Testing

/// Goal: who watches the agent sees the truth, and nobody else does.
/// Method: the built program; its pages are asked in every way, before and after events of each kind of end.
@Suite struct AdminEndToEndTests {
  @Test func `the pages answer, HEAD without a body, and what is not there is named`() throws {
    let folder = try TemporaryFolder()
    let agent = try AgentProcess(stateDirectory: folder.path)
    for path in ["/healthz", "/readyz", "/metrics", "/v1/status", "/"] {
      let found = try agent.admin.get(path)
      #expect(found.status == 200, "\(path)")
      #expect(!found.body.isEmpty)
      let head = try agent.admin.send("HEAD", path)
      #expect(head.status == 200 && head.body.isEmpty, "\(path)")
      #expect(head.header("Content-Length") != nil)
    }
    #expect(try agent.admin.get("/nowhere").text.contains("/v1/status"))
    #expect(try agent.admin.get("/nowhere").status == 404)
    let posted = try agent.admin.send("POST", "/v1/status", json: "{}")
    #expect(posted.status == 405)
    #expect(posted.header("Allow") == "GET, HEAD")
    #expect(agent.terminate() == .exited(0))
  }

  @Test func `a name that is not the agent's is refused`() throws {
    let folder = try TemporaryFolder()
    let agent = try AgentProcess(stateDirectory: folder.path)
    #expect(try status(agent, host: "localhost:\(agent.admin.port)") == 200)
    #expect(try status(agent, host: "127.0.0.1:\(agent.admin.port)") == 200)
    #expect(try status(agent, host: "evil.example") == 403)
    #expect(try status(agent, host: "evil.example:\(agent.admin.port)") == 403)
    #expect(try status(agent, host: "127.0.0.1.evil.example") == 403)
    #expect(agent.terminate() == .exited(0))
  }

  @Test func `both sums hold to the event, in the status and in the metrics, across a restart`()
    throws
  {
    let folder = try TemporaryFolder()
    let server = try BulkServer(.refusesDocuments(holding: "\"sum-5\""))
    defer { server.stop() }
    let settings = ["elasticsearch.hosts=\(server.url)", "elasticsearch.flush=100ms"]
    var agent = try AgentProcess(stateDirectory: folder.path, settings: settings)
    func send(_ range: Range<Int>, _ bad: Int) throws {
      let connection = try TcpClient(port: agent.tcpPort)
      try connection.send(CommandSupport.lines(range, run: "sum"))
      try connection.send(String(repeating: "bad\n", count: bad))
      connection.finishSending()
    }
    func counts() throws -> [String: Int] {
      var found: [String: Int] = [:]
      for name in [
        "offered", "accepted", "refused", "delivered", "duplicate", "dead_lettered", "waiting",
      ] { found[name] = try agent.ledger(name) }
      return found
    }
    try send(0..<300, 7)
    #expect(try agent.wait(until: "dead_lettered", isAtLeast: 1))
    #expect(try agent.wait(until: "delivered", isAtLeast: 299))
    #expect(try CommandSupport.wait { try agent.ledger("refused") == 7 })
    // The same lines again are the same documents.
    server.set(.takes)
    try send(0..<100, 0)
    #expect(try CommandSupport.wait { try agent.ledger("duplicate") == 99 })
    let expected = [
      "offered": 407, "accepted": 400, "refused": 7, "delivered": 300, "duplicate": 99,
      "dead_lettered": 1, "waiting": 0,
    ]
    let isReached = try CommandSupport.wait { try counts() == expected }
    let reached = try counts()
    #expect(isReached, "\(reached)")
    try CommandSupport.expectBalanced(agent)
    let metrics = try agent.admin.get("/metrics").text
    for (name, count) in expected where name != "waiting" {
      let line = metrics.split(separator: "\n").first {
        $0.hasPrefix("sheepshipper_") && $0.contains(name) && $0.hasSuffix(" \(count)")
      }
      #expect(line != nil, "\(name) in the metrics")
    }
    agent.kill()
    agent = try AgentProcess(stateDirectory: folder.path, settings: settings)
    #expect(try CommandSupport.wait { try agent.ledger("waiting") == 0 })
    try CommandSupport.expectBalanced(agent)
    // What was sent again since the last superblock may be a duplicate now; none is gone.
    #expect(try agent.ledger("accepted") == 400)
    #expect(server.documents.count == 300)
    #expect(agent.terminate() == .exited(0))
  }

  private func status(_ agent: AgentProcess, host: String) throws -> Int {
    let connection = try TcpClient(port: agent.admin.port)
    try connection.send("GET /healthz HTTP/1.1\r\nHost: \(host)\r\nConnection: close\r\n\r\n")
    return try HttpClient.parse(try connection.receiveAll()).status
  }
}
