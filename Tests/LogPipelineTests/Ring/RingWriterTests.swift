import CZlib
import LogPipeline
import RingSimulation
import Testing

/// The writer alone, step by step over a simulated disk: space, commits, delivery.
@Suite struct RingWriterTests {
  @Test func `a failed commit is written again further on and then acknowledged`() throws {
    let ring = try RingHarness()
    var random = SeededRandom(seed: 1)
    ring.append([100, 100], random: &random)
    ring.commit()
    ring.disk.failingSyncs = [ring.disk.syncs + 1]
    ring.append([100, 100, 100], random: &random)
    ring.closeGroup()
    ring.beginSync()
    ring.endSync()
    #expect(ring.acknowledged == [1, 2])
    ring.beginSync()
    ring.endSync()
    #expect(ring.acknowledged == [1, 2, 3, 4, 5])
    #expect(ring.writer.readOnlyReason == nil)
    ring.disk.losePower(seed: 1)
    try ring.reopen()
    #expect(ring.report.burnsFound == 1)
    ring.checkPromises("burn")
  }

  @Test func `after a second failure in a row nothing is taken in, and delivery goes on`() throws {
    let ring = try RingHarness()
    var random = SeededRandom(seed: 2)
    ring.append([100, 100], random: &random)
    ring.commit()
    ring.disk.failingSyncs = [ring.disk.syncs + 1, ring.disk.syncs + 2]
    ring.append([100], random: &random)
    ring.commit()
    #expect(ring.writer.readOnlyReason != nil)
    #expect(ring.writer.snapshot(isStarved: false).readOnlyReason != nil)
    #expect(!ring.append([100], random: &random))
    #expect(ring.acknowledged == [1, 2])
    #expect(ring.deliverAll() == [1, 2])
    #expect(ring.writer.ledger.isAcceptedBalanced && ring.writer.ledger.waiting == 0)
  }

  @Test func `what an opening takes over is on the disk afterwards, not only in the cache`() throws
  {
    let ring = try RingHarness()
    var random = SeededRandom(seed: 12)
    ring.append([100, 100], random: &random)
    ring.commit()
    ring.append([100], random: &random)
    ring.closeGroup()
    // The sync fails, and the kernel calls the pages clean. The process is killed before it has written them again.
    ring.disk.failingSyncs = [ring.disk.syncs + 1]
    ring.beginSync()
    ring.endSync()
    ring.disk.restart()
    ring.disk.isCacheHeld = true
    try ring.reopen()
    #expect(ring.report.groupsFound == 2 && ring.writer.ledger.accepted == 3)
    ring.disk.isCacheHeld = false
    ring.disk.losePower(keeping: 0)
    try ring.reopen()
    #expect(ring.writer.ledger.accepted == 3)
    #expect(ring.deliverAll() == [1, 2, 3])
  }

  @Test func `a full ring refuses, and takes again once freed space is durably free`() throws {
    let ring = try RingHarness()
    var random = SeededRandom(seed: 3)
    var count = 0
    while ring.append([3000, 3000, 3000], random: &random) {
      ring.commit()
      count += 1
    }
    #expect(count > 20)
    #expect(ring.deliverAll().count == 3 * count)
    // Settled, but the superblock that says so is not on disk.
    #expect(!ring.append([3000, 3000, 3000], random: &random))
    ring.commit(isStarved: true)
    #expect(ring.append([3000, 3000, 3000], random: &random))
  }

  @Test func `space is not written over before the superblock that frees it is on disk`() throws {
    let ring = try RingHarness()
    var random = SeededRandom(seed: 10)
    while ring.append([3000, 3000, 3000], random: &random) { ring.commit() }
    for block in ring.lease(rawBytesMax: 30_000) { ring.settle(block) }
    // This superblock frees what was settled until now, not what is settled while it is on its way.
    ring.beginSync(isStarved: true)
    #expect(!ring.append([3000, 3000, 3000], random: &random))
    _ = ring.deliverAll()
    ring.endSync()
    // Time stands still, so these commits bring no newer superblock.
    while ring.append([3000, 3000, 3000], random: &random) { ring.commit() }
    ring.disk.losePower(seed: 10)
    try ring.reopen()
    ring.checkPromises("delayed superblock")
  }

  @Test func `a group written while a sync runs is not made durable by it`() throws {
    let ring = try RingHarness()
    var random = SeededRandom(seed: 11)
    ring.append([100], random: &random)
    ring.closeGroup()
    ring.beginSync()
    ring.append([100], random: &random)
    ring.closeGroup()
    ring.endSync()
    #expect(ring.acknowledged == [1])
    #expect(ring.lease().map(\.firstSequence) == [1], "only what is durable is leased")
    ring.beginSync()
    ring.endSync()
    #expect(ring.acknowledged == [1, 2])
  }

