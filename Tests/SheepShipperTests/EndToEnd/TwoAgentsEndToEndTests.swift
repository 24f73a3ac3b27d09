import LogPipeline
import TestSupport
import Testing

/// Goal: two agents on one state directory, or hands on the ring's file while it is in use, overwrite nothing; what can
/// not be safe is said.
/// Method: the built program twice on one folder, and its files moved about under it.
@Suite(.serialized) struct TwoAgentsEndToEndTests {
  @Test func `a second agent waits, then refuses with the reason, and the first goes on`() throws {
    let bench = try FailingDiskBench()
    let first = try start(bench)
    try bench.post(0..<20, to: first, expecting: 200)
    let second = try ProgramUnderTest.run(["run"], settings: settings(bench))
    #expect(second.ending == .exited(78), "\(second.error)")
    #expect(second.error.contains("Another process holds the ring; waiting"), "\(second.error)")
    let ring = "\(bench.folder.path)/ring"
    #expect(
      second.error.contains(
        "The ring at \(ring) is in use by another process. Nothing was touched."),
      "\(second.error)")
    try bench.post(20..<40, to: first, expecting: 200)
    first.kill()
    try bench.expectAllThere(0..<40)
  }

  @Test func `a second agent that waits takes over when the first has ended`() throws {
    let bench = try FailingDiskBench()
    let first = try start(bench)
    try bench.post(0..<20, to: first, expecting: 200)
    let second = try AgentProcess.begin(
      stateDirectory: bench.folder.path, settings: bench.settings)
    #expect(second.waitForError("waiting", until: SystemClock().now() + .seconds(30)))
    first.kill()
    #expect(
      second.waitForError("Taking events.", until: SystemClock().now() + .seconds(30)),
      "\(second.errorText)")
    second.signal(.kill)
    _ = second.wait(until: SystemClock().now() + .seconds(10))
    try bench.expectAllThere(0..<20)
  }

  @Test func `several agents started at once on an empty folder: one serves, the others refuse`()
    throws
  {
    let bench = try FailingDiskBench()
    let children = try (0..<4).map { _ in
      try AgentProcess.begin(stateDirectory: bench.folder.path, settings: bench.settings)
    }
    #expect(
      CommandSupport.wait(within: .seconds(60)) {
        children.count { $0.wait(until: SystemClock().now()) == .exited(78) } == 3
      }, "\(children.map(\.errorText))")
    #expect(children.count { $0.errorText.contains("Taking events.") } == 1)
    #expect(
      children.count { $0.errorText.contains("is in use by another process") } == 3,
      "\(children.map(\.errorText))")
    for child in children { child.signal(.kill) }
  }

  @Test(arguments: ["removed", "replaced by another"])
  func `a ring file that is taken away under a running agent is said, and nothing is overwritten`(
    how: String
  ) throws {
    let bench = try FailingDiskBench()
    let (ring, aside) = ("\(bench.folder.path)/ring", "\(bench.folder.path)/aside")
    let first = try start(bench)
    try bench.post(0..<20, to: first, expecting: 200)
    try FileSystem.rename(ring, to: aside)
    let foreign = [UInt8](repeating: 7, count: 16 << 20)
    if how != "removed" { try FileSystem.replace(ring, with: foreign) }
    #expect(
      first.child.waitForError(
        "The ring's file was removed or replaced while in use: no more events are taken in.",
        until: SystemClock().now() + .seconds(30)), "\(first.log)")
    let ready = try first.admin.get("/readyz")
    #expect(ready.status == 503)
    #expect(ready.text.contains("the ring's file was removed or replaced"), "\(ready.text)")
    try bench.post(20..<40, to: first, expecting: 503)
    if how != "removed" {
      #expect(try FileSystem.read(ring) == foreign, "somebody else's file was written to")
      let second = try ProgramUnderTest.run(["run"], settings: settings(bench))
      #expect(second.ending == .exited(78), "\(second.error)")
      #expect(second.error.contains("is no ring"), "\(second.error)")
      #expect(try FileSystem.read(ring) == foreign)
    }
    first.kill()
    // Put back, all that was answered is there.
    try FileSystem.rename(aside, to: ring)
    try bench.expectAllThere(0..<20)
  }

  @Test func `a ring file that was put back serves again after a restart`() throws {
    let bench = try FailingDiskBench()
    let (ring, aside) = ("\(bench.folder.path)/ring", "\(bench.folder.path)/aside")
    let agent = try start(bench)
    try FileSystem.rename(ring, to: aside)
    #expect(try CommandSupport.wait { try agent.admin.get("/readyz").status == 503 })
    try FileSystem.rename(aside, to: ring)
    // Somebody else may have used the path meanwhile: only a new start looks at the file anew.
    try bench.post(0..<20, to: agent, expecting: 503)
    agent.kill()
    let again = try start(bench)
    #expect(try again.admin.get("/readyz").status == 200)
    try bench.post(0..<20, to: again, expecting: 200)
  }

  @Test func `two agents after the file was removed each keep to their own`() throws {
    let bench = try FailingDiskBench()
    let first = try start(bench)
    try bench.post(0..<20, to: first, expecting: 200)
    try FileSystem.remove("\(bench.folder.path)/ring")
    let second = try start(bench)
    try bench.post(20..<40, to: second, expecting: 200)
    try bench.post(40..<60, to: first, expecting: 503)
    bench.server.set(.takes)
    for agent in [first, second] {
      #expect(try CommandSupport.wait { try agent.ledger("waiting") == 0 }, "\(agent.log)")
      #expect(try agent.ledger("accepted") == 20 && agent.ledger("delivered") == 20)
      #expect(agent.terminate() == .exited(0))
    }
    try bench.expectAllThere(0..<40)
  }

  private func settings(_ bench: FailingDiskBench) -> [String] {
    bench.settings + [
      "agent.state_dir=\(bench.folder.path)", "inputs.tcp.listen=127.0.0.1:0",
      "inputs.webhook.listen=127.0.0.1:0", "admin.listen=127.0.0.1:0", "ring.size=16MiB",
    ]
  }

  /// On the whole disk.
  private func start(_ bench: FailingDiskBench) throws -> AgentProcess {
    try AgentProcess(stateDirectory: bench.folder.path, settings: bench.settings)
  }
}
