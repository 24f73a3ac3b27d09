import LogPipeline
import TestSupport
import Testing

/// Goal: whoever pipes a relay's output learns exactly what became of each line, and loses none.
/// Method: the built program with files and pipes on standard input, and a server that keeps each id once.
@Suite struct PipeEndToEndTests {
  @Test func `all that comes is delivered, and bad lines are named and counted`() throws {
    let (folder, server) = (try TemporaryFolder(), try BulkServer())
    defer { server.stop() }
    let bad = #"this is no JSON"# + "\n[1]\n{\"v\":NaN}\n\n"
    // The last line has no end.
    let input =
      CommandSupport.lines(0..<300, run: "p") + Array(bad.utf8)
      + CommandSupport.lines(300..<301, run: "p").dropLast()
    let result = try pipe(input, folder, server.url)
    #expect(result.ending == .exited(0), "\(result.error)")
    #expect(try server.requestIds.sorted() == CommandSupport.ids(0..<301, run: "p"))
    #expect(result.error.contains("Read 301 events"), "\(result.error)")
    #expect(result.error.contains("Refused 3 lines"))
    let refused = "\(folder.path)/pipe/default/refused.ndjson"
    #expect(result.error.contains(refused), "the message names the file: \(result.error)")
    #expect(try FileSystem.read(refused).split(separator: 0x0A).count == 3)
    #expect(result.error.contains("All delivered."))
    #expect(result.output.isEmpty)
  }

  @Test func `each of a thousand refused lines is in refused.ndjson`() throws {
    let folder = try TemporaryFolder()
    let result = try pipe(Array(String(repeating: "bad\n", count: 1000).utf8), folder, nil)
    #expect(result.ending == .exited(0), "\(result.error)")
    let refused = try FileSystem.read("\(folder.path)/pipe/default/refused.ndjson")
    #expect(refused.split(separator: 0x0A).count == 1000)
  }