  @Test(arguments: [41, 42, 43] as [UInt64])
  func `many laps with groups of every length keep order and sums`(seed: UInt64) throws {
    let ring = try RingHarness(sizeBytes: 640 << 10)
    var random = SeededRandom(seed: seed)
    var found: [UInt64] = []
    for _ in 0..<150 {
      let count = Int.random(in: 1...8, using: &random)
      let lengths = (0..<count).map { _ in Int.random(in: 20...3500, using: &random) }
      if !ring.append(lengths, random: &random) {
        ring.commit(isStarved: true)
        ring.append(lengths, random: &random)
      }
      ring.commit(isStarved: true)
      if Bool.random(using: &random) { found += ring.deliverAll() }
    }
    found += ring.deliverAll()
    #expect(ring.writer.head.position > 2 * (512 << 10), "at least two laps; seed \(seed)")
    #expect(found == found.sorted() && found.count == ring.acknowledged.count)
    #expect(ring.writer.ledger.quarantined == 0)
  }

  @Test func `partial settlements lease only the rest, and count exactly across a crash`() throws {
    let ring = try RingHarness()
    var random = SeededRandom(seed: 5)
    ring.append([100, 100, 100, 100], random: &random)
    ring.append([100, 100], random: &random)
    ring.commit()
    let blocks = ring.lease()
    #expect(blocks.map(\.items.count) == [4, 2])
    #expect(ring.lease().isEmpty, "what is held is not leased again")
    ring.settle(blocks[0]) { $0 % 2 == 0 }
    ring.settle(blocks[1])
    ring.writer.release(blocks.map(\.id))
    let again = ring.lease()
    #expect(again.map(\.settled) == [[true, false, true, false]])
    #expect(ring.writer.ledger.waiting == 2)
    ring.pass(.seconds(2))
    ring.commit()
    try ring.reopen()
    // The cursor stands before the first block: both come whole, and nothing of them is counted yet.
    #expect(ring.writer.ledger.waiting == 6)
    #expect(ring.deliverAll() == [1, 2, 3, 4, 5, 6])
    #expect(ring.writer.ledger.isAcceptedBalanced && ring.writer.ledger.waiting == 0)
  }

  @Test func `settling an item twice counts it once`() throws {
    let ring = try RingHarness()
    var random = SeededRandom(seed: 6)
    ring.append([50, 50], random: &random)
    ring.commit()
    let block = try #require(ring.lease().first)
    let one = Settlement(block: block.id, items: [.init(index: 0, outcome: .delivered)])
    ring.writer.settle(one)
    ring.writer.settle(one)
    #expect(ring.writer.ledger.delivered == 1)
    #expect(ring.writer.ledger.waiting == 1)
  }

  @Test func `the window is bounded, and moves on`() throws {
    let ring = try RingHarness(sizeBytes: 16 << 20)
    var random = SeededRandom(seed: 7)
    let count = RingLayout.windowBlocksMax + 1000
    for block in 1...count {
      ring.append([30], random: &random)
      if block % 500 == 0 || block == count { ring.commit() }
    }
    let first = ring.leaseAll()
    // Groups of 500 are read whole.
    #expect((0..<500).contains(first.count - RingLayout.windowBlocksMax), "\(first.count)")
    #expect(ring.lease().isEmpty)
    for block in first { ring.settle(block) }
    #expect(ring.deliverAll().count == count - first.count)
  }

  @Test func `an idle ring has nothing due, and a moved cursor is due within a second`() throws {
    let ring = try RingHarness()
    var random = SeededRandom(seed: 8)
    ring.append([50], random: &random)
    ring.commit()
    ring.pass(.seconds(2))
    ring.commit()
    #expect(ring.writer.nextSyncDue(isStarved: false) == nil)
    _ = ring.deliverAll()
    let due = try #require(ring.writer.nextSyncDue(isStarved: false))
    #expect(due <= ring.now + .seconds(1))
    ring.pass(.seconds(1))
    ring.commit()
    #expect(ring.writer.nextSyncDue(isStarved: false) == nil)
    try ring.reopen()
    #expect(ring.writer.ledger.waiting == 0)
  }

  @Test func `pieces of leased blocks side by side are one gzip member`() throws {
    let ring = try RingHarness(sizeBytes: 16 << 20)
    var random = SeededRandom(seed: 9)
    for _ in 0..<3 {
      ring.append([UInt8](repeating: 0, count: 40).map { _ in 2000 }, random: &random)
    }
    ring.commit()
    let blocks = ring.lease()
    #expect(blocks.map(\.codec) == [.deflate, .deflate, .deflate])
    var member: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF]
    var crc: UInt = 0
    var length = 0
    for block in blocks {
      member += block.stored
      crc = crc32_combine(crc, UInt(block.rawCrc32), block.rawLengthBytes)
      length += block.rawLengthBytes
    }
    member += [0x03, 0x00]
    for value in [UInt32(crc), UInt32(length)] {
      member += (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
    let raw = try #require(Inflate.gzip(member))
    #expect(raw == (1...120).flatMap { ring.offered[$0] ?? [] })
  }
}
