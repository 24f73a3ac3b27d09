import LogPipeline
import Synchronization

/// Follows files of a folder step by step, on the test's own thread and clock; a kill forgets all but what is on disk.
final class FollowBench {
  /// Moved by the test.
  final class BenchClock: Clock {
    private let nanoseconds = Atomic<UInt64>(1_000_000_000)
    func now() -> MonotonicTime {
      MonotonicTime(nanoseconds: nanoseconds.load(ordering: .relaxed))
    }
    func wallMilliseconds() -> Int64 {
      1_795_219_200_000 + Int64(nanoseconds.load(ordering: .relaxed) / 1_000_000)
    }
    func move(_ span: Duration) {
      nanoseconds.add(UInt64(span.nanoseconds), ordering: .relaxed)
    }
  }

  /// Takes blocks while it has room.
  final class Sink: BlockSink {
    struct State {
      var blocks: [RawBlock] = []
      var room = Int.max
      var refused: UInt64 = 0
    }
    let state = Mutex(State())
    func offer(_ block: RawBlock) -> Bool {
      state.withLock { state in
        guard state.room > 0 else { return false }
        state.room -= 1
        state.blocks.append(block)
        return true
      }
    }
    func put(_ block: RawBlock) -> Bool { offer(block) }
    func noteRefused(_ count: UInt64) { state.withLock { $0.refused += count } }
    func takeAll() -> [RawBlock] {
      state.withLock { state in
        defer { state.blocks = [] }
        return state.blocks
      }
    }
  }

  let folder: FilesFolder
  let clock = BenchClock()
  var configuration: FollowConfiguration
  private(set) var sink = Sink()
  private(set) var reader: FollowReader
  /// By id, as `create` keeps them: the number of the event.
  private(set) var stored: [UInt64: Int] = [:]
  /// Events that came again under an id that was there.
  private(set) var conflicts = 0

  init(
    _ patterns: [String] = ["app.log*"], _ adjust: (inout FollowConfiguration) -> Void = { _ in }
  )
    throws
  {
    folder = try FilesFolder(inMemory: true)
    try FileSystem.makeDirectories("\(folder.path)/logs")
    configuration = FollowConfiguration(
      paths: [], folder: "\(folder.path)/state/follow", stateDirectory: "\(folder.path)/state")
    let logs = "\(folder.path)/logs"
    configuration.paths = patterns.map { "\(logs)/\($0)" }
    adjust(&configuration)
    reader = try Self.makeReader(configuration, sink, clock)
  }

  private static func makeReader(
    _ configuration: FollowConfiguration, _ sink: Sink, _ clock: BenchClock
  ) throws -> FollowReader {
    let processor = try EventProcessor(
      rules: EventBench.rules(), prices: EventBench.prices ?? PriceBooks.load(Resources.prices),
      clock: clock,
      intake: 1)
    return try FollowReader(
      configuration, mill: FrameMill(processor: processor, builder: BlockBuilder(intake: 1)),
      sink: sink, clock: clock)
  }

  /// kill -9 and a new start: blocks that were not settled are gone.
  func kill() throws {
    sink = Sink()
    reader = try Self.makeReader(configuration, sink, clock)
  }

  /// One look, and all that can be read.
  func step() {
    reader.look()
    read()
  }

  func read() {
    while reader.readAll() {}
    reader.handOver()
  }

  /// What was handed over is on disk and delivered.
  func settle() {
    var newest: UInt64 = 0
    for block in sink.takeAll() {
      newest = max(newest, block.ticket)
      let lines = String(decoding: block.bytes, as: UTF8.self).split(separator: "\n")
      for (index, item) in block.items.enumerated() {
        let number = Self.number(of: lines[index * 2 + 1])
        if stored[item.fingerprint] == nil {
          stored[item.fingerprint] = number
        } else {
          conflicts += 1
        }
      }
    }
    reader.becameDurable(newest)
  }

  /// Looks, reads and settles, with time going by, until copies and gzip files have come to rest too.
  func finish() {
    for _ in 0..<6 {
      step()
      settle()
      clock.move(configuration.rotateWait + configuration.poll)
    }
    reader.save()
  }

  /// The numbers that are stored, each once for every id.
  var numbers: [Int] { stored.values.sorted() }

  static func line(_ number: Int) -> String {
    #"{"timestamp":"2026-11-20T00:00:00Z","request_id":"n\#(number)","model":"gpt-4.1","status_code":200}"#
      + "\n"
  }

  private static func number(of document: Substring) -> Int {
    let key = #""request_id":"n"#
    guard let range = document.ranges(of: key).first else { return -1 }
    return Int(document[range.upperBound...].prefix { $0.isNumber }) ?? -1
  }

  func path(_ name: String) -> String { "\(folder.path)/logs/\(name)" }

  func append(_ name: String, _ text: String) throws {
    let file = try FileDescriptor(opening: path(name), .write, create: true, append: true)
    try file.write(Array(text.utf8))
  }

  func append(_ name: String, _ numbers: Range<Int>) throws {
    try append(name, numbers.map(Self.line).joined())
  }

  func rename(_ name: String, _ other: String) throws {
    try FileSystem.rename(path(name), to: path(other))
  }

  func remove(_ name: String) throws { try FileSystem.remove(path(name)) }

  func truncate(_ name: String) throws {
    try FileDescriptor(opening: path(name), .readWrite).truncate(to: 0)
  }

  func copy(_ name: String, _ other: String) throws {
    try write(other, try FileSystem.read(path(name)))
  }

  /// As gzip does it: a new file, then the old one goes.
  func compress(_ name: String) throws {
    try write("\(name).gz", FilesSupport.gzip(try FileSystem.read(path(name))))
    try remove(name)
  }

  private func write(_ name: String, _ bytes: [UInt8]) throws {
    let file = try FileDescriptor(opening: path(name), .write, create: true, truncate: true)
    try file.write(bytes)
  }

  func exists(_ name: String) -> Bool { FileSystem.exists(path(name)) }
}
