import LogPipeline
import TestSupport
import Testing

/// Goal: whatever a real server does to its indices, limits and itself, each event is stored once, or is a dead letter for
/// the right reason, and nobody has to help the agent. Method: a server of the test's own, broken on purpose.
@Suite(
  .serialized,
  .enabled(
    if: OwnSearchServer.program != nil, Comment(rawValue: OwnSearchServer.missing)))
struct ServerFaultsEndToEndTests {
  private static let prefix = "faults-"

  /// Small enough that a full body is over both: http.max_content_length answers 413, indexing pressure 429.
  private static let limits = [
    "http.max_content_length=1mb", "indexing_pressure.memory.limit=700kb",
  ]

  @Test(arguments: ["elasticsearch", "opensearch"])
  func `limits, closed doors, mappings, kills: everything arrives once or is buried rightly`(
    product: String
  ) throws {
    let folder = try TemporaryFolder()
    let server = try OwnSearchServer(product, in: folder.path, settings: Self.limits)
    defer { server.stop() }
    let agent = try AgentProcess(
      stateDirectory: "\(folder.path)/state",
      settings: [
        "elasticsearch.hosts=\(server.url)", "elasticsearch.index=\(Self.prefix)%Y.%m.%d",
        "elasticsearch.senders=2", "ring.size=64MiB", "elasticsearch.request_timeout=20s",
      ])
    var sent = FaultLoad(agent)
    try tooLargeBodies(&sent, server, agent)
    try closedDoors(&sent, server, agent)
    try badDocuments(&sent, server, agent)
    try killsAndRestarts(&sent, server, agent)

    #expect(try agent.wait(until: "delivered", isAtLeast: sent.count - 50, within: .seconds(120)))
    #expect(try agent.ledger("waiting") == 0)
    #expect(try agent.ledger("accepted") == sent.count)
    #expect(try agent.ledger("dead_lettered") == 50)
    #expect(agent.terminate() == .exited(0))
    #expect(try server.count("\(Self.prefix)*") == sent.count - 50)
    let letters = String(
      decoding: try FileSystem.read("\(folder.path)/state/dead-letters.ndjson"), as: UTF8.self)
    let lines = letters.split(separator: "\n")
    #expect(lines.count == 50)
    #expect(
      lines.allSatisfy { $0.contains("parsing_exception") || $0.contains("illegal_argument") })
  }

  /// 413 for a body over 1 MB, 429 for one over 700 kB: both are found out, and smaller ones pass.
  private func tooLargeBodies(
    _ sent: inout FaultLoad, _ server: OwnSearchServer, _ agent: AgentProcess
  ) throws {
    try sent.send(20_000, day: 1)
    #expect(try agent.wait(until: "delivered", isAtLeast: sent.count, within: .seconds(120)))
    #expect(try server.count("\(Self.prefix)*") == sent.count)
    let metrics = try agent.admin.get("/metrics").text
    #expect(metrics.contains(#"retried_items_total{cause="too_large"}"#), "413 was met")
  }

  /// Four days' indices that take nothing, each for a reason of its own, while a fifth goes on.
  private func closedDoors(
    _ sent: inout FaultLoad, _ server: OwnSearchServer, _ agent: AgentProcess
  ) throws {
    for day in 2...3 { try sent.send(10, day: day) }
    #expect(try agent.wait(until: "delivered", isAtLeast: sent.count))
    let (blocked, closed) = (index(2), index(3))
    try server.change("PUT", "/\(blocked)/_settings", #"{"index.blocks.write":true}"#)
    try server.change("POST", "/\(closed)/_close")
    // Day 4 may not be made; then no index at all may be made: the shard limit is reached.
    try cluster(server, "action.auto_create_index", #""-\#(index(4)),+*""#)
    let before = try agent.ledger("delivered")
    let flowing = sent.count
    for _ in 0..<20 {
      for day in 1...4 { try sent.send(50, day: day) }
    }
    #expect(try agent.wait(until: "delivered", isAtLeast: before + 1000, within: .seconds(60)))
    try cluster(server, "cluster.max_shards_per_node", "1")
    try sent.send(100, day: 5)
    try sent.send(100, day: 1)
    #expect(try agent.wait(until: "delivered", isAtLeast: before + 1100, within: .seconds(60)))
    #expect(try agent.ledger("delivered") == before + 1100, "nothing else got through")
    #expect(try agent.ledger("waiting") == sent.count - flowing - 1100)
    #expect(try agent.ledger("dead_lettered") == 0)
    // The answer about the fifth day may come after the one that stored the others.
    let deadline = SystemClock().now() + .seconds(60)
    var parked = ""
    while !parked.contains("delivery_parked_indices 4"), SystemClock().now() < deadline {
      parked = try agent.admin.get("/metrics").text
    }
    #expect(parked.contains("delivery_parked_indices 4"), "each of the four is told")
    for day in 2...5 { #expect(agent.log.contains("Index \(index(day)) does not take"), "\(day)") }

    try cluster(server, "cluster.max_shards_per_node", "null")
    try cluster(server, "action.auto_create_index", "null")
    try server.change("PUT", "/\(blocked)/_settings", #"{"index.blocks.write":null}"#)
    try server.change("POST", "/\(closed)/_open")
    #expect(try agent.wait(until: "delivered", isAtLeast: sent.count, within: .seconds(90)))
    #expect(try agent.ledger("dead_lettered") == 0)
  }

  /// An index with a mapping of its own refuses each document; 600 unknown fields in one are no trouble.
  private func badDocuments(
    _ sent: inout FaultLoad, _ server: OwnSearchServer, _ agent: AgentProcess
  ) throws {
    try server.change(
      "PUT", "/\(index(6))",
      #"{"mappings":{"properties":{"latency_ms":{"type":"ip"}}}}"#)
    let before = try agent.ledger("delivered")
    try sent.send(50, day: 6)
    try sent.send(100, day: 7, fields: 600)
    #expect(try agent.wait(until: "dead_lettered", isAtLeast: 50, within: .seconds(60)))
    #expect(try agent.wait(until: "delivered", isAtLeast: before + 100, within: .seconds(60)))
  }

  /// The server is stopped and started, and killed and started, while events flow.
  private func killsAndRestarts(
    _ sent: inout FaultLoad, _ server: OwnSearchServer, _ agent: AgentProcess
  ) throws {
    for isKill in [false, true] {
      for _ in 0..<10 { try sent.send(200, day: 8) }
      if isKill { try server.kill() } else { server.stop() }
      for _ in 0..<10 { try sent.send(200, day: 8) }
      try server.start()
      for _ in 0..<10 { try sent.send(200, day: 8) }
      #expect(try agent.wait(until: "delivered", isAtLeast: sent.count - 50, within: .seconds(120)))
    }
  }

  private func index(_ day: Int) -> String { "\(Self.prefix)2026.11.0\(day)" }

  private func cluster(_ server: OwnSearchServer, _ setting: String, _ value: String) throws {
    try server.change("PUT", "/_cluster/settings", #"{"persistent":{"\#(setting)":\#(value)}}"#)
  }
}
