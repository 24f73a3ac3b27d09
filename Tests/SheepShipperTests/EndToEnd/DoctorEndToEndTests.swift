import LogPipeline
import TestSupport
import Testing

/// Goal: one command says whether the ring's promise holds on a disk, and leaves nothing there.
/// Method: the built program on the disk of the temporary folder, and in memory where there is such a folder.
@Suite struct DoctorEndToEndTests {
  private func crashTest(_ folder: String, _ more: String...) throws -> ProgramUnderTest.Result {
    try ProgramUnderTest.run(
      ["doctor", "--crash-test", folder, "--rounds", "3", "--size", "16MiB"] + more)
  }

  @Test func `it says in one sentence whether the promise holds, for people and programs`() throws {
    let folder = try TemporaryFolder()
    // A temporary folder in memory survives every kill too, and forgets at power loss.
    let holds = try RingVolume(at: folder.path).forgetsBecause == nil
    let text = try crashTest(folder.path)
    #expect(text.ending == .exited(holds ? 0 : 1))
    #expect(
      text.output.hasPrefix("The promise \(holds ? "holds" : "does NOT hold") in \(folder.path): "),
      "\(text.output)\(text.error)")
    #expect(text.output.contains("fdatasync:    p50 "))
    #expect(text.output.contains("What kill -9 can not show: power loss."))
    let json = try JsonValue.parse(crashTest(folder.path, "--format", "json").output)
    #expect(json["holds"] == .bool(holds))
    #expect(json["rounds"]?.integer == 3 && json["lost"]?.integer == 0)
    #expect(json["sums_exact"] == .bool(true))
    #expect(json["file_system"]?["type"]?.string?.isEmpty == false)
    #expect(try FileSystem.names(in: folder.path).isEmpty)
  }

  @Test func `a folder in memory does not hold the promise`() throws {
    guard (try? RingVolume(at: "/dev/shm"))?.forgetsBecause != nil else { return }
    let found = try crashTest("/dev/shm")
    #expect(found.ending == .exited(1))
    #expect(found.output.contains("does NOT hold in /dev/shm"))
    #expect(found.output.contains("because it lies in memory"))
  }

  @Test func `stopped, it takes its process and its folder away`() throws {
    let folder = try TemporaryFolder()
    let child = try ChildProcess(
      ProgramUnderTest.path, ["doctor", "--crash-test", folder.path, "--rounds", "10000"])
    let isAtWork = CommandSupport.wait { (try? !FileSystem.names(in: folder.path).isEmpty) == true }
    #expect(isAtWork)
    child.signal(.interrupt)
    #expect(child.wait(until: SystemClock().now() + .seconds(60)) == .exited(70))
    #expect(child.errorText.contains("stopped before it was done"))
    #expect(try FileSystem.names(in: folder.path).isEmpty)
  }

  @Test func `the writer is in no help and ends with its parent`() throws {
    #expect(!(try ProgramUnderTest.run(["help", "doctor"]).output.contains("crash-test-writer")))
    #expect(!(try ProgramUnderTest.run(["help"]).output.contains("crash-test-writer")))
    #expect(try ProgramUnderTest.run(["crash-test-writer"]).ending == .exited(64))
    let folder = try TemporaryFolder()
    // Its input is at its end from the start.
    let alone = try ProgramUnderTest.run(
      ["crash-test-writer", "\(folder.path)/ring", "\(16 << 20)", "1"])
    #expect(alone.ending == .exited(0))
  }
}
