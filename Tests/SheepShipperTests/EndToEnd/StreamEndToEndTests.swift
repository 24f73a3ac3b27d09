import LogPipeline
import TestSupport
import Testing

/// Goal: what a stream's client was told is on disk is stored, once, whatever happens to the agent and however often it was sent.
/// Method: the built program, killed and stopped under a client that sends again what was not acknowledged, before a server that
/// keeps each id once.
@Suite(.serialized) struct StreamEndToEndTests {
  @Test func `after kill -9 in the middle a resuming client has each event stored once`() throws {
    let folder = try TemporaryFolder()
    let server = try BulkServer(.takes)
    defer { server.stop() }
    let settings = ["elasticsearch.hosts=\(server.url)", "elasticsearch.flush=100ms"]
    let count = 600
    var agent = try AgentProcess(stateDirectory: folder.path, settings: settings)
    let load = try StreamLoad(port: agent.webhook.port, messageCount: count)
    for round in 1...4 {
      #expect(load.wait(untilAcked: round * 100))
      // The last of them is asked to stop.
      if round < 4 { agent.kill() } else { #expect(agent.terminate() == .exited(0)) }
      agent = try AgentProcess(stateDirectory: folder.path, settings: settings)
      load.connect(to: agent.webhook.port)
    }
    #expect(load.wait(untilAcked: count))
    load.stop()
    #expect(load.failure == nil)
    #expect(try CommandSupport.wait { try agent.ledger("waiting") == 0 }, "\(agent.log)")
    try CommandSupport.expectBalanced(agent)
    let metrics = try agent.admin.get("/metrics").text
    #expect(metrics.contains("sheepshipper_input_stream_messages_total"))
    #expect(agent.terminate() == .exited(0))
    #expect(try server.requestIds.sorted() == (1...count).flatMap(StreamLoad.ids).sorted())
  }

  @Test func `SIGTERM acknowledges what was sent, says farewell, and loses nothing`() throws {
    let folder = try TemporaryFolder()
    let agent = try AgentProcess(stateDirectory: folder.path, settings: ["agent.grace=10s"])
    let idle = try WebSocketClient(port: agent.webhook.port)
    let busy = try WebSocketClient(port: agent.webhook.port)
    for number in 0..<50 { try busy.send(RelayEvents.event(number, run: "stop").line) }
    agent.child.signal(.terminate)
    let acks = try busy.acks(until: 50)
    #expect(acks.last?["ack"]?.integer == 50)
    #expect(try busy.closeCode() == 1001)
    #expect(try idle.closeCode() == 1001)
    #expect(agent.terminate() == .exited(0))
    #expect(
      try CommandSupport.archivedIds(in: folder.path) == CommandSupport.ids(0..<50, run: "stop"))
  }
}
