import LogPipeline
import TestSupport
import Testing

/// Goal: `verify` says the truth about a day, while the agent runs and after it was killed.
/// Method: the built program; a server whose documents are taken away behind its back; a real server where there is one.
@Suite struct VerifyEndToEndTests {
  private func verify(
    _ settings: [String], _ arguments: String...
  ) throws -> ProgramUnderTest.Result {
    try ProgramUnderTest.run(["verify", "--day", "2026-11-18"] + arguments, settings: settings)
  }

  @Test func `killed again and again, the record holds what the index holds`() throws {
    let folder = try TemporaryFolder()
    let server = try BulkServer()
    defer { server.stop() }
    let settings = ["elasticsearch.hosts=\(server.url)", "elasticsearch.flush=10ms"]
    let own = settings + ["agent.state_dir=\(folder.path)"]
    var sent = 0
    for round in 0..<4 {
      let agent = try AgentProcess(stateDirectory: folder.path, settings: settings)
      let connection = try TcpClient(port: agent.tcpPort)
      try connection.send(CommandSupport.lines(sent..<(sent + 300), run: "verify"))
      sent += 300
      // As soon as some are stored: between the answer, the record and the ring's cursor.
      let before = server.documents.count
      #expect(CommandSupport.wait { server.documents.count > before })
      PosixThread.sleep(.milliseconds(Int64(round)))
      agent.kill()
    }
    let agent = try AgentProcess(stateDirectory: folder.path, settings: settings)
    #expect(try CommandSupport.wait { try agent.ledger("waiting") == 0 }, "\(agent.log)")
    let equal = try verify(own, "--exact")
    #expect(equal.ending == .exited(0), "\(equal.output) \(equal.error)")
    let count = server.ids(of: "holysheep-logs-2026.11.18").count
    #expect(count > 0)
    let words = equal.output.replacing("\n", with: " ")
    #expect(words.contains("delivered into it: \(count)."), "\(words)")

    let lost = server.ids(of: "holysheep-logs-2026.11.18").prefix(30)
    for id in lost { server.remove(id) }
    server.add("somebody-elses", to: "holysheep-logs-2026.11.18")
    let file = "\(folder.path)/missing.txt"
    let missing = try verify(own, "--output", file)
    #expect(missing.ending == .exited(1))
    #expect(missing.output.contains("lacks 30 of the"), "\(missing.output)")
    for line in missing.output.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
    let named = String(decoding: try FileSystem.read(file), as: UTF8.self).split(separator: "\n")
    #expect(Set(named.map(String.init)) == Set(lost.map { String($0.prefix(12)) }))
    let json = try JsonValue.parse(try verify(own, "--format", "json").output)
    #expect(json["missing"]?.integer == 30 && json["foreign"]?.integer == 1)
    #expect(agent.terminate() == .exited(0))
  }

  @Test func `what can not be compared is said, each with its exit code`() throws {
    let folder = try TemporaryFolder()
    let own = ["agent.state_dir=\(folder.path)"]
    #expect(try verify(own).ending == .exited(78))
    let server = try BulkServer()
    defer { server.stop() }
    let none = try verify(own + ["elasticsearch.hosts=\(server.url)"])
    #expect(none.ending == .exited(66))
    #expect(none.error.contains("Nothing is recorded"), "\(none.error)")
    let agent = try AgentProcess(
      stateDirectory: folder.path,
      settings: ["elasticsearch.hosts=\(server.url)", "elasticsearch.flush=10ms"])
    let connection = try TcpClient(port: agent.tcpPort)
    try connection.send(CommandSupport.lines(0..<10, run: "verify"))
    connection.finishSending()
    #expect(try agent.wait(until: "delivered", isAtLeast: 10))
    let away = try verify(own + ["elasticsearch.hosts=\(CommandSupport.unreachable)"])
    #expect(away.ending == .exited(69), "\(away.error)")
    #expect(away.error.contains("can not be read whole"))
    #expect(agent.terminate() == .exited(0))
  }

  @Test(
    .enabled(if: !SearchServer.all.isEmpty, Comment(rawValue: SearchServer.missing)),
    arguments: SearchServer.all)
  func `a real server is read to its last page`(server: SearchServer) throws {
    let prefix = "e2e-verify-"
    let settings = try server.prepare(prefix: prefix)
    let folder = try TemporaryFolder()
    let agent = try AgentProcess(
      stateDirectory: folder.path, settings: settings + ["ring.size=64MiB"])
    let connection = try TcpClient(port: agent.tcpPort)
    // Three days: over ten thousand in each, which is a page.
    let total = 36_000
    try connection.send(CommandSupport.lines(0..<total, run: "verify"))
    connection.finishSending()
    #expect(try agent.wait(until: "delivered", isAtLeast: total, within: .seconds(180)))
    let own = settings + ["agent.state_dir=\(folder.path)"]
    let equal = try verify(own, "--exact")
    #expect(equal.ending == .exited(0), "\(equal.output) \(equal.error)")
    #expect(equal.output.contains("12,000."), "\(equal.output)")
    let first = try #require(
      try server.search("\(prefix)2026.11.18", #"{"size":1}"#)["hits"]?["hits"]?[0]?["_id"]?.string)
    _ = try server.client.send("DELETE", "/\(prefix)2026.11.18/_doc/\(first)")
    let missing = try verify(own)
    #expect(missing.ending == .exited(1))
    #expect(missing.output.contains(first.prefix(12)), "\(missing.output)")
    #expect(agent.terminate() == .exited(0))
    try server.removeIndices(prefix: prefix)
  }
}
