import LogPipeline
import TestSupport
import Testing

/// Goal: an operator can see what was refused, correct it and send it again, and is told the truth about each letter.
/// Method: the built program against a server that refuses some documents until it is told otherwise.
@Suite struct DeadLettersEndToEndTests {
  private func command(
    _ folder: TemporaryFolder, _ arguments: String...
  ) throws -> ProgramUnderTest.Result {
    try ProgramUnderTest.run(
      ["dead-letters"] + arguments, settings: ["agent.state_dir=\(folder.path)"])
  }

  private func json(_ folder: TemporaryFolder, _ arguments: String...) throws -> JsonValue {
    let outcome = try ProgramUnderTest.run(
      ["dead-letters"] + arguments + ["--format", "json"],
      settings: ["agent.state_dir=\(folder.path)"])
    return try JsonValue.parse(outcome.output)
  }

  /// An agent whose server has refused every event of the range for good.
  private func agent(
    _ folder: TemporaryFolder, _ server: BulkServer, refused range: Range<Int>
  ) throws -> AgentProcess {
    server.set(.refusesDocuments(holding: "\"letters-"))
    let agent = try AgentProcess(
      stateDirectory: folder.path,
      settings: ["elasticsearch.hosts=\(server.url)", "elasticsearch.flush=50ms"])
    let connection = try TcpClient(port: agent.tcpPort)
    try connection.send(CommandSupport.lines(range, run: "letters"))
    connection.finishSending()
    #expect(try agent.wait(until: "dead_lettered", isAtLeast: range.count), "\(agent.log)")
    return agent
  }

