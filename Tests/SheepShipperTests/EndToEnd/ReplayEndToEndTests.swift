import LogPipeline
import TestSupport
import Testing

/// Goal: backlog files can be replayed by somebody in a hurry: in any form, interrupted at any moment, twice, and at
/// once, and each event is stored once.
/// Method: the built program into the archive, whose lines zcat reads back, or into a server that keeps each id once.
@Suite struct ReplayEndToEndTests {
  @Test func `plain and gzip files, folders and patterns are read, each event once`() throws {
    let (folder, logs) = (try TemporaryFolder(), try TemporaryFolder())
    try FileSystem.makeDirectories("\(logs.path)/day")
    try CommandSupport.write(CommandSupport.lines(0..<100, run: "r"), to: "\(logs.path)/a.ndjson")
    try CommandSupport.write(
      Gzip.compress(CommandSupport.lines(100..<200, run: "r")), to: "\(logs.path)/b.ndjson.gz")
    try CommandSupport.write(
      CommandSupport.lines(200..<300, run: "r").dropLast(), to: "\(logs.path)/day/c.log")
    let files = ["\(logs.path)/*.ndjson*", "\(logs.path)/day", "\(logs.path)/a.ndjson"]
    let first = try replay(files, folder)
    #expect(first.ending == .exited(0), "\(first.error)")
    #expect(first.output.contains("Replayed 3 of 3 files"), "\(first.output)")
    #expect(
      try CommandSupport.archivedIds(in: folder.path) == CommandSupport.ids(0..<300, run: "r"))
    let second = try replay(files, folder)
    #expect(second.ending == .exited(0), "\(second.error)")
    #expect(second.output.contains("3 were already replayed, nothing to do there"))
    #expect(try CommandSupport.archivedIds(in: folder.path).count == 300)
  }

  @Test func `what is missing exits with 66 and is named, and the other files are replayed`() throws
  {
    let (folder, logs) = (try TemporaryFolder(), try TemporaryFolder())
    let good = "\(logs.path)/good.ndjson"
    try CommandSupport.write(CommandSupport.lines(0..<50, run: "m"), to: good)
    let missing = "\(logs.path)/missing.ndjson"
    let result = try replay([missing, good, "\(logs.path)/*.gz"], folder)
    #expect(result.ending == .exited(66))
    #expect(result.output.contains("\(missing) can not be opened"), "\(result.output)")
    #expect(result.output.contains("no file matches \(logs.path)/*.gz"), "\(result.output)")
    #expect(try CommandSupport.archivedIds(in: folder.path).count == 50)
    let empty = try TemporaryFolder()
    let nothing = try replay([empty.path], folder)
    #expect(nothing.ending == .exited(66))
    #expect(nothing.output.contains("no file lies in the folder \(empty.path)"))
  }

  @Test func `lines that are no events and a UTF-16 file are refused by name, the rest is stored`()
    throws
  {
    let (folder, logs) = (try TemporaryFolder(), try TemporaryFolder())
    let (mixed, wide) = ("\(logs.path)/mixed.ndjson", "\(logs.path)/wide.ndjson")
    try CommandSupport.write(
      Array(String(repeating: "no JSON\n", count: 500).utf8)
        + CommandSupport.lines(0..<20, run: "w"), to: mixed)
    let text = CommandSupport.lines(20..<23, run: "w")
    try CommandSupport.write([0xFF, 0xFE] + text.flatMap { [$0, 0] }, to: wide)
    let result = try replay([mixed, wide], folder)
    #expect(result.ending == .exited(0), "\(result.output)")
    #expect(result.error.contains("UTF-16"), "\(result.error)")
    #expect(result.error.contains("iconv -f UTF-16 -t UTF-8"))
    let refused = "\(folder.path)/refused.ndjson"
    #expect(result.output.contains(refused), "\(result.output)")
    #expect(try CommandSupport.archivedIds(in: folder.path) == CommandSupport.ids(0..<20, run: "w"))
    #expect(try FileSystem.read(refused).split(separator: 0x0A).count >= 503)
  }

  @Test func `dead letters are counted and their file is named`() throws {
    let folder = try TemporaryFolder()
    let server = try BulkServer(.refusesDocuments(holding: "\"l-7\""))
    defer { server.stop() }
    let path = "\(folder.path)/in.ndjson"
    try CommandSupport.write(CommandSupport.lines(0..<200, run: "l"), to: path)
    let result = try replay([path], folder, to: server.url)
    #expect(result.ending == .exited(0), "\(result.error)")
    #expect(result.output.contains("dead       1  (see \(folder.path)/dead-letters.ndjson)"))
    #expect(try server.requestIds.count == 199)
  }

  @Test func `killed at any moment it goes on, and each event is in the archive once`() throws {
    let (folder, logs) = (try TemporaryFolder(), try TemporaryFolder())
    let count = CommandSupport.isLarge ? 200_000 : 6_000
    let file = "\(logs.path)/large.ndjson"
    try CommandSupport.write(CommandSupport.lines(0..<count, run: "x"), to: file)
    var random = SeededRandom(seed: UInt64.random(in: 0 ... .max))
    var kills = 0
    for _ in 0..<5 {
      let child = try start([file], folder)
      // From before the first event to nearly the end of a whole run.
      let span = Duration.milliseconds(Int64(random.next() % (CommandSupport.isLarge ? 1500 : 900)))
      if child.wait(until: SystemClock().now() + span) == nil {
        child.signal(.kill)
        _ = child.wait(until: SystemClock().now() + .seconds(10))
        kills += 1
      }
    }
    let last = try replay([file], folder)
    #expect(last.ending == .exited(0), "\(last.error)")
    #expect(
      try CommandSupport.archivedIds(in: folder.path) == CommandSupport.ids(0..<count, run: "x"),
      "after \(kills) kills")
  }

  @Test func `killed while Elasticsearch takes events it goes on, and each is stored once`() throws
  {
    let (folder, server) = (try TemporaryFolder(), try BulkServer())
    defer { server.stop() }
    let count = CommandSupport.isLarge ? 100_000 : 5_000
    let file = "\(folder.path)/in.ndjson.gz"
    try CommandSupport.write(Gzip.compress(CommandSupport.lines(0..<count, run: "e")), to: file)
    let settings = ["elasticsearch.body_size=256KiB"]
    for share in [8, 2] {
      let child = try start([file], folder, to: server.url, settings)
      #expect(
        CommandSupport.wait { server.documents.count >= count / share / 2 }, "\(child.errorText)")
      child.signal(.kill)
      _ = child.wait(until: SystemClock().now() + .seconds(10))
    }
    let last = try replay([file], folder, to: server.url, settings)
    #expect(last.ending == .exited(0), "\(last.error)")
    #expect(try server.requestIds.sorted() == CommandSupport.ids(0..<count, run: "e"))
  }

  @Test func `SIGTERM ends it with 75 and the same command goes on`() throws {
    let folder = try TemporaryFolder()
    let server = try BulkServer(.hangs)
    defer { server.stop() }
    let file = "\(folder.path)/in.ndjson"
    try CommandSupport.write(CommandSupport.lines(0..<2000, run: "t"), to: file)
    let child = try start([file], folder, to: server.url, ["agent.grace=3s"])
    #expect(CommandSupport.wait { server.requestCount > 0 })
    let asked = SystemClock().now()
    child.signal(.terminate)
    let ending = child.wait(until: asked + .seconds(20))
    #expect(ending == .exited(75), "\(child.errorText)")
    #expect(SystemClock().now().since(asked) < .milliseconds(3800))
    #expect(child.outputText.contains("Run the same command again"), "\(child.outputText)")
    server.set(.takes)
    let second = try replay([file], folder, to: server.url)
    #expect(second.ending == .exited(0), "\(second.error)")
    #expect(try server.requestIds.sorted() == CommandSupport.ids(0..<2000, run: "t"))
  }

  @Test func `while nothing gets through it says why, and goes on when it does`() throws {
    let folder = try TemporaryFolder()
    let server = try BulkServer(.isUnavailable)
    defer { server.stop() }
    let file = "\(folder.path)/in.ndjson"
    try CommandSupport.write(CommandSupport.lines(0..<500, run: "u"), to: file)
    let child = try start([file], folder, to: server.url)
    // A plain line every five seconds, since this is no terminal.
    #expect(child.waitForError("replay: file 1 of 1", until: SystemClock().now() + .seconds(20)))
    #expect(child.errorText.contains("503"), "\(child.errorText)")
    #expect(!child.errorText.contains("\u{1B}") && !child.errorText.contains("\r"))
    server.set(.takes)
    #expect(child.wait(until: SystemClock().now() + .seconds(60)) == .exited(0))
    #expect(try server.requestIds.count == 500)
  }

  @Test func `replaying the archive's own files stores nothing twice`() throws {
    let (folder, other) = (try TemporaryFolder(), try TemporaryFolder())
    let server = try BulkServer()
    defer { server.stop() }
    let file = "\(folder.path)/in.ndjson"
    try CommandSupport.write(CommandSupport.lines(0..<400, run: "v"), to: file)
    #expect(try replay([file], folder).ending == .exited(0))
    #expect(try replay([file], other, to: server.url).ending == .exited(0))
    let archive = try replay(["\(folder.path)/archive"], other, to: server.url)
    #expect(archive.ending == .exited(0), "\(archive.error)")
    #expect(archive.output.contains("duplicate  400"), "\(archive.output)")
    #expect(try server.requestIds.sorted() == CommandSupport.ids(0..<400, run: "v"))
  }

  @Test func `without Elasticsearch the archive is not replayed into itself`() throws {
    let folder = try TemporaryFolder()
    let file = "\(folder.path)/in.ndjson"
    try CommandSupport.write(CommandSupport.lines(0..<40, run: "i"), to: file)
    #expect(try replay([file], folder).ending == .exited(0))
    let again = try replay(["\(folder.path)/archive/*.gz"], folder)
    #expect(again.ending == .exited(78), "\(again.output)")
    #expect(again.error.contains("its events would stand there twice"), "\(again.error)")
    #expect(try CommandSupport.archivedIds(in: folder.path).count == 40)
  }

  @Test func `a file replayed into the archive is delivered once Elasticsearch is set, and back`()
    throws
  {
    let (folder, server) = (try TemporaryFolder(), try BulkServer())
    defer { server.stop() }
    let file = "\(folder.path)/in.ndjson"
    try CommandSupport.write(CommandSupport.lines(0..<40, run: "d"), to: file)
    #expect(try replay([file], folder).ending == .exited(0))
    let delivered = try replay([file], folder, to: server.url)
    #expect(delivered.output.contains("Replayed 1 of 1 files"), "\(delivered.output)")
    #expect(try server.requestIds.sorted() == CommandSupport.ids(0..<40, run: "d"))
    let again = try replay([file], folder, to: server.url)
    #expect(again.output.contains("1 were already replayed"), "\(again.output)")
    // The archive knows what it has.
    #expect(try replay([file], folder).ending == .exited(0))
    #expect(
      try CommandSupport.archivedIds(in: folder.path) == CommandSupport.ids(0..<40, run: "d"))
  }

  @Test func `two replays of one file at once store each event once`() throws {
    let folder = try TemporaryFolder()
    let server = try BulkServer(.hangs)
    defer { server.stop() }
    let file = "\(folder.path)/in.ndjson"
    try CommandSupport.write(CommandSupport.lines(0..<1000, run: "b"), to: file)
    let first = try start([file], folder, to: server.url)
    #expect(CommandSupport.wait { server.requestCount > 0 })
    let second = try replay([file], folder, to: server.url)
    #expect(second.ending == .exited(66), "\(second.output)")
    #expect(second.output.contains("is being replayed by another process"), "\(second.output)")
    server.set(.takes)
    first.signal(.terminate)
    _ = first.wait(until: SystemClock().now() + .seconds(40))
    #expect(try replay([file], folder, to: server.url).ending == .exited(0))
    #expect(try server.requestIds.sorted() == CommandSupport.ids(0..<1000, run: "b"))
  }

  @Test func `a file that grows is replayed again from where it had ended`() throws {
    let folder = try TemporaryFolder()
    let file = "\(folder.path)/in.ndjson"
    let whole = CommandSupport.lines(0..<90, run: "o")
    // Once at a line's end, then within a line, then whole.
    for size in [CommandSupport.lines(0..<30, run: "o").count, whole.count - 100, whole.count] {
      let missing = whole[(FileSystem.exists(file) ? try FileSystem.read(file).count : 0)..<size]
      let appended = try FileDescriptor(opening: file, .write, create: true, append: true)
      try appended.write(Array(missing))
      let result = try replay([file], folder)
      #expect(result.ending == .exited(0), "\(result.error)")
    }
    #expect(try CommandSupport.archivedIds(in: folder.path) == CommandSupport.ids(0..<90, run: "o"))
  }

  @Test(
    .enabled(if: !SearchServer.all.isEmpty, "\(SearchServer.missing)"), arguments: SearchServer.all)
  func `a real server holds each event once after a kill and a second replay`(
    server: SearchServer
  ) throws {
    let folder = try TemporaryFolder()
    let prefix = "replay-test-\(UInt64.random(in: 0 ... .max))"
    let count = CommandSupport.isLarge ? 60_000 : 2_000
    let file = "\(folder.path)/in.ndjson"
    try CommandSupport.write(CommandSupport.lines(0..<count, run: "s"), to: file)
    let settings = [
      "elasticsearch.index=\(prefix)-%Y.%m.%d", "elasticsearch.template=false",
      "elasticsearch.body_size=256KiB",
    ]
    defer {
      for day in 18...20 { _ = try? server.client.send("DELETE", "/\(prefix)-2026.11.\(day)") }
    }
    let child = try start([file], folder, to: server.url, settings)
    #expect(
      try CommandSupport.wait { try server.client.get("/_cat/indices/\(prefix)*").body.count > 0 })
    child.signal(.kill)
    _ = child.wait(until: SystemClock().now() + .seconds(10))
    for _ in 0..<2 {
      let result = try replay([file], folder, to: server.url, settings)
      #expect(result.ending == .exited(0), "\(result.error)")
    }
    #expect(try server.count("\(prefix)-*") == count)
  }

  private func replay(
    _ files: [String], _ folder: TemporaryFolder, to server: String? = nil,
    _ settings: [String] = []
  ) throws -> ProgramUnderTest.Result {
    try ProgramUnderTest.run(
      ["replay"] + files, settings: CommandSupport.settings(folder, to: server) + settings)
  }

  private func start(
    _ files: [String], _ folder: TemporaryFolder, to server: String? = nil,
    _ settings: [String] = []
  ) throws -> ChildProcess {
    try ChildProcess(
      ProgramUnderTest.path,
      ["replay"] + files
        + CommandSupport.arguments(CommandSupport.settings(folder, to: server) + settings))
  }
}
