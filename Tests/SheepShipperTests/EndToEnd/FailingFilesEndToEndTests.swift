import LogPipeline
import TestSupport
import Testing

/// Goal: the files beside the ring (refused frames, dead letters, checkpoints, key) can fail without costing an event,
/// and the operator reads which one, what became of the data and what to do.
/// Method: the built program on a disk that fails at that file alone.
@Suite(.serialized, .enabled(if: FailingDisk.isAvailable, "\(FailingDisk.missing)"))
struct FailingFilesEndToEndTests {
  private static let unlisted =
    "The list of refused frames can not be written; they are counted, but not listed. Free space or repair the folder."

  @Test(arguments: [
    FailingDisk.Rule(call: "write", what: "ENOSPC", count: 0, path: "/refused.ndjson"),
    .init(call: "write", what: "EIO", count: 0, path: "/refused.ndjson"),
    .init(call: "open", what: "ENOSPC", count: 0, path: "/refused.ndjson"),
  ])
  func `refused frames that can not be listed are counted, and events are taken all the same`(
    rule: FailingDisk.Rule
  ) throws {
    let bench = try FailingDiskBench()
    // From the start: a list that can not be opened is no reason to take nothing in.
    try bench.disk.set(rule)
    let agent = try bench.start()
    try sendNonsense(to: agent, count: 1)
    #expect(agent.child.waitForError(Self.unlisted, until: SystemClock().now() + .seconds(30)))
    try bench.post(0..<20, to: agent, expecting: 200)
    #expect(try CommandSupport.wait { try unwritten(agent) == 1 }, "\(agent.log)")
    try bench.disk.mend()
    try sendNonsense(to: agent, count: 2)
    let path = "\(bench.folder.path)/refused.ndjson"
    #expect(
      CommandSupport.wait {
        ((try? FileSystem.read(path))?.split(separator: UInt8(ascii: "\n")).count ?? 0) == 1
      })
    #expect(try agent.ledger("refused") == 2)
    #expect(try unwritten(agent) == 1)
    agent.kill()
    try bench.expectAllThere(0..<20)
  }

  @Test func `a torn line of the refused frames is not joined to the next one`() throws {
    let bench = try FailingDiskBench()
    let agent = try bench.start()
    try sendNonsense(to: agent, count: 1)
    try bench.disk.set(
      .init(call: "write", what: "short", count: 1, path: "/refused.ndjson"),
      .init(call: "write", what: "ENOSPC", count: 1, path: "/refused.ndjson"))
    try sendNonsense(to: agent, count: 2)
    #expect(agent.child.waitForError(Self.unlisted, until: SystemClock().now() + .seconds(30)))
    try sendNonsense(to: agent, count: 3)
    let path = "\(bench.folder.path)/refused.ndjson"
    #expect(
      CommandSupport.wait {
        let lines = (try? FileSystem.read(path))?.split(separator: UInt8(ascii: "\n")) ?? []
        return lines.count { (try? JsonValue.parse(Array($0))) != nil } == 2 && lines.count == 3
      })
  }

  @Test(arguments: [
    FailingDisk.Rule(call: "sync", what: "ENOSPC", count: 0, path: "/dead-letters"),
    .init(call: "write", what: "EIO", count: 0, path: "/dead-letters"),
    .init(call: "open", what: "EDQUOT", count: 0, path: "/dead-letters"),
  ])
  func `a dead letter that can not be written keeps its event, and comes once the disk can`(
    rule: FailingDisk.Rule
  ) throws {
    let bench = try FailingDiskBench()
    try bench.disk.set(rule)
    bench.server.set(.refusesDocuments(holding: "\"d-7\""))
    let agent = try bench.start()
    try bench.post(0..<20, to: agent, expecting: 200)
    let path = "\(bench.folder.path)/dead-letters.ndjson"
    #expect(
      agent.child.waitForError(
        "Dead letters can not be written to \(path): ", until: SystemClock().now() + .seconds(30)))
    #expect(agent.log.contains("The events are kept and tried again. Free space there"))
    #expect(try agent.ledger("dead_lettered") == 0)
    #expect(try agent.ledger("waiting") > 0)
    #expect(((try? FileSystem.read(path)) ?? []).isEmpty, "half a dead letter stayed")
    agent.kill()
    let next = try AgentProcess(stateDirectory: bench.folder.path, settings: bench.settings)
    #expect(try CommandSupport.wait { try next.ledger("waiting") == 0 }, "\(next.log)")
    #expect(try next.ledger("dead_lettered") == 1)
    try CommandSupport.expectBalanced(next)
    let letters = try FileSystem.read(path).split(separator: UInt8(ascii: "\n"))
    #expect(letters.count == 1)
    #expect(try bench.server.requestIds.count == 19)
  }

  @Test func `a checkpoint that can not be saved costs nothing but reading again`() throws {
    let bench = try FailingDiskBench()
    bench.server.set(.takes)
    let file = "\(bench.folder.path)/in.ndjson"
    try CommandSupport.write(CommandSupport.lines(0..<100, run: "d"), to: file)
    try bench.disk.set(.init(call: "rename", what: "EIO", count: 0, path: "/replay/"))
    let first = try replay(file, bench, bench.disk.environment)
    #expect(first.errorText.contains("How far \(file) is replayed could not be saved to"))
    #expect(
      first.errorText.contains("it would go back to the place saved before, doubling nothing"))
    try bench.disk.mend()
    let second = try replay(file, bench, nil)
    #expect(second.outputText.contains("duplicate  100"), "\(second.outputText)")
    #expect(try bench.server.requestIds.count == 100)
    let third = try replay(file, bench, nil)
    #expect(third.outputText.contains("1 were already replayed"), "\(third.outputText)")
  }

  @Test(arguments: [
    FailingDisk.Rule(call: "open", what: "ENOSPC", path: "/content.key"),
    .init(call: "write", what: "ENOSPC", path: "/content.key"),
    .init(call: "fsync", what: "EIO", path: "/content.key"),
    .init(call: "rename", what: "EIO", path: "/content.key"),
  ])
  func `a key that can not be made ends the start, and half of one is never taken for a key`(
    rule: FailingDisk.Rule
  ) throws {
    let bench = try FailingDiskBench()
    try bench.disk.set(rule)
    let child = try bench.begin()
    #expect(child.wait(until: SystemClock().now() + .seconds(60)) == .exited(78))
    let path = "\(bench.folder.path)/content.key"
    #expect(
      child.errorText.contains("The privacy key at \(path) can not be read or made"),
      "\(child.errorText)")
    #expect(child.errorText.contains("Nothing was taken in."))
    #expect(!FileSystem.exists(path))
    try bench.disk.mend()
    let agent = try bench.start()
    try bench.post(0..<20, to: agent, expecting: 200)
    agent.kill()
    try bench.expectAllThere(0..<20)
  }

  private func sendNonsense(to agent: AgentProcess, count: Int) throws {
    let connection = try TcpClient(port: agent.tcpPort)
    try connection.send("this is no event\n")
    connection.finishSending()
    _ = try? connection.receiveAll()
    #expect(try agent.wait(until: "refused", isAtLeast: count))
  }

  private func unwritten(_ agent: AgentProcess) throws -> Int64? {
    try agent.status()["input"]?["refused_unwritten_total"]?.integer
  }

  private func replay(
    _ file: String, _ bench: FailingDiskBench, _ environment: [String: String]?
  ) throws -> ChildProcess {
    let settings = CommandSupport.settings(bench.folder, to: bench.server.url)
    let child = try ChildProcess(
      ProgramUnderTest.path, ["replay", file] + CommandSupport.arguments(settings),
      environment: environment)
    #expect(child.wait(until: SystemClock().now() + .seconds(60)) == .exited(0))
    return child
  }
}