  @Test func `listed, shown, sent again, pruned`() throws {
    let folder = try TemporaryFolder()
    let server = try BulkServer()
    defer { server.stop() }
    let agent = try agent(folder, server, refused: 0..<30)
    let listed = try command(folder, "list")
    #expect(listed.ending == .exited(0))
    #expect(listed.output.contains("30 open dead letters."), "\(listed.output)")
    #expect(listed.output.contains("document_parsing_exception: made up"))
    for line in listed.output.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
    // Three days, three indices.
    let groups = try #require(try json(folder, "list")["groups"]?.elements)
    #expect(groups.compactMap { $0["count"]?.integer } == [10, 10, 10])
    let id = try #require(groups[0]["example_id"]?.string)
    let shown = try json(folder, "show", "--id", id)
    #expect(shown["state"]?.string == "open")
    #expect(shown["_id"]?.string == id)
    #expect(shown["document"]?["request_id"]?.string?.hasPrefix("letters-") == true)
    #expect(try command(folder, "show", "--limit", "2").output.contains("because   document_pars"))

    // Still refused: told, and still open.
    let again = try command(folder, "retry", "--id", id)
    #expect(again.ending == .exited(75), "\(again.error)")
    #expect(again.output.contains("\(id)  refused again\n    document_parsing_exception: made up"))
    #expect(try json(folder, "list")["open"]?.integer == 30)

    server.set(.takes)
    let edited = try command(
      folder, "retry", "--id", id, "--edit", ".latency_ms = 12.50", "--edit", "del(.team_id)")
    #expect(edited.ending == .exited(0), "\(edited.output) \(edited.error)")
    #expect(edited.output.contains("\(id)  delivered"))
    let stored = String(decoding: try #require(server.documents[id]), as: UTF8.self)
    #expect(stored.contains("\"latency_ms\":12.50") && !stored.contains("team_id"), "\(stored)")
    #expect(try json(folder, "list")["open"]?.integer == 29)

    // One of them comes by another way meanwhile.
    let rest = try json(folder, "retry", "--all")
    #expect(rest["delivered"]?.integer == 29, "\(rest.text)")
    #expect(server.documents.count == 30)
    #expect(try command(folder, "list").output.contains("No open dead letters. 30 were delivered"))
    #expect(
      try command(folder, "list", "--all-states").output.contains("10 of them delivered since"))
    #expect(try command(folder, "retry", "--all").output.contains("No open dead letter fits"))
    #expect(try command(folder, "retry", "--id", id).ending == .exited(66))
    #expect(try command(folder, "retry", "--reason", "made up").ending == .exited(66))
    #expect(try command(folder, "retry", "--all").ending == .exited(0))

    // The ledger's counts stay; what was sent again is counted beside them.
    #expect(try agent.ledger("dead_lettered") == 30)
    #expect(try agent.ledger("delivered") == 0)
    try CommandSupport.expectBalanced(agent)
    let metrics = try agent.admin.get("/metrics").text
    for (outcome, count) in [
      ("delivered", 30), ("duplicate", 0), ("refused", 1), ("unavailable", 0),
    ] {
      #expect(
        metrics.contains(
          "sheepshipper_delivery_dead_letters_resent_total{outcome=\"\(outcome)\"} \(count)\n"))
    }
    #expect(try json(folder, "prune")["letters_removed"]?.integer == 30)
    #expect(!FileSystem.exists("\(folder.path)/dead-letters.ndjson"))
    #expect(agent.terminate() == .exited(0))
    #expect(!FileSystem.exists("\(folder.path)/control.sock"))
  }

  @Test func `a letter whose document came by another way is a duplicate and done with`() throws {
    let folder = try TemporaryFolder()
    let server = try BulkServer()
    defer { server.stop() }
    let agent = try agent(folder, server, refused: 0..<3)
    server.set(.takes)
    let connection = try TcpClient(port: agent.tcpPort)
    try connection.send(CommandSupport.lines(0..<1, run: "letters"))
    connection.finishSending()
    #expect(try agent.wait(until: "delivered", isAtLeast: 1))
    let report = try json(folder, "retry", "--reason", "made up")
    #expect(
      report["delivered"]?.integer == 2 && report["duplicate"]?.integer == 1, "\(report.text)")
    #expect(server.documents.count == 3)
    #expect(agent.terminate() == .exited(0))
  }

  @Test func `without a running agent, or with its server away, nothing is lost and it is said`()
    throws
  {
    let folder = try TemporaryFolder()
    let server = try BulkServer()
    defer { server.stop() }
    let agent = try agent(folder, server, refused: 0..<40)
    server.set(.isUnavailable)
    let away = try command(folder, "retry", "--all")
    #expect(away.ending == .exited(75), "\(away.error)")
    #expect(away.output.contains("40 not taken now: unavailable (HTTP 503"), "\(away.output)")
    agent.kill()
    // Its socket is still there, and nobody behind it.
    #expect(FileSystem.exists("\(folder.path)/control.sock"))
    let alone = try command(folder, "retry", "--all")
    #expect(alone.ending == .exited(69))
    #expect(alone.error.contains("No agent answers at"), "\(alone.error)")
    #expect(try json(folder, "list")["open"]?.integer == 40)
    server.set(.takes)
    let next = try AgentProcess(
      stateDirectory: folder.path, settings: ["elasticsearch.hosts=\(server.url)"])
    #expect(try CommandSupport.wait { try next.ledger("waiting") == 0 })
    #expect(try command(folder, "retry", "--all").ending == .exited(0))
    #expect(server.documents.count == 40)
    #expect(next.terminate() == .exited(0))
  }

  @Test func `killed in the middle of sending, no letter is lost and none is stored twice`() throws
  {
    let folder = try TemporaryFolder()
    let server = try BulkServer()
    defer { server.stop() }
    var running = try agent(folder, server, refused: 0..<90)
    server.set(.takes)
    // Killed as soon as the server has taken something, or a little later: before and after it was noted.
    for round in 0..<5 {
      let before = server.documents.count + server.conflictCount
      let retry = try ChildProcess(
        ProgramUnderTest.path,
        ["dead-letters", "retry", "--all", "--set", "agent.state_dir=\(folder.path)"])
      let isTaken = CommandSupport.wait {
        server.documents.count + server.conflictCount > before
          || retry.wait(until: SystemClock().now()) != nil
      }
      #expect(isTaken)
      PosixThread.sleep(.milliseconds(Int64(round)))
      running.kill()
      _ = retry.wait(until: SystemClock().now() + .seconds(30))
      #expect(server.documents.count == 90)
      running = try AgentProcess(
        stateDirectory: folder.path, settings: ["elasticsearch.hosts=\(server.url)"])
    }
    #expect(try command(folder, "retry", "--all").ending == .exited(0))
    #expect(try json(folder, "list")["open"]?.integer == 0)
    #expect(try json(folder, "list")["resolved"]?.integer == 90)
    #expect(server.documents.count == 90)
    #expect(running.terminate() == .exited(0))
  }

  @Test func `a whole corrected document, and what can not be asked for`() throws {
    let folder = try TemporaryFolder()
    let server = try BulkServer()
    defer { server.stop() }
    let agent = try agent(folder, server, refused: 0..<2)
    let id = try #require(
      try json(folder, "list")["groups"]?[0]?["example_id"]?.string)
    let file = "\(folder.path)/corrected.json"
    try FileSystem.replace(file, with: Array("{\n  \"model\": \"m\",\n \"n\": 1.0 }\n".utf8))
    #expect(try command(folder, "retry", "--id", id, "--document", file).ending == .exited(0))
    #expect(server.documents[id] == Array(#"{"model":"m","n":1.0}"#.utf8))
    try FileSystem.replace(file, with: Array("[1]".utf8))
    let wrong = try command(folder, "retry", "--id", id, "--document", file)
    #expect(wrong.ending == .exited(66))
    #expect(wrong.error.contains("it is no object"))
    #expect(agent.terminate() == .exited(0))
    let nowhere = try ProgramUnderTest.run(
      ["dead-letters", "list"], settings: ["agent.state_dir=/nonexistent/folder"])
    #expect(nowhere.ending == .exited(66))
  }

  @Test(
    .enabled(if: !SearchServer.all.isEmpty, Comment(rawValue: SearchServer.missing)),
    arguments: SearchServer.all)
  func
    `a real server refuses, takes what was corrected, and takes the rest once its mapping is mended`(
      server: SearchServer
    ) throws
  {
    let prefix = "e2e-letters-"
    let settings = try server.prepare(prefix: prefix)
    let folder = try TemporaryFolder()
    let own = settings + ["agent.state_dir=\(folder.path)"]
    func run(_ arguments: String...) throws -> ProgramUnderTest.Result {
      try ProgramUnderTest.run(arguments, settings: own)
    }
    // Somebody has made one day's index by hand, with a wrong type.
    let index = "\(prefix)2026.11.18"
    _ = try server.client.send(
      "PUT", "/\(index)", json: #"{"mappings":{"properties":{"model":{"type":"long"}}}}"#)
    let agent = try AgentProcess(stateDirectory: folder.path, settings: settings)
    let connection = try TcpClient(port: agent.tcpPort)
    try connection.send(CommandSupport.lines(0..<9, run: "real"))
    connection.finishSending()
    #expect(try agent.wait(until: "dead_lettered", isAtLeast: 3), "\(agent.log)")
    let groups = try #require(try json(folder, "list")["groups"]?.elements)
    #expect(groups.count == 1 && groups[0]["count"]?.integer == 3, "\(groups.map(\.text))")
    #expect(groups[0]["reason"]?.string?.contains("failed to parse field [model]") == true)
    let id = try #require(groups[0]["example_id"]?.string)
    #expect(try run("dead-letters", "retry", "--all").ending == .exited(75))
    let edited = try run("dead-letters", "retry", "--id", id, "--edit", ".model = 41")
    #expect(edited.ending == .exited(0), "\(edited.output) \(edited.error)")
    #expect(try server.count(index) == 1)
    #expect(try run("verify", "--day", "2026-11-18", "--exact").ending == .exited(0))
    // Its mapping is mended the hard way.
    _ = try server.client.send("DELETE", "/\(index)")
    let rest = try run("dead-letters", "retry", "--reason", "failed to parse field [model]")
    #expect(rest.output.contains("2 delivered, 0 there already"), "\(rest.output)")
    let missing = try run("verify", "--day", "2026-11-18")
    #expect(missing.ending == .exited(1))
    #expect(missing.output.contains("lacks 1 of the 3 events"), "\(missing.output)")
    #expect(missing.output.contains(id.prefix(12)))
    #expect(agent.terminate() == .exited(0))
    try server.removeIndices(prefix: prefix)
  }
}
