import LogPipeline
import TestSupport
import Testing

/// Goal: one command finds what is wrong with a deployment, and its exit code tells scripts. Method: the built program on
/// folders, ports and agents of the test's own, with one thing broken each.
@Suite struct DoctorChecksEndToEndTests {
  private static let usual = [
    "inputs.tcp.listen=127.0.0.1:0", "inputs.webhook.listen=127.0.0.1:0",
    "admin.listen=127.0.0.1:0", "ring.size=16MiB",
  ]

  private struct Found {
    let ending: ChildProcess.Ending?
    let output: String
    let report: JsonValue

    func all(_ check: String) -> [JsonValue] {
      (report["findings"]?.elements ?? []).filter { $0["check"]?.string == check }
    }
    func status(_ check: String) -> String? { all(check).first?["status"]?.string }
    func title(_ check: String) -> String { all(check).first?["title"]?.string ?? "" }
  }

  private func doctor(
    _ folder: String, _ settings: [String] = [], _ arguments: [String] = [],
    environment: [String: String]? = nil
  ) throws -> Found {
    let all = Self.usual + ["agent.state_dir=\(folder)"] + settings
    let child = try ChildProcess(
      ProgramUnderTest.path,
      ["doctor", "--format", "json"] + arguments + CommandSupport.arguments(all),
      environment: environment)
    let ending = child.wait(until: SystemClock().now() + .seconds(120))
    let output = String(decoding: child.output, as: UTF8.self)
    let report = try? JsonValue.parse(output)
    return Found(
      ending: ending, output: output,
      report: try #require(report, "\(output)\(child.errorText)"))
  }

  @Test func `all well is exit code 0, and nothing is left behind`() throws {
    let folder = try TemporaryFolder()
    let found = try doctor(folder.path)
    // A temporary folder in memory is a fault of its own.
    let holds = try RingVolume(at: folder.path).forgetsBecause == nil
    #expect(found.ending == .exited(holds ? 0 : 1), "\(found.output)")
    #expect(found.report["well"]?.bool == holds)
    #expect(found.status("server") == "skipped" && found.status("sample") == "ok")
    #expect(try FileSystem.names(in: folder.path).isEmpty)
  }

  @Test func `a wrong configuration is exit code 78, said as a finding`() throws {
    let folder = try TemporaryFolder()
    let found = try doctor(folder.path, ["ring.sise=1GiB"])
    #expect(found.ending == .exited(78))
    #expect(found.status("configuration") == "failed")
  }

  @Test func `a refused port fails, as text in 80 columns without colours`() throws {
    let folder = try TemporaryFolder()
    let settings =
      Self.usual + [
        "agent.state_dir=\(folder.path)", "elasticsearch.hosts=\(CommandSupport.unreachable)",
      ]
    let text = try ProgramUnderTest.run(["doctor"], settings: settings)
    #expect(text.ending == .exited(1), "\(text.output)")
    #expect(text.output.contains("FAILED   tcp          127.0.0.1:1 takes no connection."))
    #expect(text.output.contains("skipped  credentials  no host can be reached; see tcp"))
    #expect(!text.output.contains("\u{1B}"), "a pipe gets no colours")
    let lines = text.output.split(separator: "\n").filter { !$0.contains("$ ") }
    #expect(lines.allSatisfy { $0.count <= 80 || $0.contains(folder.path) }, "\(text.output)")
    let quiet = try ProgramUnderTest.run(["doctor", "--quiet"], settings: settings)
    #expect(quiet.output.hasPrefix("FAILED   tcp"), "\(quiet.output)")
    #expect(!quiet.output.contains("\nok ") && !quiet.output.contains("checks:"))
  }

  @Test func `a warning is exit code 0, and 1 with --strict`() throws {
    let folder = try TemporaryFolder()
    guard try RingVolume(at: folder.path).forgetsBecause == nil else { return }
    try FileSystem.replace("\(folder.path)/hook", with: Array("a secret long enough\n".utf8))
    let settings = [
      "inputs.webhook.bearer=[{file: \(folder.path)/hook, until: 2026-01-01}]"
    ]
    let lenient = try doctor(folder.path, settings)
    #expect(lenient.ending == .exited(0), "\(lenient.output)")
    #expect(lenient.status("configuration") == "warning")
    #expect(lenient.report["warnings"]?.integer ?? 0 > 0)
    #expect(try doctor(folder.path, settings, ["--strict"]).ending == .exited(1))
  }

  @Test func `a port in use is told with who has it`() throws {
    let folder = try TemporaryFolder()
    let listener = try TcpListener(listeningOn: "127.0.0.1:0")
    let found = try doctor(folder.path, ["inputs.tcp.listen=127.0.0.1:\(listener.port)"])
    #expect(found.ending == .exited(1))
    #expect(
      found.title("port").contains("is in use by")
        && found.title("port").contains("(process \(Environment.processId))"),
      "\(found.title("port"))")
  }

