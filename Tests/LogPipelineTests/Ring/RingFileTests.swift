import LogPipeline
import Synchronization
import TestSupport
import Testing

/// Goal: no file is believed, overwritten or run out of under the ring.
/// Method: real files in a temporary folder, removed, replaced, thinned and half made.
@Suite struct RingFileTests {
  private static let size: UInt64 = 16 << 20

  private func configuration(
    _ folder: TemporaryFolder, sizeBytes: UInt64 = size
  ) -> RingConfiguration {
    RingConfiguration(
      path: "\(folder.path)/ring", sizeBytes: sizeBytes, lockWait: .zero,
      isVolatileDiskAllowed: true)
  }

  private func opened(
    _ configuration: RingConfiguration, onDurable: @escaping @Sendable (UInt64) -> Void = { _ in }
  ) throws -> Ring {
    let ring = try Ring.open(
      configuration, clock: SystemClock(), onDurable: { _, ticket in onDurable(ticket) },
      onRoom: {})
    try ring.start()
    return ring
  }

  private func block(_ ticket: UInt64) -> RawBlock {
    RawBlock(
      bytes: Array("{\"create\":{}}\n{\"event\":\(ticket)}\n".utf8),
      items: [
        BlockItem(
          fingerprint: ticket,
          rawLengthBytes: UInt32("{\"create\":{}}\n{\"event\":\(ticket)}\n".utf8.count), day: 20_000
        )
      ], intake: 0, ticket: ticket)
  }

  private var soon: MonotonicTime { SystemClock().now() + .seconds(30) }

  private func waits(until isTrue: () -> Bool) -> Bool {
    let deadline = soon
    while SystemClock().now() < deadline {
      if isTrue() { return true }
      PosixThread.sleep(.milliseconds(2))
    }
    return false
  }

  /// Puts a copy without its zeros in the ring's place.
  private func thin(_ path: String) throws {
    let bytes = try FileSystem.read(path)
    try FileSystem.remove(path)
    let copy = try FileDescriptor(opening: path, .readWrite, create: true)
    try copy.truncate(to: UInt64(bytes.count))
    for start in stride(from: 0, to: bytes.count, by: 4096) {
      let page = bytes[start..<min(start + 4096, bytes.count)]
      guard page.contains(where: { $0 != 0 }) else { continue }
      try unsafe Array(page).withUnsafeBytes { try unsafe copy.write($0, at: UInt64(start)) }
    }
    try copy.sync()
  }

  @Test func `a sparse copy gets its space back and keeps its events`() throws {
    let folder = try TemporaryFolder()
    let configuration = configuration(folder)
    let ring = try opened(configuration)
    #expect(ring.put(block(1)))
    #expect(ring.drainIntake(until: soon))
    ring.stopLeasing()
    ring.close()
    let whole = try FileSystem.status(of: configuration.path)
    #expect(whole.allocatedBytes >= whole.sizeBytes)
    try thin(configuration.path)
    let before = try FileSystem.read(configuration.path)
    #expect(try FileSystem.status(of: configuration.path).allocatedBytes < Self.size / 2)
    let again = try opened(configuration)
    #expect(try FileSystem.status(of: configuration.path).allocatedBytes >= Self.size)
    #expect(again.snapshot().ledger.waiting == 1)
    again.stopLeasing()
    again.close()
    // Only the superblocks differ: an opening is counted there.
    #expect(try FileSystem.read(configuration.path)[131_072...] == before[131_072...])
  }

  @Test func `a sparse copy on a disk without room for it is refused untouched`() throws {
    let folder = try TemporaryFolder()
    // More than any disk of a test machine has; sparse it costs two pages.
    let large = configuration(folder, sizeBytes: 8 << 40)
    let file = try FileDescriptor(opening: large.path, .readWrite, create: true)
    try file.truncate(to: large.sizeBytes)
    try unsafe RingOpening.newSuperblock(large).encoded().withUnsafeBytes {
      try unsafe file.write($0, at: 0)
    }
    try file.sync()
    let before = try file.status()
    do {
      _ = try opened(large)
      Issue.record("it was opened")
    } catch let error as RingError {
      guard case .cannotReserve(let path, let needed, let free) = error else { throw error }
      #expect(path == large.path && needed > free && error.isTransient)
    }
    let after = try file.status()
    #expect(after == before)
  }

  @Test func `a ring whose file is removed acknowledges nothing more and goes on delivering`()
    throws
  {
    let folder = try TemporaryFolder()
    let configuration = configuration(folder)
    let durable = Mailbox<UInt64>(capacity: .max)
    let ring = try opened(configuration) { durable.force($0) }
    #expect(ring.put(block(1)))
    #expect(durable.take(until: soon) == 1)
    #expect(!ring.file.isGone)
    try FileSystem.remove(configuration.path)
    #expect(ring.put(block(2)))
    #expect(waits { ring.snapshot().readOnlyReason != nil })
    #expect(ring.snapshot().readOnlyReason?.contains("removed, or replaced") == true)
    #expect(ring.file.isGone)
    #expect(durable.waiting == 0, "what only this process can find is not safe")
    guard let batch = ring.lease(rawBytesMax: 1 << 20, itemsMax: 10, until: soon) else {
      Issue.record("nothing is delivered any more")
      return
    }
    let blocks = batch.blocks
    batch.finish()
    #expect(blocks.map(\.items.count) == [1])
    ring.settle(.whole(blocks[0], .delivered))
    #expect(waits { ring.snapshot().ledger.delivered == 1 })
    ring.stopLeasing()
    ring.close()
    #expect(!FileSystem.exists(configuration.path))
  }

