import LogPipeline
import TestSupport
import Testing

/// Goal: 100,000 events over four TCP connections come out of a real server, each once, in its day's index, and their
/// costs add up to the exact sum that the test itself worked out.
@Suite(
  .serialized, .enabled(if: !SearchServer.all.isEmpty, Comment(rawValue: SearchServer.missing)))
struct SearchServerEndToEndTests {
  @Test(arguments: SearchServer.all)
  func `a hundred thousand events arrive once each, in the right index, at the exact cost`(
    server: SearchServer
  ) throws {
    let prefix = "e2e-bulk-"
    try server.clear(prefix: prefix)
    let folder = try TemporaryFolder()
    let proxy = try RecordingProxy(to: server.port)
    defer { proxy.stop() }
    let agent = try AgentProcess(
      stateDirectory: folder.path,
      settings: [
        "elasticsearch.hosts=http://127.0.0.1:\(proxy.port)",
        "elasticsearch.index=\(prefix)%Y.%m.%d", "ring.size=64MiB",
      ])
    let total = 100_000
    let port = agent.tcpPort
    let senders = try (0..<4).map { part in
      try PosixThread("e2e sender") { Self.send(part, of: 4, total: total, to: port) }
    }
    for sender in senders { sender.join() }
    #expect(try agent.wait(until: "delivered", isAtLeast: total, within: .seconds(180)))
    #expect(try agent.ledger("accepted") == total)
    #expect(try agent.ledger("waiting") == 0)
    #expect(agent.terminate() == .exited(0))

    #expect(try server.count("\(prefix)*") == total)
    var exactPicoUsd = 0
    var days: [String: Int] = [:]
    for index in 0..<total {
      let event = RelayEvents.event(index)
      exactPicoUsd += event.picoUsd ?? 0
      days[event.day, default: 0] += 1
    }
    for (day, count) in days {
      #expect(try server.count(prefix + day) == count, "documents of \(day)")
    }
    let answer = try server.search(
      "\(prefix)*",
      #"{"size": 0, "aggs": {"cost": {"sum": {"field": "cost_usd"}}, "ids": {"cardinality": {"field": "request_id", "precision_threshold": 40000}}, "tokens": {"sum": {"field": "token_count"}}}}"#
    )
    let sum = try #require(answer["aggregations"]?["cost"]?["value"]?.double)
    let exact = Double(exactPicoUsd) / 1e12
    #expect(abs(sum - exact) < 1e-8 * exact, "sum \(sum), exact \(exact)")
    let heads = proxy.requestHeads.filter { $0.contains("_bulk") }
    #expect(!heads.isEmpty)
    #expect(heads.allSatisfy { $0.lowercased().contains("content-encoding: gzip") })
  }

  @Test(arguments: SearchServer.all)
  func `the same file replayed after it was sent live stores nothing twice`(server: SearchServer)
    throws
  {
    let prefix = "e2e-again-"
    try server.clear(prefix: prefix)
    let folder = try TemporaryFolder()
    let settings = [
      "elasticsearch.hosts=\(server.url)", "elasticsearch.index=\(prefix)%Y.%m.%d",
    ]
    let lines = (0..<500).map { RelayEvents.event($0, run: "again").line + "\n" }
    let agent = try AgentProcess(stateDirectory: folder.path, settings: settings)
    let connection = try TcpClient(port: agent.tcpPort)
    try connection.send(lines.joined())
    connection.finishSending()
    #expect(try agent.wait(until: "delivered", isAtLeast: 500))
    #expect(agent.terminate() == .exited(0))
    let file = "\(folder.path)/backlog.ndjson"
    try FileSystem.replace(file, with: Array(lines.joined().utf8))
    for round in 1...2 {
      let replay = try ProgramUnderTest.run(
        ["replay", file], settings: settings + ["agent.state_dir=\(folder.path)/replay\(round)"])
      #expect(replay.ending == .exited(0), "\(replay.error)")
    }
    #expect(try server.count("\(prefix)*") == 500)
  }

  private static func send(_ part: Int, of parts: Int, total: Int, to port: UInt16) {
    guard let connection = try? TcpClient(port: port, timeoutSeconds: 120) else { return }
    var text = ""
    for index in stride(from: part, to: total, by: parts) {
      text += RelayEvents.event(index).line + "\n"
      if text.utf8.count > 100_000 {
        guard (try? connection.send(text)) != nil else { return }
        text = ""
      }
    }
    _ = try? connection.send(text)
    connection.finishSending()
    // The peer's end of stream says that all of it was read.
    _ = try? connection.receiveAll()
  }
}
