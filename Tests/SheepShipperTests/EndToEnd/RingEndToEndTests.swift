import LogPipeline
import TestSupport
import Testing

/// Goal: what waits in a ring can be seen, checked, taken out and moved to another size by the commands alone, and is
/// delivered once.
/// Method: the built program without a server, killed; each command; the export replayed; then a server that keeps each
/// id once.
@Suite struct RingEndToEndTests {
  private let folder: TemporaryFolder
  private var ringPath: String { "\(folder.path)/ring" }

  init() throws { folder = try TemporaryFolder() }

  private func ring(
    _ arguments: [String], settings: [String] = []
  ) throws -> ProgramUnderTest.Result {
    try ProgramUnderTest.run(
      ["ring"] + arguments, settings: ["agent.state_dir=\(folder.path)"] + settings)
  }

  private func status() throws -> JsonValue {
    let result = try ring(["status", "--format", "json"])
    #expect(result.ending == .exited(0), "\(result.error)")
    return try JsonValue.parse(result.output)
  }

  /// An agent that reaches nobody takes events, and is killed.
  /// In two commits at least: of what only one commit holds, damage can not be told from a write that was cut short.
  private func fillAndKill(_ count: Int, whileRunning: (AgentProcess) throws -> Void) throws {
    let agent = try AgentProcess(
      stateDirectory: folder.path,
      settings: ["elasticsearch.hosts=\(CommandSupport.unreachable)"])
    let lines = (0..<count).map { Array(RelayEvents.event($0, run: "e").line.utf8) }
    for part in [lines[..<(count / 2)], lines[(count / 2)...]] {
      try SampleSender.send(Array(part), to: agent)
      #expect(try agent.wait(until: "accepted", isAtLeast: part.endIndex), "\(agent.log)")
    }
    try whileRunning(agent)
    agent.kill()
  }

  @Test func `seen, checked, exported, replayed, resized, delivered once`() throws {
    let count = 3000
    try fillAndKill(count) { _ in
      let text = try ring(["status"])
      #expect(text.output.contains("in use by a running agent"), "\(text.output)")
      #expect(text.output.contains("waiting   3,000 events"), "\(text.output)")
      #expect(try status()["balanced"]?.bool == true)
      #expect(try ring(["verify"]).ending == .exited(0))
      let refused = try ring(["export", "\(folder.path)/w.ndjson.gz"])
      #expect(refused.ending == .exited(70) && refused.error.contains("in use by a running agent"))
      #expect(try ring(["resize", "32MiB"]).error.contains("Stop that agent first"))
      #expect(!FileSystem.exists("\(folder.path)/w.ndjson.gz"))
    }
    let stopped = try status()
    #expect(stopped["in_use"]?.bool == false && stopped["balanced"]?.bool == true)
    #expect(stopped["consumers"]?[0]?["waiting"]?.integer == Int64(count))
    let verified = try ring(["verify"])
    #expect(verified.ending == .exited(0) && verified.output.contains("The ring is whole."))

    let export = "\(folder.path)/waiting.ndjson.gz"
    let exported = try ring(["export", export])
    #expect(exported.ending == .exited(0), "\(exported.error)")
    #expect(exported.output.contains("Exported 3,000 events"))
    #expect(try ring(["export", export]).error.contains("There is a file at \(export) already"))

    let server = try BulkServer()
    defer { server.stop() }
    let replayed = try ProgramUnderTest.run(
      ["replay", export], settings: CommandSupport.settings(folder, to: server.url))
    #expect(replayed.ending == .exited(0), "\(replayed.error)")
    #expect(try server.requestIds.sorted() == CommandSupport.ids(0..<count, run: "e"))

    let resized = try ring(["resize", "24MiB"])
    #expect(resized.ending == .exited(0), "\(resized.error)")
    #expect(resized.output.contains("set ring.size to 24MiB"))
    #expect(try FileSystem.status(of: ringPath).sizeBytes == 24 << 20)
    #expect(try FileSystem.status(of: ringPath).mode == 0o600)
    #expect(try ring(["verify"]).ending == .exited(0))

    let wrongSize = try ProgramUnderTest.run(
      ["run"], settings: CommandSupport.settings(folder, to: server.url) + ["admin.listen=off"])
    #expect(wrongSize.ending == .exited(78))
    #expect(wrongSize.error.contains("sheepshipper ring resize 16777216"), "\(wrongSize.error)")

    let agent = try AgentProcess(
      stateDirectory: folder.path,
      settings: ["elasticsearch.hosts=\(server.url)", "ring.size=24MiB"])
    // The replay had brought them all: each is there already, under its own id.
    #expect(try agent.wait(until: "duplicate", isAtLeast: count), "\(agent.log)")
    #expect(try agent.ledger("waiting") == 0)
    try CommandSupport.expectBalanced(agent)
    #expect(agent.terminate() == .exited(0))
    #expect(try server.requestIds.sorted() == CommandSupport.ids(0..<count, run: "e"))
    let after = try status()
    #expect(after["closed_cleanly"]?.bool == true && after["balanced"]?.bool == true)
    #expect(after["consumers"]?[0]?["waiting"]?.integer == 0)
  }

