import LogPipeline
import TestSupport
import Testing

/// Goal: what is wrong with a machine or a configuration is said at the start, by the name of its setting; what is
/// wrong with Elasticsearch costs nothing and is shown.
/// Method: the built program, set up wrongly in one way after the other.
@Suite struct RunEndToEndTests {
  @Test(arguments: ["inputs.tcp.listen", "inputs.webhook.listen", "admin.listen"])
  func `a port that is taken exits with 78 and names its setting`(setting: String) throws {
    let folder = try TemporaryFolder()
    let taken = try TcpListener(listeningOn: "127.0.0.1:0")
    let result = try run(folder.path, ["\(setting)=127.0.0.1:\(taken.port)"])
    #expect(result.ending == .exited(78), "\(result.error)")
    for text in [setting, "127.0.0.1:\(taken.port)", "in use", "No event was taken in"] {
      #expect(result.error.contains(text), "\(text): \(result.error)")
    }
    _ = consume taken
  }

  @Test func `a state directory that can not be used exits with 78 and names its setting`() throws {
    let folder = try TemporaryFolder()
    try CommandSupport.write([], to: "\(folder.path)/file")
    // A file in the way; a folder where nothing can be made, not even by root.
    for path in ["\(folder.path)/file", "\(folder.path)/file/below", "/proc"] {
      let result = try run(path, [])
      #expect(result.ending == .exited(78), "\(path): \(result.error)")
      #expect(result.error.contains("agent.state_dir"), "\(path): \(result.error)")
      for command in [["pipe"], ["replay", "\(folder.path)/file"]] {
        let other = try ProgramUnderTest.run(command, settings: ["agent.state_dir=\(path)"])
        #expect(other.ending == .exited(78), "\(command) \(path): \(other.error)")
      }
    }
  }

  @Test func `a second agent on the same state directory exits with 78 and leaves the first alone`()
    throws
  {
    let folder = try TemporaryFolder()
    let agent = try AgentProcess(stateDirectory: folder.path)
    let result = try run(folder.path, [])
    #expect(result.ending == .exited(78), "\(result.error)")
    for text in ["\(folder.path)/ring", "in use by another process", "agent.state_dir"] {
      #expect(result.error.contains(text), "\(text): \(result.error)")
    }
    let connection = try TcpClient(port: agent.tcpPort)
    try connection.send(CommandSupport.lines(0..<10, run: "first"))
    #expect(try agent.wait(until: "delivered", isAtLeast: 10))
    #expect(agent.terminate() == .exited(0))
  }

  @Test func `wrong settings exit with 78 and tell which are near`() throws {
    let folder = try TemporaryFolder()
    let wrong = try run(folder.path, ["ring.sise=1GiB"])
    #expect(wrong.ending == .exited(78))
    #expect(wrong.error.contains("ring.sise") && wrong.error.contains("Did you mean ring.size?"))
    let unit = try run(folder.path, ["agent.grace=5 bananas"])
    #expect(unit.ending == .exited(78))
    #expect(unit.error.contains("agent.grace") && unit.error.contains("5 bananas"))
    let variable = try BuiltProgram.run(
      ["run"], environment: ["SHEEPSHIPPER_RING_SISE": "1GiB"])
    #expect(variable.ending == .exited(78))
    #expect(variable.error.contains("SHEEPSHIPPER_RING_SISE"), "\(variable.error)")
    #expect(variable.error.contains("SHEEPSHIPPER_RING_SIZE"), "\(variable.error)")
  }

  @Test func `what validate prints is read back as the same configuration`() throws {
    let folder = try TemporaryFolder()
    let settings = [
      "agent.state_dir=\(folder.path)", "ring.size=2GiB", "agent.grace=7s",
      "elasticsearch.hosts=[\"http://one:9200\", \"http://two:9200\"]",
      "inputs.webhook.bearer=[{file: /no/such/secret}]", "inputs.tcp.listen=127.0.0.1:5055",
    ]
    let first = try ProgramUnderTest.run(["validate"], settings: settings)
    #expect(first.ending == .exited(0), "\(first.error)")
    let path = "\(folder.path)/printed.yaml"
    try CommandSupport.write(Array(first.output.utf8), to: path)
    let again = try ProgramUnderTest.run(["validate", "--config", path])
    #expect(again.ending == .exited(0), "\(again.error)")
    let json = { (arguments: [String], settings: [String]) in
      try JsonValue.parse(
        try ProgramUnderTest.run(
          ["validate", "--format", "json"] + arguments, settings: settings
        ).output)["configuration"]?.text
    }
    let printed = try json(["--config", path], [])
    #expect(printed != nil)
    #expect(try printed == json([], settings))
  }