  @Test func `a file put in the ring's place while it runs is never written to`() throws {
    let folder = try TemporaryFolder()
    let configuration = configuration(folder)
    let ring = try opened(configuration)
    #expect(ring.put(block(1)))
    let other = [UInt8](repeating: 0x55, count: Int(Self.size))
    try FileSystem.replace(configuration.path, with: other)
    // Nobody commits; whoever looks sees it all the same.
    ring.lookAtFile()
    #expect(ring.file.isGone)
    _ = ring.put(block(2))
    #expect(waits { ring.snapshot().readOnlyReason != nil })
    ring.stopLeasing()
    ring.close()
    #expect(try FileSystem.read(configuration.path) == other)
    #expect(throws: RingError.notARing(path: configuration.path)) { try opened(configuration) }
  }

  @Test func `making tells how far it is, and what was broken off leaves nothing`() throws {
    let folder = try TemporaryFolder()
    let configuration = configuration(folder)
    var percents: [Int] = []
    let isMade = try RingMaking.makeIfMissing(configuration, clock: SystemClock()) { progress in
      percents.append(progress.percent)
      return progress.percent < 50
    }
    #expect(!isMade)
    #expect(percents.first == 0 && percents.last == 50 && percents == percents.sorted())
    #expect(try FileSystem.names(in: folder.path).isEmpty)
    #expect(
      try RingMaking.makeIfMissing(configuration, clock: SystemClock()) { _ in true })
    #expect(try FileSystem.names(in: folder.path) == ["ring"])
    // There already: nothing is asked.
    #expect(
      try RingMaking.makeIfMissing(configuration, clock: SystemClock()) { _ in false })
    try opened(configuration).close()
  }

  @Test func `what a killed maker left is not believed`() throws {
    let folder = try TemporaryFolder()
    let configuration = configuration(folder)
    // The first superblock is there, the zeros behind it are not, and neither is the name.
    var left = [UInt8](repeating: 0xEE, count: 1 << 20)
    left.replaceSubrange(0..<4096, with: RingOpening.newSuperblock(configuration).encoded())
    try FileSystem.replace("\(configuration.path).new", with: left)
    let ring = try opened(configuration)
    #expect(ring.snapshot().ledger == Ledger())
    ring.close()
    #expect(try FileSystem.names(in: folder.path) == ["ring"])
    #expect(try FileSystem.read(configuration.path)[131_072...].allSatisfy { $0 == 0 })
  }

  @Test func `a file that takes the name while the ring is made is not replaced`() throws {
    let folder = try TemporaryFolder()
    let configuration = configuration(folder)
    let other = Array("somebody else's".utf8)
    #expect(throws: RingError.notARing(path: configuration.path)) {
      _ = try RingMaking.makeIfMissing(configuration, clock: SystemClock()) { progress in
        if progress.percent == 50 {
          do {
            try FileDescriptor(opening: configuration.path, .write, create: true).write(other)
          } catch { return false }
        }
        return true
      }
    }
    #expect(try FileSystem.read(configuration.path) == other)
    #expect(try FileSystem.names(in: folder.path) == ["ring"])
  }

  @Test func `two makers at once make one ring`() throws {
    let folder = try TemporaryFolder()
    let configuration = configuration(folder)
    #expect(
      try RingMaking.makeIfMissing(configuration, clock: SystemClock()) { progress in
        guard progress.percent == 50 else { return true }
        // The second finds the file locked that the first is writing.
        do throws(RingError) {
          _ = try RingMaking.makeIfMissing(configuration, clock: SystemClock()) { _ in true }
          return false
        } catch {
          return error == .lockedByAnother(path: configuration.path)
        }
      })
    try opened(configuration).close()
  }

  @Test func `a ring in memory is refused unless that is allowed, and leaves nothing`() throws {
    guard let volume = try? RingVolume(at: "/dev/shm"), volume.forgetsBecause != nil else { return }
    let folder = try FileSystem.makeTemporaryDirectory(in: "/dev/shm", prefix: "sheepshipper-test-")
    defer { try? FileSystem.removeDirectory(folder) }
    let refused = RingConfiguration(path: "\(folder)/ring", sizeBytes: Self.size, lockWait: .zero)
    #expect(throws: RingError.volatileDisk(path: refused.path)) { try opened(refused) }
    #expect(try FileSystem.names(in: folder).isEmpty)
  }
}
