import LogPipeline
import TestSupport
import Testing

/// Goal: a first start, which writes the whole ring once, can be watched and broken off; nobody mistakes it for ready.
/// Method: the built program makes a ring that takes a while; it is asked meanwhile, and stopped before it is done.
@Suite struct FirstStartEndToEndTests {
  /// Too large to be done before the test has asked.
  private static let size = "ring.size=16GiB"

  private func arguments(_ command: String, _ folder: TemporaryFolder) -> [String] {
    [command]
      + CommandSupport.arguments([
        "agent.state_dir=\(folder.path)", "inputs.tcp.listen=127.0.0.1:0",
        "inputs.webhook.listen=127.0.0.1:0", "admin.listen=127.0.0.1:0", Self.size,
      ])
  }

  private func hasRoom(_ folder: TemporaryFolder) throws -> Bool {
    try FileSystem.freeBytes(at: folder.path) > 20 << 30
  }

  @Test func `the admin page answers while the ring is made, and stopping leaves nothing`() throws {
    let folder = try TemporaryFolder()
    guard try hasRoom(folder) else { return }
    let child = try ChildProcess(ProgramUnderTest.path, arguments("run", folder))
    let soon = SystemClock().now() + .seconds(60)
    #expect(child.waitForError("nothing is taken in before that is done", until: soon))
    let line = try #require(
      child.errorText.split(separator: "\n").first { $0.contains("The admin page answers.") })
    let port = try #require(line.split(separator: ":").last.flatMap { UInt16($0) })
    let admin = HttpClient(port: port)
    #expect(try admin.get("/healthz").status == 200)
    let ready = try admin.get("/readyz")
    #expect(ready.status == 503)
    #expect(ready.text.hasPrefix("not ready: starting: making the ring, "), "\(ready.text)")
    let status = try admin.get("/v1/status").json()
    #expect(status["ready"] == .bool(false))
    #expect(status["ledger"] == .null)
    #expect(try admin.get("/metrics").text.contains("\nsheepshipper_ready 0\n"))
    #expect(!child.errorText.contains("Taking events."))
    child.signal(.terminate)
    #expect(child.wait(until: SystemClock().now() + .seconds(30)) == .exited(0))
    #expect(child.errorText.contains("Stopped before the ring was made"))
    #expect(try FileSystem.names(in: folder.path).filter { $0.hasPrefix("ring") }.isEmpty)
  }

  @Test(arguments: [
    "elasticsearch.api_key={file: /no/such/secret}", "elasticsearch.tls.ca=/no/such/secret",
    "inputs.webhook.bearer=[{file: /no/such/secret}]",
  ])
  func `a secret or certificate that is missing is found before the ring is made`(setting: String)
    throws
  {
    let settings = ["elasticsearch.hosts=https://127.0.0.1:1", setting]
    for command in setting.hasPrefix("inputs") ? ["run"] : ["run", "pipe"] {
      let folder = try TemporaryFolder()
      let result = try ProgramUnderTest.run(
        [command], settings: CommandSupport.settings(folder) + settings + Self.freePorts)
      #expect(result.ending == .exited(78), "\(result.error)")
      #expect(
        result.error.contains("/no/such/secret") && result.error.contains("can not be read"),
        "\(result.error)")
      #expect(!result.error.contains("next try"), "\(result.error)")
      let places = [folder.path, "\(folder.path)/pipe/default"]
      #expect(!places.contains { FileSystem.exists("\($0)/ring") })
    }
  }

  private static let freePorts = [
    "inputs.tcp.listen=127.0.0.1:0", "inputs.webhook.listen=127.0.0.1:0", "admin.listen=off",
  ]

  @Test func `pipe says why it waits, and says nothing with --quiet`() throws {
    let folder = try TemporaryFolder()
    guard try hasRoom(folder) else { return }
    let pipes = "\(folder.path)/pipe/default"
    for isQuiet in [false, true] {
      let child = try ChildProcess(
        ProgramUnderTest.path, arguments("pipe", folder) + (isQuiet ? ["--quiet"] : []))
      let isMaking = CommandSupport.wait {
        ((try? FileSystem.status(of: "\(pipes)/ring.new"))?.sizeBytes ?? 0) > 64 << 20
      }
      #expect(isMaking, "\(child.errorText)")
      #expect(child.errorText.contains("Making the ring") == !isQuiet)
      child.signal(.interrupt)
      #expect(child.wait(until: SystemClock().now() + .seconds(30)) == .exited(0))
      if isQuiet { #expect(child.errorText.isEmpty, "\(child.errorText)") }
      #expect(!FileSystem.exists("\(pipes)/ring") && !FileSystem.exists("\(pipes)/ring.new"))
    }
  }

  @Test func `a ring that goes missing makes the agent unready, and what it holds is delivered`()
    throws
  {
    let folder = try TemporaryFolder()
    let server = try BulkServer(.takes)
    defer { server.stop() }
    let agent = try AgentProcess(
      stateDirectory: folder.path,
      settings: ["elasticsearch.hosts=\(server.url)", "elasticsearch.flush=100ms"])
    #expect(try agent.admin.get("/readyz").status == 200)
    let durability = try #require(try agent.status()["ring"]?["durability"]?.string)
    #expect(agent.log.contains(durability.prefix { $0 != "," && $0 != ";" }), "\(durability)")
    let connection = try TcpClient(port: agent.tcpPort)
    try connection.send(CommandSupport.lines(0..<100, run: "gone"))
    #expect(try agent.wait(until: "accepted", isAtLeast: 100))
    try FileSystem.remove("\(folder.path)/ring")
    let isUnready = try CommandSupport.wait { try agent.admin.get("/readyz").status == 503 }
    #expect(isUnready)
    #expect(agent.log.contains("The ring's file was removed or replaced while in use"))
    #expect(try agent.wait(until: "delivered", isAtLeast: 100))
    let event = String(decoding: CommandSupport.lines(100..<101, run: "gone"), as: UTF8.self)
    #expect(try agent.webhook.send("POST", "/v1/events", json: event).status == 503)
    _ = agent.terminate()
    #expect(!FileSystem.exists("\(folder.path)/ring"))
  }

  @Test func `log, status and metrics say whose deflate is used`() throws {
    let isThere = if case .ready = IsalLibrary.found { true } else { false }
    for (choice, library) in [("auto", isThere ? "isal" : "zlib"), ("zlib", "zlib")] {
      let folder = try TemporaryFolder()
      let agent = try AgentProcess(
        stateDirectory: folder.path, settings: ["ring.compression=\(choice)"])
      #expect(try agent.status()["ring"]?["compression"]?.string == library)
      #expect(agent.log.contains("compression: \(library == "isal" ? "ISA-L is /" : "zlib")"))
      let metrics = try agent.admin.get("/metrics")
      let line = "sheepshipper_ring_compression_info{library=\"\(library)\"} 1"
      #expect(String(decoding: metrics.body, as: UTF8.self).contains(line))
      _ = agent.terminate()
    }
  }
}
