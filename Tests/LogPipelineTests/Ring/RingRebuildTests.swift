import LogPipeline
import RingSimulation
import Testing

/// Goal: a ring that lost both superblocks holds what its groups hold, once, and its sums come out even.
/// Method: histories that leave more in the file than the log: first attempts, torn ends, copies. Then both slots go.
@Suite struct RingRebuildTests {
  private static let data = RingLayout.dataStart

  @Test func `an earlier life's groups behind the end are not taken for the newest`() throws {
    var random = SeededRandom(seed: 4)
    let ring = try RingHarness()
    ring.append([100, 100], random: &random)
    ring.commit()
    for _ in 0..<2 {
      ring.append([100, 100], random: &random)
      ring.closeGroup()
    }
    // The second group is torn, so the log ends before it; the third stays where it is.
    ring.disk.flipBit(at: Self.data + 4096 + 140)
    try ring.reopen()
    ring.append([100, 100], random: &random)
    ring.commit()
    try rebuild(ring)
    #expect(ring.deliverAll() == [1, 2, 7, 8])
    #expect(ring.writer.ledger.accepted == 4 && ring.writer.ledger.waiting == 0)
  }

  @Test func `a first attempt that is there in part is not where the log begins`() throws {
    var random = SeededRandom(seed: 4)
    let ring = try RingHarness()
    ring.disk.nextWriteFault = (.error, 0)
    for _ in 0..<3 {
      ring.append([100], random: &random)
      ring.closeGroup()
    }
    ring.commit()
    try rebuild(ring)
    #expect(ring.deliverAll() == [1, 2, 3])
    #expect(ring.writer.ledger.accepted == 3 && ring.writer.ledger.waiting == 0)
  }

  @Test func `what two failed commits left is found at its second attempt`() throws {
    var random = SeededRandom(seed: 4)
    let ring = try RingHarness()
    ring.append([100, 100], random: &random)
    ring.commit()
    ring.disk.nextWriteFault = (.error, 0)
    ring.append([100, 100], random: &random)
    ring.closeGroup()
    ring.append([100, 100], random: &random)
    ring.closeGroup()
    ring.disk.nextSyncFault = .fails(.staysDirty, isOutOfSpace: false)
    ring.commit()
    #expect(ring.writer.readOnlyReason != nil)
    try rebuild(ring)
    #expect(ring.deliverAll() == Array(1...6))
    #expect(ring.writer.ledger.accepted == 6 && ring.writer.ledger.waiting == 0)
  }

  @Test func `what is cut off behind two failed commits leaves no range to jump over`() throws {
    var random = SeededRandom(seed: 4)
    let ring = try RingHarness()
    ring.append([100], random: &random)
    ring.commit()
    for _ in 0..<3 {
      ring.append([100], random: &random)
      ring.closeGroup()
    }
    for _ in 0..<2 {
      ring.disk.nextSyncFault = .fails(.staysDirty, isOutOfSpace: false)
      ring.beginSync()
      ring.endSync()
    }
    // Of the first attempts the second is lost, of the second attempts all but the last.
    for page: UInt64 in [2, 4, 5] {
      ring.disk.overwrite([UInt8](repeating: 0, count: 4096), at: Self.data + page * 4096)
    }
    try rebuild(ring)
    for _ in 0..<3 {
      ring.append([100], random: &random)
      ring.commit()
    }
    #expect(ring.deliverAll() == [1, 2, 5, 6, 7])
    #expect(ring.writer.ledger.accepted == 5 && ring.writer.ledger.waiting == 0)
  }

  @Test func `first attempts are no part of the log when a later life began over their second`()
    throws
  {
    var random = SeededRandom(seed: 4)
    let ring = try RingHarness()
    ring.append([100, 100], random: &random)
    ring.commit()
    ring.append([100, 100, 100], random: &random)
    ring.closeGroup()
    for _ in 0..<2 {
      ring.disk.nextSyncFault = .fails(.staysDirty, isOutOfSpace: false)
      ring.beginSync()
      ring.endSync()
    }
    #expect(ring.writer.readOnlyReason != nil)
    // The second attempt is torn, so the log ends where it began.
    ring.disk.flipBit(at: Self.data + 2 * 4096 + 140)
    try ring.reopen()
    ring.append([100], random: &random)
    ring.commit()
    try rebuild(ring)
    #expect(ring.deliverAll() == [1, 2, 6])
    #expect(ring.writer.ledger.accepted == 3 && ring.writer.ledger.waiting == 0)
  }