  @Test func `a resized ring is delivered whole, and the archive takes an export, too`() throws {
    try fillAndKill(500) { _ in }
    #expect(try ring(["resize", "32MiB"]).ending == .exited(0))
    #expect(try ring(["export", "\(folder.path)/x.ndjson.gz"]).ending == .exited(0))
    let other = try TemporaryFolder()
    let replayed = try ProgramUnderTest.run(
      ["replay", "\(folder.path)/x.ndjson.gz"], settings: CommandSupport.settings(other))
    #expect(replayed.ending == .exited(0), "\(replayed.error)")
    #expect(
      try CommandSupport.archivedIds(in: other.path) == CommandSupport.ids(0..<500, run: "e"))
    let agent = try AgentProcess(stateDirectory: folder.path, settings: ["ring.size=32MiB"])
    #expect(try agent.wait(until: "delivered", isAtLeast: 500), "\(agent.log)")
    #expect(agent.terminate() == .exited(0))
    #expect(
      try CommandSupport.archivedIds(in: folder.path) == CommandSupport.ids(0..<500, run: "e"))
  }

  @Test func `damage is found and skipped, with exit code 65, and counted by the agent`() throws {
    try fillAndKill(2000) { _ in }
    let copy = "\(folder.path)/copy"
    var bytes = try FileSystem.read(ringPath)
    bytes[Int(RingLayout.dataStart) + 300] ^= 4
    try FileSystem.replace(copy, with: bytes)
    let verified = try ring(["verify", "--file", copy, "--format", "json"])
    #expect(verified.ending == .exited(65))
    let found = try JsonValue.parse(verified.output)
    let lost = try #require(found["events_lost"]?.integer)
    #expect(found["whole"]?.bool == false && found["fault_count"]?.integer == 1 && lost > 0)
    let exported = try ring(["export", "\(folder.path)/y.ndjson.gz", "--file", copy])
    #expect(exported.ending == .exited(65), "\(exported.output)")
    let lines = try ArchiveLines.read("\(folder.path)/y.ndjson.gz")
    #expect(Int64(lines.count) == 2000 - lost)
    let resized = try ring(["resize", "32MiB", "--file", copy])
    #expect(resized.ending == .exited(65) && resized.error.contains("It was not changed"))
    #expect(try FileSystem.read(copy) == bytes)

    try FileSystem.replace(ringPath, with: bytes)
    let agent = try AgentProcess(stateDirectory: folder.path)
    #expect(try agent.wait(until: "delivered", isAtLeast: 2000 - Int(lost)), "\(agent.log)")
    #expect(try agent.ledger("quarantined") == Int(lost))
    #expect(agent.terminate() == .exited(0))
  }
}
