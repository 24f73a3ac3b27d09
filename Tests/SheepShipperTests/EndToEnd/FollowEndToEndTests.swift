import LogPipeline
import Synchronization
import TestSupport
import Testing

/// Goal: a log file that is rotated by every method twenty times a second, followed by an agent that is killed at random,
/// comes whole: no line is lost, none is stored under two ids.
/// Method: the built program, kill -9 and start again, into a sink that keeps each id once. `make follow-soak` does it for
/// five minutes.
@Suite(.serialized) struct FollowEndToEndTests {
  private final class Books: Sendable {
    private struct Page {
      var stored = NumberSet()
      var twice: [Int] = []
      var strangers = 0
    }
    private let page = Mutex(Page())

    func take(_ document: [UInt8]) -> FaultyBulkServer.Fate {
      let key: StaticString = "\"request_id\":\"f-"
      let at = unsafe document.withUnsafeBytes { unsafe ByteScan.first(key, in: $0) }
      let digits = at.map { document[($0 + key.utf8CodeUnitCount)...].prefix { 0x30...0x39 ~= $0 } }
      page.withLock { page in
        guard let digits, let number = Int(String(decoding: digits, as: UTF8.self)) else {
          return page.strangers += 1
        }
        if !page.stored.insert(number) { page.twice.append(number) }
      }
      return .stored
    }

    func has(_ lines: Range<Int>) -> Bool {
      page.withLock { page in lines.allSatisfy(page.stored.contains) }
    }
    var count: Int { page.withLock { $0.stored.count } }
    var twice: [Int] { page.withLock { $0.twice } }
    var strangers: Int { page.withLock { $0.strangers } }
    func missing(_ count: Int) -> [Int] {
      page.withLock { page in Array((0..<count).filter { !page.stored.contains($0) }.prefix(10)) }
    }
  }

  @Test func `rotation by every method and kill -9 lose nothing and double nothing`() throws {
    let seconds = Environment.value(of: "SHEEPSHIPPER_TEST_FOLLOW_SECONDS").flatMap(Int64.init)
    let seed =
      Environment.value(of: "SHEEPSHIPPER_TEST_FOLLOW_SEED").flatMap(UInt64.init)
      ?? UInt64.random(in: 1...999_999_999)
    let folder = try TemporaryFolder()
    try FileSystem.makeDirectories("\(folder.path)/logs")
    let books = Books()
    let sink = try FaultyBulkServer(seed: seed) { books.take($0) }
    defer { sink.stop() }
    var random = SeededRandom(seed: seed)
    let settings = [
      "inputs.follow.paths=[\"\(folder.path)/logs/relay.log*\"]", "inputs.follow.poll=200ms",
      "inputs.follow.rotate_wait=2s", "elasticsearch.hosts=\(sink.url)",
      "elasticsearch.template=false", "elasticsearch.flush=20ms", "agent.grace=10s",
    ]
    let writer = try FollowWriter(
      folder: "\(folder.path)/logs", seed: seed, rotateEvery: .milliseconds(50),
      isStored: { books.has($0) })
    let end = SystemClock().now() + .seconds(seconds ?? 20)
    var (kills, balanced, looks) = (0, 0, 0)
    while SystemClock().now() < end {
      let agent = try AgentProcess(stateDirectory: "\(folder.path)/state", settings: settings)
      PosixThread.sleep(.milliseconds(Int64.random(in: 50...3000, using: &random)))
      if let ledger = try? agent.status()["ledger"] {
        looks += 1
        if ledger["offered_balanced"]?.bool == true, ledger["accepted_balanced"]?.bool == true {
          balanced += 1
        }
      }
      agent.kill()
      kills += 1
    }
    let problem = writer.stop()
    let written = writer.writtenCount
    let agent = try AgentProcess(stateDirectory: "\(folder.path)/state", settings: settings)
    let isAll = CommandSupport.wait(within: .seconds(120)) { books.count == written }
    let follow = try agent.status()["sections"]?["follow"] ?? agent.status()["follow"]
    #expect(agent.terminate() == .exited(0))
    print(
      """
      follow: seed \(seed), \(written) lines, rotations \(writer.counts), \(kills) kills, \
      \(books.count) stored, \(sink.conflictCount) sent again under the same id, \
      \(books.twice.count) twice, sums balanced in \(balanced) of \(looks) looks
      """)
    #expect(problem == nil)
    #expect(isAll, "seed \(seed): of \(written), lost \(books.missing(written)): \(agent.log)")
    #expect(books.twice.isEmpty, "seed \(seed): under two ids \(books.twice.prefix(10))")
    #expect(books.strangers == 0 && balanced == looks && follow != nil)
    #expect(!FileSystem.exists("\(folder.path)/state/refused.ndjson.1"))
  }

  @Test func `a stop keeps the place: nothing is sent again after it`() throws {
    let folder = try TemporaryFolder()
    let path = "\(folder.path)/relay.log"
    let server = try BulkServer()
    defer { server.stop() }
    let settings = [
      "inputs.follow.paths=[\"\(path)*\"]", "elasticsearch.hosts=\(server.url)",
      "elasticsearch.template=false", "elasticsearch.flush=20ms",
    ]
    func append(_ text: String) throws {
      try FileDescriptor(opening: path, .write, create: true, append: true).write(Array(text.utf8))
    }
    for round in 0..<2 {
      try append((0..<50).map { FollowWriter.line(round * 50 + $0) }.joined() + "no json\n")
      let agent = try AgentProcess(stateDirectory: "\(folder.path)/state", settings: settings)
      #expect(
        CommandSupport.wait(within: .seconds(60)) { server.documents.count >= (round + 1) * 50 })
      #expect(agent.terminate() == .exited(0))
    }
    #expect(server.documents.count == 100 && server.conflictCount == 0)
    let refused = FilesText.lines("\(folder.path)/state/refused.ndjson")
    #expect(refused.count == 2)
    let second = try JsonValue.parse(Array((refused.last ?? "").utf8))
    let before = (0..<100).reduce("no json\n".utf8.count) { $0 + FollowWriter.line($1).utf8.count }
    #expect(second["peer"]?.string == path && second["offset"]?.integer == Int64(before))
  }
}

private enum FilesText {
  static func lines(_ path: String) -> [String] {
    ((try? FileSystem.read(path)) ?? []).split(separator: 0x0A).map {
      String(decoding: $0, as: UTF8.self)
    }
  }
}
