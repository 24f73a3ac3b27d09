import LogPipeline
import Synchronization
import TestSupport

/// Writes numbered lines to a log file and rotates it by each method in turn, as fast as it is told.
///
/// It deletes only what `isStored` says of all lines: what is deleted before anybody has read it is lost by who deletes it.
final class FollowWriter: @unchecked Sendable {
  // @unchecked Sendable: `written` and `isStopping` are safe from any thread, everything else belongs to the writer's own.
  private let folder: String
  private let rotateEvery: Duration
  private let isStored: @Sendable (Range<Int>) -> Bool
  private var random: SeededRandom
  private let written = Atomic<Int>(0)
  private let isStopping = Atomic<Bool>(false)
  private let failure = Mutex<String?>(nil)
  private var thread: PosixThread?
  private var next = 0
  /// First line of the live file.
  private var liveFrom = 0
  /// Rotated files that are there, and what they hold.
  private var rotated: [(path: String, lines: Range<Int>)] = []
  private var serial = 0
  /// Rotations by method; read it after ``stop()``.
  private(set) var counts: [String: Int] = [:]

  static let linesAtOnce = 4

  init(
    folder: String, seed: UInt64, rotateEvery: Duration,
    isStored: @escaping @Sendable (Range<Int>) -> Bool
  ) throws {
    (self.folder, self.rotateEvery, self.isStored) = (folder, rotateEvery, isStored)
    random = SeededRandom(seed: seed)
    thread = try PosixThread("log writer") { [self] in run() }
  }

  /// Lines that are wholly in a file.
  var writtenCount: Int { written.load(ordering: .acquiring) }

  /// What went wrong; nil when all went well.
  func stop() -> String? {
    isStopping.store(true, ordering: .releasing)
    thread?.join()
    thread = nil
    return failure.withLock { $0 }
  }

  static func line(_ number: Int) -> String { RelayEvents.event(number, run: "f").line + "\n" }

  private var live: String { "\(folder)/relay.log" }

  private func run() {
    do {
      var rotateAt = SystemClock().now() + rotateEvery
      while !isStopping.load(ordering: .acquiring) {
        try write()
        if SystemClock().now() >= rotateAt {
          try rotate()
          removeStored()
          rotateAt = SystemClock().now() + rotateEvery
        }
        PosixThread.sleep(.milliseconds(5))
      }
    } catch { failure.withLock { $0 = "\(error)" } }
  }

  /// Some lines, now and then the last one in two writes.
  private func write() throws {
    let file = try FileDescriptor(
      opening: live, .write, create: true, append: true, mode: 0o644)
    var bytes = Array((next..<(next + Self.linesAtOnce)).map(Self.line).joined().utf8)
    if Int.random(in: 0..<4, using: &random) == 0 {
      let cut = bytes.count - Int.random(in: 1..<200, using: &random)
      try file.write(Array(bytes[..<cut]))
      PosixThread.sleep(.milliseconds(Int64.random(in: 0...3, using: &random)))
      bytes.removeFirst(cut)
    }
    try file.write(bytes)
    next += Self.linesAtOnce
    written.store(next, ordering: .releasing)
  }

  private func rotate() throws {
    let lines = liveFrom..<next
    guard !lines.isEmpty else { return }
    serial += 1
    let other = "\(live).\(serial)"
    var method = ["rename", "copytruncate", "delete", "gzip"][serial % 4]
    if method == "delete", !waitUntilStored(lines) { method = "rename" }
    switch method {
    case "copytruncate":
      try write(other, try FileSystem.read(live))
      try FileDescriptor(opening: live, .readWrite).truncate(to: 0)
      rotated.append((other, lines))
    case "delete": try FileSystem.remove(live)
    case "gzip":
      try FileSystem.rename(live, to: other)
      try write("\(other).gz", Gzip.compress(try FileSystem.read(other)))
      try FileSystem.remove(other)
      rotated.append(("\(other).gz", lines))
    default:
      try FileSystem.rename(live, to: other)
      rotated.append((other, lines))
    }
    counts[method, default: 0] += 1
    liveFrom = next
  }

  private func waitUntilStored(_ lines: Range<Int>) -> Bool {
    let deadline = SystemClock().now() + .milliseconds(300)
    while SystemClock().now() < deadline {
      if isStored(lines) { return true }
      PosixThread.sleep(.milliseconds(5))
    }
    return false
  }

  /// The four youngest stay, delivered or not.
  private func removeStored() {
    for file in rotated.dropLast(4) where isStored(file.lines) {
      do { try FileSystem.remove(file.path) } catch { failure.withLock { $0 = "\(error)" } }
      rotated.removeAll { $0.path == file.path }
    }
  }

  private func write(_ path: String, _ bytes: [UInt8]) throws {
    let file = try FileDescriptor(
      opening: path, .write, create: true, exclusive: true, mode: 0o644)
    try file.write(bytes)
  }
}