  @Test func `without Elasticsearch it says that events are in the archive`() throws {
    let folder = try TemporaryFolder()
    let result = try pipe(CommandSupport.lines(0..<10, run: "a"), folder, nil)
    #expect(result.ending == .exited(0), "\(result.error)")
    let place = "Into files of \(folder.path)/archive: elasticsearch.hosts is not set."
    #expect(result.error.contains("All delivered. \(place)"), "\(result.error)")
    #expect(
      try CommandSupport.archivedIds(in: folder.path) == CommandSupport.ids(0..<10, run: "a"))
  }

  @Test func `gzip is read, and nothing at all is fine`() throws {
    let (folder, server) = (try TemporaryFolder(), try BulkServer())
    defer { server.stop() }
    let zipped = try pipe(
      Gzip.compress(CommandSupport.lines(0..<200, run: "z")), folder, server.url)
    #expect(zipped.ending == .exited(0), "\(zipped.error)")
    #expect(try server.requestIds.sorted() == CommandSupport.ids(0..<200, run: "z"))
    let nothing = try pipe([], folder, server.url)
    #expect(nothing.ending == .exited(0), "\(nothing.error)")
    #expect(nothing.error.contains("Read 0 events"))
  }

  @Test func `gzip that is cut short exits with 66, says so, and what is whole is delivered`()
    throws
  {
    let (folder, server) = (try TemporaryFolder(), try BulkServer())
    defer { server.stop() }
    let cut = Array(Gzip.compress(CommandSupport.lines(0..<2000, run: "c")).dropLast(3000))
    let result = try pipe(cut, folder, server.url)
    #expect(result.ending == .exited(66), "\(result.error)")
    #expect(result.error.contains("gzip cut short"))
    let stored = try server.requestIds
    #expect(stored.count > 100 && Set(stored).count == stored.count)
  }

  @Test func `unreachable Elasticsearch: 75, and the next pipe of that name delivers, once each`()
    throws
  {
    let folder = try TemporaryFolder()
    let input = CommandSupport.lines(0..<400, run: "d")
    let began = SystemClock().now()
    let first = try pipe(
      input, folder, CommandSupport.unreachable, ["--name", "relay", "--drain-timeout", "1s"])
    #expect(first.ending == .exited(75), "\(first.error)")
    #expect(SystemClock().now().since(began) < .seconds(10))
    #expect(first.error.contains("400 events remain in the ring"), "\(first.error)")
    #expect(first.error.contains("\"relay\""))
    #expect(first.error.contains("Failed to connect"), "why nothing got through: \(first.error)")
    let server = try BulkServer()
    defer { server.stop() }
    let other = try pipe([], folder, server.url, ["--name", "other"])
    #expect(other.ending == .exited(0))
    #expect(server.documents.isEmpty, "another name is another ring")
    let second = try pipe([], folder, server.url, ["--name", "relay"])
    #expect(second.ending == .exited(0), "\(second.error)")
    #expect(try server.requestIds.sorted() == CommandSupport.ids(0..<400, run: "d"))
    #expect(second.error.contains("400"), "what an earlier pipe left is told of: \(second.error)")
  }

  @Test func `the drain timeout counts from the end of the input`() throws {
    let folder = try TemporaryFolder()
    let child = try start(
      folder, CommandSupport.unreachable, ["--drain-timeout", "1s"], input: .pipe)
    try child.write(CommandSupport.lines(0..<10, run: "t"))
    // Longer than the timeout: it is not running yet.
    #expect(child.wait(until: SystemClock().now() + .milliseconds(2500)) == nil)
    let ended = SystemClock().now()
    child.closeInput()
    #expect(child.wait(until: ended + .seconds(20)) == .exited(75), "\(child.errorText)")
    #expect(SystemClock().now().since(ended) >= .milliseconds(900))
    #expect(child.errorText.contains("10 events remain"), "\(child.errorText)")
  }

  @Test func `dead letters are named, counted and no reason to fail`() throws {
    let (folder, server) = (
      try TemporaryFolder(), try BulkServer(.refusesDocuments(holding: "\"q-7\""))
    )
    defer { server.stop() }
    let result = try pipe(CommandSupport.lines(0..<300, run: "q"), folder, server.url)
    #expect(result.ending == .exited(0), "\(result.error)")
    let path = "\(folder.path)/dead-letters.ndjson"
    let last = result.error.split(separator: "\n").suffix(3).joined(separator: "\n")
    #expect(last.contains("1 of them") || last.contains("but 1"), "\(result.error)")
    #expect(last.contains(path), "\(result.error)")
    let letters = try FileSystem.read(path).split(separator: 0x0A)
    #expect(letters.count == 1)
    #expect(String(decoding: letters[0], as: UTF8.self).contains("document_parsing_exception"))
    #expect(try server.requestIds.count == 299)
    let again = ["--format", "json", "--name", "other"]
    let json = try JsonValue.parse(
      try pipe(CommandSupport.lines(0..<300, run: "q"), folder, server.url, again).output)
    #expect(json["dead_lettered"]?.integer == 1)
    #expect(json["duplicate"]?.integer == 299)
  }

  @Test func `SIGTERM while the writer is still there ends it in order`() throws {
    let (folder, server) = (try TemporaryFolder(), try BulkServer())
    defer { server.stop() }
    let child = try start(folder, server.url, input: .pipe)
    try child.write(CommandSupport.lines(0..<50, run: "s"))
    #expect(CommandSupport.wait { server.documents.count == 50 })
    child.signal(.terminate)
    let ending = child.wait(until: SystemClock().now() + .seconds(20))
    #expect(ending == .exited(0), "\(child.errorText)")
    #expect(child.errorText.contains("stopped before its end"), "\(child.errorText)")
  }

  @Test(arguments: [true, false])
  func `SIGTERM ends it within the grace when nothing gets through`(isHanging: Bool) throws {
    let (folder, server) = (try TemporaryFolder(), try BulkServer(.hangs))
    defer { server.stop() }
    let url = isHanging ? server.url : CommandSupport.unreachable
    let child = try start(folder, url, ["--set", "agent.grace=4s"], input: .pipe)
    // More than a pipe holds: when all is written, most of it was read.
    try child.write(CommandSupport.lines(0..<500, run: "g"))
    if isHanging {
      #expect(CommandSupport.wait { server.requestCount > 0 })
    } else {
      #expect(child.waitForError("can not be asked", until: SystemClock().now() + .seconds(20)))
    }
    let asked = SystemClock().now()
    child.signal(.terminate)
    let ending = child.wait(until: asked + .seconds(20))
    #expect(ending == .exited(75), "\(child.errorText)")
    #expect(SystemClock().now().since(asked) < .milliseconds(isHanging ? 4500 : 2000))
    #expect(child.errorText.contains("events remain in the ring: "), "\(child.errorText)")
  }

  @Test func `killed in the middle and run again stores nothing twice and misses nothing`() throws {
    let (folder, server) = (try TemporaryFolder(), try BulkServer())
    defer { server.stop() }
    let count = CommandSupport.isLarge ? 60_000 : 3_000
    let path = "\(folder.path)/input.ndjson"
    try CommandSupport.write(CommandSupport.lines(0..<count, run: "k"), to: path)
    for share in [5, 2] {
      let child = try start(folder, server.url, input: .file(path))
      #expect(CommandSupport.wait { server.documents.count >= count / share / 4 })
      child.signal(.kill)
      _ = child.wait(until: SystemClock().now() + .seconds(10))
    }
    let child = try start(folder, server.url, input: .file(path))
    #expect(child.wait(until: SystemClock().now() + .seconds(90)) == .exited(0))
    #expect(try server.requestIds.sorted() == CommandSupport.ids(0..<count, run: "k"))
  }

  /// 28 KB each, half of which is left when compressed.
  private func fatLines(_ count: Int) -> [UInt8] {
    var random = SeededRandom(seed: 1)
    return (0..<count).flatMap { index in
      let event = RelayEvents.event(index, run: "fat").line.dropLast()
      let tags = (0..<1500).map { _ in "\"\(String(random.next(), radix: 16))\"" }
      return Array("\(event),\"tags\":[\(tags.joined(separator: ","))]}\n".utf8)
    }
  }

  @Test(.enabled(if: CommandSupport.isLarge, "45 MB are too slow for a debug build"))
  func `a full ring drops the newest when told so, and counts each`() throws {
    let folder = try TemporaryFolder()
    let arguments = ["--on-full", "drop_newest", "--drain-timeout", "1s", "--format", "json"]
    let first = try pipe(fatLines(1500), folder, CommandSupport.unreachable, arguments)
    #expect(first.ending == .exited(75), "\(first.error)")
    let report = try JsonValue.parse(first.output)
    let kept = try #require(report["waiting"]?.integer)
    // The 16 MiB were used before anything was dropped.
    #expect(kept > 500, "\(first.output)")
    #expect(report["events"]?.integer == 1500 && report["lost"]?.integer == 0, "\(first.output)")
    #expect(report["dropped"]?.integer == 1500 - kept, "\(first.output)")
    let server = try BulkServer()
    defer { server.stop() }
    #expect(try pipe([], folder, server.url).ending == .exited(0))
    #expect(
      try server.requestIds.sorted() == CommandSupport.ids(0..<Int(kept), run: "fat"),
      "the first ones were kept")
  }

  @Test(.enabled(if: CommandSupport.isLarge, "45 MB are too slow for a debug build"))
  func `SIGTERM with a full ring ends it in time, and what had no room is told`() throws {
    let (folder, server) = (try TemporaryFolder(), try BulkServer())
    defer { server.stop() }
    let path = "\(folder.path)/fat.ndjson"
    try CommandSupport.write(fatLines(1500), to: path)
    let child = try start(
      folder, CommandSupport.unreachable, ["--format", "json", "--set", "agent.grace=4s"],
      input: .file(path))
    #expect(child.waitForError("can not be asked", until: SystemClock().now() + .seconds(20)))
    // It waits for room, for ever.
    #expect(child.wait(until: SystemClock().now() + .seconds(3)) == nil)
    let asked = SystemClock().now()
    child.signal(.terminate)
    #expect(child.wait(until: asked + .seconds(20)) == .exited(75), "\(child.errorText)")
    #expect(SystemClock().now().since(asked) < .seconds(4))
    let report = try JsonValue.parse(child.outputText)
    #expect(report["waiting"]?.integer ?? 0 > 500 && report["lost"]?.integer ?? 0 > 0)
    let again = try pipe(fatLines(1500), folder, server.url)
    #expect(again.ending == .exited(0), "\(again.error)")
    #expect(try server.requestIds.sorted() == CommandSupport.ids(0..<1500, run: "fat"))
  }

  private func pipe(
    _ input: [UInt8], _ folder: TemporaryFolder, _ server: String?, _ arguments: [String] = []
  ) throws -> ProgramUnderTest.Result {
    let path = "\(folder.path)/stdin"
    try CommandSupport.write(input, to: path)
    return try ProgramUnderTest.run(
      ["pipe"] + arguments, settings: CommandSupport.settings(folder, to: server),
      input: .file(path))
  }

  private func start(
    _ folder: TemporaryFolder, _ server: String?, _ arguments: [String] = [],
    input: ChildProcess.Input
  ) throws -> ChildProcess {
    try ChildProcess(
      ProgramUnderTest.path,
      ["pipe"] + arguments
        + CommandSupport.arguments(CommandSupport.settings(folder, to: server)), input: input)
  }
}
