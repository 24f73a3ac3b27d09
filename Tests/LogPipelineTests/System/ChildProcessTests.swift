import LogPipeline
import Testing

@Suite struct ChildProcessTests {
  private var soon: MonotonicTime { SystemClock().now() + .seconds(20) }

  @Test func `its streams and its exit code come back`() throws {
    let child = try ChildProcess(
      "/bin/sh", ["-c", "read word; echo \"got $word $NAME in $PWD\"; echo bad >&2; exit 7"],
      environment: ["NAME": "x y"], folder: "/", input: .pipe)
    try child.write(Array("hello\n".utf8))
    child.closeInput()
    #expect(child.wait(until: soon) == .exited(7))
    #expect(child.outputText == "got hello x y in /\n")
    #expect(child.errorText == "bad\n")
    #expect(child.wait(until: soon) == .exited(7), "asked again")
  }

  @Test func `a lot of output on both pipes stops nobody`() throws {
    let child = try ChildProcess(
      "/bin/sh", ["-c", "head -c 3000000 /dev/zero; head -c 2000000 /dev/zero >&2"])
    #expect(child.wait(until: soon) == .exited(0))
    #expect(child.output.count == 3_000_000)
    #expect(child.errorOutput.count == 2_000_000)
  }

  @Test func `a signal is told from an exit`() throws {
    let child = try ChildProcess("/bin/sh", ["-c", "echo ready; exec sleep 60"])
    #expect(child.waitForOutput("ready", until: soon))
    #expect(child.wait(until: SystemClock().now() + .milliseconds(20)) == nil, "it still runs")
    child.signal(.terminate)
    #expect(child.wait(until: soon) == .signalled(15))
    child.signal(.kill)
  }

  @Test func `text that never comes ends the wait with the output`() throws {
    let child = try ChildProcess("/bin/sh", ["-c", "echo other; echo words >&2"])
    #expect(!child.waitForOutput("ready", until: soon))
    #expect(child.waitForError("words", until: soon))
    #expect(child.wait(until: soon) == .exited(0))
  }

  @Test func `a program that is not there is an error, not a child`() {
    let error = #expect(throws: SystemError.self) { try ChildProcess("/no/such/program") }
    #expect(error?.code == SystemError.noEntry)
  }

  @Test func `it is killed when nobody holds it any more`() throws {
    let processId: Int32
    do {
      let child = try ChildProcess("/bin/sleep", ["60"])
      processId = child.processId
    }
    #expect(!FileSystem.exists("/proc/\(processId)"))
  }

  @Test func `files serve as streams, and a broken pipe ends the child as it should`() throws {
    let folder = try FileSystem.makeTemporaryDirectory(prefix: "child-")
    try FileSystem.replace("\(folder)/in", with: Array("line\n".utf8))
    let child = try ChildProcess(
      "/bin/cat", input: .file("\(folder)/in"), output: .file("\(folder)/out"), error: .null)
    #expect(child.wait(until: soon) == .exited(0))
    #expect(try FileSystem.read("\(folder)/out") == Array("line\n".utf8))
    // SIGPIPE is ignored here and must not be there.
    Environment.ignoreBrokenPipes()
    let piped = try ChildProcess(
      "/bin/bash", ["-c", "yes | head -1; echo ${PIPESTATUS[0]}"])
    #expect(piped.wait(until: soon) == .exited(0))
    #expect(piped.outputText == "y\n141\n")
    try FileSystem.remove("\(folder)/in")
    try FileSystem.remove("\(folder)/out")
    try FileSystem.removeDirectory(folder)
  }
}