  /// The last one's group reaches over the group behind it.
  @Test(arguments: [[100], [100, 100, 100], [3000, 3000, 3000]])
  func `what a lying disk lost is counted, although an earlier life's group shows in its place`(
    events: [Int]
  ) throws {
    var random = SeededRandom(seed: 4)
    let ring = try RingHarness()
    ring.append([100, 100], random: &random)
    ring.commit()
    ring.append(events, random: &random)
    ring.closeGroup()
    let place = Int(Self.data) + 4096..<Int(Self.data) + 2 * 4096
    let old = ring.disk.shown(place)
    ring.disk.overwrite([UInt8](repeating: 0, count: 4096), at: UInt64(place.lowerBound))
    try ring.reopen()
    for _ in 0..<2 {
      ring.append([100], random: &random)
      ring.commit()
    }
    ring.disk.overwrite(old, at: UInt64(place.lowerBound))
    try rebuild(ring)
    #expect(ring.deliverAll() == [1, 2, UInt64(events.count) + 4])
    let ledger = ring.writer.ledger
    #expect(ledger.accepted == 4 && ledger.quarantined == 1 && ledger.waiting == 0)
  }

  @Test func `the log does not begin at what an earlier life wrote in the place of a lost group`()
    throws
  {
    var random = SeededRandom(seed: 4)
    let ring = try RingHarness()
    for lengths in [[100, 100, 100], [100]] {
      ring.append(lengths, random: &random)
      ring.closeGroup()
    }
    let place = Int(Self.data) + 4096..<Int(Self.data) + 2 * 4096
    let old = ring.disk.shown(place)
    ring.disk.losePower(keeping: 0)
    try ring.reopen()
    for _ in 0..<3 {
      ring.append([100], random: &random)
      ring.commit()
    }
    ring.settle(try #require(ring.lease(rawBytesMax: 1).first))
    ring.pass(.seconds(2))
    ring.commit()
    // Names the tail that has moved behind the first group.
    ring.append([100], random: &random)
    ring.commit()
    // Of a higher sequence than the groups that the later life wrote behind it.
    ring.disk.overwrite(old, at: UInt64(place.lowerBound))
    try rebuild(ring)
    #expect(ring.deliverAll() == [7, 8])
    #expect(ring.writer.ledger.accepted == 2 && ring.writer.ledger.waiting == 0)
  }

  /// Of the groups in the way the last alone gives itself away by the chain, the one before it by its number.
  @Test func `no more of an earlier life's groups are kept than numbers are free before the next`()
    throws
  {
    var random = SeededRandom(seed: 4)
    let ring = try RingHarness()
    ring.append([100, 100], random: &random)
    ring.commit()
    for _ in 0..<3 {
      ring.append([100], random: &random)
      ring.closeGroup()
    }
    let place = Int(Self.data) + 4096..<Int(Self.data) + 4 * 4096
    let old = ring.disk.shown(place)
    ring.disk.overwrite([UInt8](repeating: 0, count: old.count), at: UInt64(place.lowerBound))
    try ring.reopen()
    // The first takes the place of two, so the third stands behind all three.
    for lengths in [[3000, 3000], [100], [100], [100]] {
      ring.append(lengths, random: &random)
      ring.commit()
    }
    ring.disk.overwrite(old, at: UInt64(place.lowerBound))
    try rebuild(ring)
    #expect(ring.deliverAll() == [1, 2, 3, 9, 10])
    let ledger = ring.writer.ledger
    #expect(ledger.accepted == 7 && ledger.quarantined == 2 && ledger.waiting == 0)
  }

  /// What the lives before had written there and never committed, and of the first commit the first attempt is lost.
  @Test(arguments: [true, false])
  func `a life whose first commit failed begins over what has its sequences`(isBehindOther: Bool)
    throws
  {
    var random = SeededRandom(seed: 4)
    let ring = try RingHarness()
    if isBehindOther {
      ring.append([100], random: &random)
      ring.commit()
    }
    let first = ring.writer.head.position
    for lengths in [[100], [100, 100]] {
      ring.append(lengths, random: &random)
      ring.closeGroup()
    }
    ring.failCommit()
    // Of the second attempts one is torn, where the log then ends.
    let torn = first + (isBehindOther ? 3 : 2) * 4096
    ring.disk.flipBit(at: Self.data + torn + 140)
    try ring.reopen()
    #expect(ring.writer.head.position == torn)
    ring.append([100, 100], random: &random)
    ring.closeGroup()
    ring.failCommit()
    ring.endSync()
    for lost in isBehindOther ? [torn - 4096, torn] : [torn] {
      ring.disk.overwrite([UInt8](repeating: 0, count: 4096), at: Self.data + lost)
    }
    try rebuild(ring)
    #expect(ring.deliverAll() == (isBehindOther ? [1, 2, 5, 6] : [4, 5]))
    #expect(ring.writer.ledger.accepted == (isBehindOther ? 4 : 2))
    #expect(ring.writer.ledger.waiting == 0)
  }

  /// The opening had found them whole and gone on behind them; of the second attempts only the last had reached the disk.
  @Test(arguments: [false, true])
  func `first attempts at the start of the log count when a later life went on behind them`(
    isCutAgain: Bool
  ) throws {
    var random = SeededRandom(seed: 4)
    let ring = try RingHarness()
    for _ in 0..<2 {
      ring.append([100], random: &random)
      ring.closeGroup()
    }
    ring.failCommit()
    ring.disk.overwrite([UInt8](repeating: 0, count: 4096), at: Self.data + 2 * 4096)
    try ring.reopen()
    #expect(ring.writer.head.position == 2 * 4096)
    ring.disk.nextWriteFault = (.error, 0)
    ring.append([3000, 3000], random: &random)
    ring.closeGroup()
    ring.beginSync()
    if isCutAgain {
      ring.disk.flipBit(at: Self.data + 4 * 4096 + 140)
      try ring.reopen()
      ring.append([100], random: &random)
      ring.commit()
    }
    ring.endSync()
    // So the log begins with the second group.
    ring.disk.overwrite([UInt8](repeating: 0, count: 4096), at: Self.data)
    try rebuild(ring)
    #expect(ring.deliverAll() == (isCutAgain ? [2, 5] : [2, 3, 4]))
    #expect(ring.writer.ledger.accepted == (isCutAgain ? 2 : 3))
    #expect(ring.writer.ledger.waiting == 0)
  }

  /// The first of the two, which says so, is lost.
  @Test func `what was written again is read where it is whole, also when its BURN is lost`() throws
  {
    var random = SeededRandom(seed: 4)
    let ring = try RingHarness()
    ring.append([100], random: &random)
    ring.commit()
    for _ in 0..<2 {
      ring.append([100], random: &random)
      ring.closeGroup()
    }
    ring.failCommit()
    ring.endSync()
    ring.append([100], random: &random)
    ring.commit()
    // Of the second event's first attempt only the header is whole.
    ring.disk.flipBit(at: Self.data + 2 * 4096 + 140)
    ring.disk.overwrite([UInt8](repeating: 0, count: 4096), at: Self.data + 3 * 4096)
    try rebuild(ring)
    #expect(ring.deliverAll() == [1, 2, 3, 4])
    #expect(ring.writer.ledger.accepted == 4 && ring.writer.ledger.quarantined == 0)
    #expect(ring.writer.ledger.waiting == 0)
  }

  @Test func `a ring can lose its superblocks again`() throws {
    var random = SeededRandom(seed: 4)
    let ring = try RingHarness()
    ring.append([100], random: &random)
    ring.commit()
    ring.append([100], random: &random)
    ring.closeGroup()
    // Torn, so the log ends behind the first group, of which nothing but the group itself is known.
    ring.disk.flipBit(at: Self.data + 4096 + 140)
    for _ in 0..<2 {
      try rebuild(ring)
      ring.append([100], random: &random)
      ring.commit()
    }
    try rebuild(ring)
    #expect(ring.deliverAll() == [1, 3, 4])
    #expect(ring.writer.ledger.accepted == 3 && ring.writer.ledger.waiting == 0)
  }

  @Test func `copies whose originals are gone are the primary's alone`() throws {
    var random = SeededRandom(seed: 4)
    let ring = try RingHarness(consumers: ["delivery", "archive"])
    ring.append([100, 100], random: &random)
    ring.commit()
    let held = ring.lease()
    ring.writer.relocate(block: held[0].id, items: [0, 1], now: ring.now)
    ring.housekeep()
    ring.commit()
    _ = ring.deliverAll(consumer: 1)
    ring.pass(.seconds(2))
    ring.commit()
    // Names the tail that the superblock moved behind the originals.
    ring.append([100], random: &random)
    ring.commit()
    try rebuild(ring)
    #expect(ring.deliverAll() == [1, 2, 3])
    #expect(ring.deliverAll(consumer: 1) == [3])
    for consumer in 0...1 {
      #expect(ring.writer.ledger(of: consumer).waiting == 0)
    }
  }

  private func rebuild(_ ring: RingHarness) throws {
    for slot in RingLayout.superblockOffsets {
      ring.disk.overwrite([UInt8](repeating: 0, count: 4096), at: slot)
    }
    try ring.reopen()
  }
}