  @Test func `it runs from the environment alone`() throws {
    let folder = try TemporaryFolder()
    let child = try ChildProcess(
      ProgramUnderTest.path, ["run"],
      environment: [
        "SHEEPSHIPPER_AGENT_STATE_DIR": folder.path, "SHEEPSHIPPER_RING_SIZE": "16MiB",
        "SHEEPSHIPPER_INPUTS_TCP_LISTEN": "127.0.0.1:0",
        "SHEEPSHIPPER_INPUTS_WEBHOOK_LISTEN": "127.0.0.1:0",
        "SHEEPSHIPPER_ADMIN_LISTEN": "127.0.0.1:0", "SHEEPSHIPPER_LOG_LEVEL": "info",
      ])
    #expect(child.waitForError("Taking events.", until: SystemClock().now() + .seconds(30)))
    child.signal(.terminate)
    #expect(child.wait(until: SystemClock().now() + .seconds(20)) == .exited(0))
    #expect(FileSystem.exists("\(folder.path)/ring"))
  }

  @Test func `a host that can not be reached keeps all events, and the status says why`() throws {
    let folder = try TemporaryFolder()
    let agent = try AgentProcess(
      stateDirectory: folder.path,
      settings: ["agent.grace=5s", "elasticsearch.hosts=http://no-such-host.invalid:9200"])
    try post(0..<50, agent)
    #expect(try delivery(of: agent, says: "no-such-host.invalid"), "\(agent.log)")
    #expect(try agent.ledger("waiting") == 50)
    #expect(try agent.admin.get("/readyz").status == 200)
    #expect(agent.log.contains("no-such-host.invalid"))
    #expect(agent.terminate() == .exited(0))
  }

  @Test func `refused credentials pause delivery, loudly, and nothing is lost`() throws {
    let folder = try TemporaryFolder()
    let server = try BulkServer(.refusesCredentials)
    defer { server.stop() }
    let agent = try AgentProcess(
      stateDirectory: folder.path,
      settings: ["elasticsearch.hosts=\(server.url)", "elasticsearch.flush=100ms"])
    try post(0..<50, agent)
    #expect(try delivery(of: agent, says: "paused"), "\(agent.log)")
    for text in ["401", "All events are kept", "Check the credentials"] {
      #expect(agent.log.contains(text), "\(text): \(agent.log)")
    }
    #expect(try agent.ledger("waiting") == 50)
    #expect(try agent.ledger("dead_lettered") == 0)
    server.set(.takes)
    #expect(try agent.wait(until: "delivered", isAtLeast: 50), "\(agent.log)")
    try CommandSupport.expectBalanced(agent)
    #expect(agent.terminate() == .exited(0))
  }

  @Test func `of several hosts the first may be down`() throws {
    let folder = try TemporaryFolder()
    let server = try BulkServer()
    defer { server.stop() }
    let agent = try AgentProcess(
      stateDirectory: folder.path,
      settings: [
        "elasticsearch.hosts=[\"\(CommandSupport.unreachable)\", \"\(server.url)\"]",
        "elasticsearch.flush=100ms",
      ])
    try post(0..<50, agent)
    #expect(try agent.wait(until: "delivered", isAtLeast: 50), "\(agent.log)")
    try CommandSupport.expectBalanced(agent)
    #expect(agent.terminate() == .exited(0))
    #expect(try server.requestIds.sorted() == CommandSupport.ids(0..<50, run: "run"))
  }

  private func run(_ stateDirectory: String, _ settings: [String]) throws
    -> ProgramUnderTest.Result
  {
    let free = [
      "inputs.tcp.listen=127.0.0.1:0", "inputs.webhook.listen=127.0.0.1:0",
      "admin.listen=127.0.0.1:0",
    ]
    return try ProgramUnderTest.run(
      ["run"],
      settings: ["agent.state_dir=\(stateDirectory)", "ring.size=16MiB"] + free + settings)
  }

  private func delivery(of agent: AgentProcess, says text: String) throws -> Bool {
    try CommandSupport.wait {
      try agent.status()["delivery"]?["state"]?.string?.contains(text) == true
    }
  }

  private func post(_ range: Range<Int>, _ agent: AgentProcess) throws {
    let answer = try agent.webhook.send(
      "POST", "/v1/events", headers: [("Content-Type", "application/x-ndjson")],
      body: CommandSupport.lines(range, run: "run"))
    #expect(answer.status == 200, "\(answer.text)")
  }
}