  @Test func `a running agent's ports are its own, and HTTP and Beats at its TCP port are told`()
    throws
  {
    let folder = try TemporaryFolder()
    let agent = try AgentProcess(stateDirectory: folder.path)
    for words in ["GET / HTTP/1.1\r\nHost: x\r\n\r\n", "2W\u{0}\u{0}\u{0}\u{1}"] {
      let client = try TcpClient(port: agent.tcpPort)
      try client.send(words)
      client.finishSending()
      _ = try? client.receiveAll()
    }
    let plain = try TcpClient(port: agent.tcpPort)
    try plain.send(#"{"model":"nobody-knows-it","usage":{"prompt_tokens":1}}"# + "\n")
    plain.finishSending()
    #expect(try agent.wait(until: "accepted", isAtLeast: 1))
    let ports = ["inputs.tcp.listen=127.0.0.1:\(agent.tcpPort)"]
    var found = try doctor(folder.path, ports)
    // What the status shows is a moment old.
    _ = try CommandSupport.wait {
      found = try doctor(folder.path, ports)
      return found.all("senders").count == 2 && found.status("prices") == "warning"
    }
    #expect(found.title("port").contains("our running agent's, process \(agent.child.processId)"))
    #expect(found.status("agent") == "ok" && found.status("ring") == "ok")
    #expect(found.title("ring").contains("held by sheepshipper"), "\(found.title("ring"))")
    let senders = found.all("senders").compactMap { $0["title"]?.string }
    #expect(
      senders.contains { $0.contains("1 connection") && $0.contains("spoke HTTP") }, "\(senders)")
    #expect(senders.contains { $0.contains("spoke Beats") }, "\(senders)")
    #expect(found.title("prices").hasPrefix("1 event "), "\(found.title("prices"))")
    #expect(agent.terminate() == .exited(0))
    // Another one with the same port finds it in use no more.
    #expect(try doctor(folder.path, ports).status("port") == "ok")
  }

  @Test func `another state directory's agent has the port`() throws {
    let (folder, other) = (try TemporaryFolder(), try TemporaryFolder())
    let agent = try AgentProcess(stateDirectory: folder.path)
    let found = try doctor(other.path, ["inputs.tcp.listen=127.0.0.1:\(agent.tcpPort)"])
    #expect(found.status("port") == "failed")
    #expect(found.all("port").first?["detail"]?.string?.contains("another agent.state_dir") == true)
    #expect(agent.terminate() == .exited(0))
  }

  @Test(.enabled(if: FailingDisk.isAvailable, Comment(rawValue: FailingDisk.missing)))
  func `a slow disk, a full one, a spent quota and a broken one`() throws {
    let folder = try TemporaryFolder()
    let disk = try FailingDisk(below: folder.path)
    func look() throws -> Found { try doctor(folder.path, environment: disk.environment) }
    try disk.set(.init(call: "fdatasync", what: "slow", count: 0, path: "*"))
    let slow = try look()
    // A loaded machine makes it slower still.
    #expect(["warning", "failed"].contains(slow.status("fsync")), "\(slow.output)")
    #expect(slow.title("fsync").contains("takes "), "\(slow.title("fsync"))")
    try disk.set(.init(call: "pwrite", what: "ENOSPC", count: 0, path: "*"))
    let full = try look()
    #expect(full.ending == .exited(1) && full.status("disk space") == "failed")
    #expect(full.title("disk space").contains("No space left on device"))
    try disk.set(.init(call: "pwrite", what: "EDQUOT", count: 0, path: "*"))
    #expect(try look().all("disk space").first?["commands"]?[0]?.string == "quota -s")
    try disk.set(.init(call: "fdatasync", what: "EIO", count: 0, path: "*"))
    let broken = try look()
    #expect(broken.status("fsync") == "failed")
    #expect(broken.title("fsync").contains("Input/output error"))
  }

  @Test func `a delivery that is refused is told by the agent and by the server`() throws {
    let folder = try TemporaryFolder()
    let server = try BulkServer(.refusesCredentials)
    defer { server.stop() }
    let settings = [
      "elasticsearch.hosts=\(server.url)", "elasticsearch.user=a", "elasticsearch.password=b",
    ]
    let agent = try AgentProcess(stateDirectory: folder.path, settings: settings)
    var found = try doctor(folder.path, settings)
    _ = try CommandSupport.wait {
      found = try doctor(folder.path, settings)
      return found.status("agent") == "failed"
    }
    #expect(found.status("credentials") == "failed" && found.status("agent") == "failed")
    #expect(found.title("agent").contains("paused"), "\(found.title("agent"))")
    #expect(found.ending == .exited(1))
    #expect(agent.terminate() == .exited(0))
  }
}
