import LogPipeline
import TestSupport
import Testing

/// Goal: an event that is refused for good has one dead letter, whenever the agent is killed.
/// Method: kill -9 the built program as soon as letters stand on disk, which is before its ring knows durably of
/// them; start it again and count lines.
@Suite struct DeadLetterCrashEndToEndTests {
  @Test func `killed between a dead letter and the ring's cursor, no letter is there twice`() throws
  {
    let folder = try TemporaryFolder()
    let server = try BulkServer(.refusesDocuments(holding: "-7\""))
    defer { server.stop() }
    let settings = ["elasticsearch.hosts=\(server.url)", "elasticsearch.flush=50ms"]
    var sent = 0
    var wasFoundThere = 0
    for round in 1...4 {
      let agent = try AgentProcess(stateDirectory: folder.path, settings: settings)
      let connection = try TcpClient(port: agent.tcpPort)
      var lines = ""
      // A run of its own each round, so that every document is new; one in it is refused.
      for run in 0..<20 {
        lines += RelayEvents.event(7, run: "r\(round)x\(run)").line + "\n"
        lines += RelayEvents.event(8, run: "r\(round)x\(run)").line + "\n"
      }
      sent += 20
      try connection.send(lines)
      let isThere = CommandSupport.wait { Self.letters(folder).count >= sent }
      #expect(isThere, "\(agent.log)")
      agent.kill()
      let again = try AgentProcess(stateDirectory: folder.path, settings: settings)
      #expect(try again.wait(until: "dead_lettered", isAtLeast: sent), "\(again.log)")
      #expect(try CommandSupport.wait { try again.ledger("waiting") == 0 })
      wasFoundThere += try Self.foundThere(again)
      try CommandSupport.expectBalanced(again)
      #expect(try again.ledger("dead_lettered") == sent)
      let ids = Self.letters(folder).map(\.id)
      #expect(ids.count == sent)
      #expect(Set(ids).count == sent)
      #expect(again.terminate() == .exited(0))
    }
    #expect(wasFoundThere > 0, "no kill came between a letter and the cursor")
  }

  private static func foundThere(_ agent: AgentProcess) throws -> Int {
    let name = "sheepshipper_delivery_dead_letters_found_there_total "
    let line = try agent.admin.get("/metrics").text.split(separator: "\n").first {
      $0.hasPrefix(name)
    }
    return try #require(line.flatMap { Int($0.dropFirst(name.count)) })
  }

  private static func letters(_ folder: TemporaryFolder) -> [StoredDeadLetter] {
    var found: [StoredDeadLetter] = []
    for path in (try? DeadLetterFiles(folder: folder.path).paths()) ?? [] {
      try? DeadLetterFiles.forEachLine(of: path) {
        if let letter = StoredDeadLetter($0) { found.append(letter) }
        return true
      }
    }
    return found
  }
}
