import LogPipeline
import TestSupport
import Testing

/// Goal: kill -9 at any moment costs no event that was answered 200, and stores none twice.
/// Method: the built program under TCP and webhook load, killed and started again on the same folder, several times;
/// then every document of the archive is read back with zcat.
@Suite(.serialized) struct CrashEndToEndTests {
  @Test
  func `after kill -9 in the middle of a load nothing answered is missing and nothing is twice`()
    throws
  {
    let folder = try TemporaryFolder()
    var answered: Set<String> = []
    var sent: Set<String> = []
    let rounds = 4
    for round in 0..<rounds {
      let agent = try AgentProcess(stateDirectory: folder.path)
      let load = try WebhookLoad(round: round, client: agent.webhook)
      let stream = try TcpLoad(round: round, port: agent.tcpPort)
      // A different moment of the load each time.
      #expect(load.wait(untilAnswered: 60 + 50 * round))
      agent.kill()
      answered.formUnion(load.stop())
      sent.formUnion(stream.stop())
      sent.formUnion(load.sentIds)
    }
    let agent = try AgentProcess(stateDirectory: folder.path)
    let accepted = try agent.ledger("accepted")
    #expect(try agent.wait(until: "delivered", isAtLeast: accepted))
    try expectBalanced(agent)
    #expect(agent.terminate() == .exited(0))

    let stored = try ArchiveFolder.documents(in: "\(folder.path)/archive").compactMap {
      $0["request_id"]?.string
    }
    #expect(stored.count == accepted)
    #expect(Set(stored).count == stored.count, "an event is stored twice")
    #expect(answered.count > 100)
    #expect(answered.subtracting(stored).isEmpty, "answered 200 and not stored")
    #expect(Set(stored).subtracting(sent).isEmpty, "stored and never sent")
  }

  private func expectBalanced(_ agent: AgentProcess) throws {
    let status = try agent.status()
    let ledger = try #require(status["ledger"])
    func count(_ name: String) -> Int64 { ledger[name]?.integer ?? .min }
    #expect(count("offered") == count("accepted") + count("refused") + count("in_hand"))
    #expect(count("in_hand") == 0)
    #expect(
      count("accepted") == count("delivered") + count("duplicate") + count("dead_lettered")
        + count("dropped") + count("quarantined") + count("erased") + count("waiting"))
  }
}
