import LogPipeline
import RingSimulation
import Testing

/// What the disk did to us, and whether the ring says so with the exact count: RING format's table of verdicts.
@Suite struct RingDamageTests {
  private static let data = RingLayout.dataStart

  /// A ring of `groups` durable groups of 3 events each, one page a group, opened anew without a clean stop.
  private func ring(groups: Int) throws -> RingHarness {
    let ring = try RingHarness()
    var random = SeededRandom(seed: 1)
    for _ in 0..<groups {
      ring.append([100, 100, 100], random: &random)
      ring.commit()
    }
    return ring
  }

  @Test func `a last group that is torn is cut, and nothing accepted is gone`() throws {
    let ring = try ring(groups: 3)
    var random = SeededRandom(seed: 2)
    ring.append([100, 100], random: &random)
    ring.closeGroup()
    ring.disk.flipBit(at: Self.data + 3 * 4096 + 200)
    try ring.reopen()
    #expect(ring.report.isTailTorn)
    #expect(ring.report.eventsQuarantined == 0)
    ring.checkPromises("torn tail")
  }

  @Test func `a group that vanished before one that witnesses it is damage with the exact count`()
    throws
  {
    let ring = try ring(groups: 4)
    ring.disk.overwrite([UInt8](repeating: 0, count: 4096), at: Self.data + 4096)
    try ring.reopen()
    #expect(!ring.report.isTailTorn)
    #expect(ring.report.eventsQuarantined == 3)
    #expect(ring.deliverAll() == [1, 2, 3, 7, 8, 9, 10, 11, 12])
    #expect(ring.writer.ledger.quarantined == 3)
    #expect(ring.writer.ledger.isAcceptedBalanced)
  }

  @Test func `a bit flip in a block costs that block alone`() throws {
    let ring = try RingHarness()
    var random = SeededRandom(seed: 3)
    ring.append([500, 500], random: &random)
    ring.append([500, 500, 500], random: &random)
    ring.append([500], random: &random)
    ring.commit()
    ring.append([500], random: &random)
    ring.commit()
    // Inside the second block's bytes.
    ring.disk.flipBit(at: Self.data + 136 + 1002 + 40)
    try ring.reopen()
    #expect(ring.deliverAll() == [1, 2, 6, 7])
    #expect(ring.writer.ledger.quarantined == 3)
    #expect(ring.writer.ledger.accepted == 7)
    #expect(ring.writer.ledger.waiting == 0)
  }

  @Test func `damage found while delivering is counted once, also across a restart`() throws {
    let ring = try ring(groups: 6)
    ring.disk.flipBit(at: Self.data + 2 * 4096 + 30)
    #expect(ring.deliverAll().count == 15)
    ring.pass(.seconds(2))
    ring.commit()
    try ring.reopen()
    #expect(ring.writer.ledger.quarantined == 3)
    #expect(
      ring.writer.ledger.delivered + ring.writer.ledger.duplicate + ring.writer.ledger.deadLettered
        == 15)
    #expect(ring.deliverAll().isEmpty)
  }

  @Test func `a group in another's place is refused in both`() throws {
    let ring = try ring(groups: 5)
    let second = ring.disk.shown(Int(Self.data) + 4096..<Int(Self.data) + 8192)
    ring.disk.overwrite(second, at: Self.data + 2 * 4096)
    try ring.reopen()
    #expect(ring.deliverAll() == [1, 2, 3, 4, 5, 6, 10, 11, 12, 13, 14, 15])
    #expect(ring.writer.ledger.quarantined == 3)
  }

  @Test func `a whole group of an earlier life never comes back`() throws {
    let ring = try ring(groups: 2)
    var random = SeededRandom(seed: 4)
    // Torn, and behind it one that is whole; neither was committed.
    ring.append([100], random: &random)
    ring.closeGroup()
    ring.append([200], random: &random)
    ring.closeGroup()
    ring.disk.flipBit(at: Self.data + 2 * 4096 + 20)
    try ring.reopen()
    #expect(ring.writer.ledger.accepted == 6)
    ring.append([100], random: &random)
    ring.commit()
    try ring.reopen()
    #expect(ring.writer.ledger.accepted == 7)
    ring.checkPromises("an earlier life")
  }

  @Test func `either superblock torn at any sector leaves the other`() throws {
    for slot in RingLayout.superblockOffsets {
      for sector in 0..<8 {
        let ring = try ring(groups: 3)
        ring.disk.overwrite(
          [UInt8](repeating: 0xA5, count: 512), at: slot + UInt64(sector * 512))
        try ring.reopen()
        #expect(ring.report.isSuperblockRepaired)
        ring.checkPromises("slot \(slot), sector \(sector)")
      }
    }
  }

  @Test func `with both superblocks gone and no good group the file is refused and left as it is`()
    throws
  {
    let ring = try ring(groups: 1)
    ring.disk.flipBit(at: Self.data + 20)
    for slot in RingLayout.superblockOffsets { ring.disk.flipBit(at: slot + 100) }
    let before = ring.disk.content
    #expect(throws: RingError.damagedSuperblocks(path: "simulated")) { try ring.reopen() }
    #expect(ring.disk.content == before)
  }

  @Test func `with both superblocks gone all is delivered again from the groups alone`() throws {
    for isTorn in [false, true] {
      let ring = try ring(groups: 4)
      for slot in RingLayout.superblockOffsets {
        ring.disk.overwrite([UInt8](repeating: 0, count: isTorn ? 512 : 4096), at: slot)
      }
      try ring.reopen()
      #expect(ring.writer.ledger.accepted == 12 && ring.writer.ledger.waiting == 12)
      #expect(ring.deliverAll() == Array(1...12))
      var random = SeededRandom(seed: 1)
      ring.append([100], random: &random)
      ring.commit()
      try ring.reopen()
      #expect(ring.deliverAll().suffix(1) == [13])
      #expect(ring.writer.ledger.waiting == 0 && ring.writer.ledger.quarantined == 0)
    }
  }

  @Test func `without superblocks a burned range and void copies are still known`() throws {
    let ring = try RingHarness()
    var random = SeededRandom(seed: 2)
    for _ in 0..<3 {
      ring.append([100, 100], random: &random)
      ring.commit()
    }
    ring.disk.failingSyncs = [ring.disk.syncs + 1]
    ring.append([100, 100], random: &random)
    ring.commit()
    var failed = ring.disk.shown(Int(Self.data) + 3 * 4096..<Int(Self.data) + 4 * 4096)
    let held = ring.lease()
    ring.settle(held[0])
    ring.writer.relocate(block: held[1].id, items: [0, 1], now: ring.now)
    ring.housekeep()
    ring.commit()
    ring.append([100], random: &random)
    ring.commit()
    // What failed to commit did reach the disk, but not whole; written again it is.
    failed[150] ^= 1
    ring.disk.overwrite(failed, at: Self.data + 3 * 4096)
    for slot in RingLayout.superblockOffsets {
      ring.disk.overwrite([UInt8](repeating: 0, count: 4096), at: slot)
    }
    try ring.reopen()
    // No group says that the first was settled, so it comes again; the copies are void.
    #expect(ring.deliverAll() == Array(1...9))
    #expect(ring.writer.ledger.accepted == 9 && ring.writer.ledger.waiting == 0)
  }

  @Test func `a consumer that is ahead of the ring makes the numbering jump, and nothing is lost`()
    throws
  {
    let ring = try ring(groups: 2)
    try ring.reopen(lastKnownSequence: 50)
    #expect(ring.report.sequencesJumped == 44)
    #expect(ring.writer.ledger.accepted == 6)
    var random = SeededRandom(seed: 1)
    ring.append([100, 100], random: &random)
    ring.commit()
    let blocks = ring.lease()
    #expect(blocks.map(\.firstSequence) == [1, 4, 51])
    for block in blocks { ring.settle(block) }
    ring.pass(.seconds(2))
    ring.commit()
    try ring.reopen(lastKnownSequence: 52)
    #expect(ring.report.sequencesJumped == 0)
    #expect(ring.deliverAll().isEmpty)
    // With all of it settled the cursor jumps too.
    try ring.reopen(lastKnownSequence: 99)
    ring.append([100], random: &random)
    ring.commit()
    try ring.reopen(lastKnownSequence: 99)
    let last = ring.lease()
    #expect(last.map(\.firstSequence) == [100])
    for block in last { ring.settle(block) }
    let ledger = ring.writer.ledger
    #expect(ledger.accepted == 9 && ledger.waiting == 0 && ledger.quarantined == 0)
  }

  @Test
  func `what an earlier life wrote and never committed does not pass for what was lost there`()
    throws
  {
    for hasRestartedAgain in [false, true] {
      let ring = try ring(groups: 3)
      var random = SeededRandom(seed: 4)
      // Written, not committed; the log is cut before it, but its sectors stay.
      ring.append([5000, 5000], random: &random)
      ring.closeGroup()
      let place = Self.data + 3 * 4096
      let old = ring.disk.shown(Int(place)..<Int(place) + 3 * 4096)
      ring.disk.losePower(keeping: 0)
      try ring.reopen()
      ring.append([100], random: &random)
      ring.commit()
      ring.append([100], random: &random)
      ring.commit()
      // The disk had said yes, and lost the write of the first of the two.
      ring.disk.overwrite(Array(old[..<4096]), at: place)
      if hasRestartedAgain {
        ring.pass(.seconds(2))
        ring.commit()
        try ring.reopen()
      }
      #expect(ring.deliverAll() == Array(1...9) + [13], "\(hasRestartedAgain)")
      let ledger = ring.writer.ledger
      #expect(ledger.accepted == 11 && ledger.quarantined == 1 && ledger.waiting == 0)
    }
  }

  @Test(arguments: [false, true])
  func `events whose place was freed by a lost superblock are counted, also at the head of the log`(
    isOpenedTwice: Bool
  ) throws {
    let ring = try ring(groups: 1)
    _ = ring.deliverAll()
    ring.pass(.seconds(2))
    ring.commit()
    // Names the new tail, and is torn: it is not adopted. The first group is damaged by now.
    var random = SeededRandom(seed: 9)
    ring.append([100], random: &random)
    ring.closeGroup()
    ring.disk.flipBit(at: Self.data + 4096 + 140)
    ring.disk.flipBit(at: Self.data + 20)
    // The superblock that freed the first group.
    let newest = RingLayout.superblockOffsets.max { generation($0, ring) < generation($1, ring) }
    ring.disk.flipBit(at: try #require(newest) + 100)
    try ring.reopen()
    if isOpenedTwice { try ring.reopen() }
    #expect(ring.writer.ledger.accepted == 3 && ring.writer.ledger.waiting == 3)
    #expect(ring.deliverAll() == [])
    #expect(ring.writer.ledger.quarantined == 3 && ring.writer.ledger.waiting == 0)
    #expect(ring.writer.isAllSettled())
    try ring.reopen()
    _ = ring.deliverAll()
    #expect(ring.writer.ledger.quarantined == 3 && ring.writer.ledger.waiting == 0)
  }

  private func generation(_ slot: UInt64, _ ring: RingHarness) -> UInt64 {
    guard
      case .valid(let found) = Superblock.read(ring.disk.shown(Int(slot)..<Int(slot) + 4096))
    else { return 0 }
    return found.generation
  }

  @Test func `a lost SKIP does not hide that a commit before it failed`() throws {
    let ring = try RingHarness()
    var random = SeededRandom(seed: 5)
    let page = UInt64(RingLayout.pageBytes)
    let pages = (UInt64(ring.disk.sizeBytes) - Self.data) / page
    while ring.writer.head.position < (pages - 3) * page {
      ring.append([100, 100], random: &random)
      ring.commit(isStarved: true)
      _ = ring.deliverAll()
    }
    ring.commit(isStarved: true)
    // Two of the three pages that are left. Written again it does not fit the third.
    ring.disk.failingSyncs = [ring.disk.syncs + 1]
    ring.append([2500, 2500], random: &random)
    ring.commit()
    ring.append([100], random: &random)
    ring.commit()
    // Of the first attempt only the header reached the disk, and the SKIP behind it is lost.
    ring.disk.flipBit(at: Self.data + (pages - 2) * page + 3000)
    ring.disk.overwrite([UInt8](repeating: 0, count: Int(page)), at: Self.data + (pages - 1) * page)
    for _ in 0..<2 {
      try ring.reopen()
      #expect(ring.report.eventsQuarantined == 0)
      #expect(ring.writer.ledger.waiting == 3)
    }
    ring.checkPromises("a lost SKIP")
  }

  @Test func `a whole group of an earlier life is not taken for the one that was lost there`()
    throws
  {
    for (lost, left) in [(3, [14, 15]), (4, [12, 15])] as [(UInt64, [UInt64])] {
      let ring = try ring(groups: 3)
      var random = SeededRandom(seed: 6)
      for length in [100, 150] {
        ring.append([length], random: &random)
        ring.closeGroup()
      }
      let place = Self.data + lost * 4096
      let old = ring.disk.shown(Int(place)..<Int(place) + 4096)
      ring.disk.losePower(keeping: 0)
      try ring.reopen()
      for _ in 0..<4 {
        ring.append([120], random: &random)
        ring.commit()
      }
      ring.pass(.seconds(2))
      ring.commit()
      try ring.reopen()
      // The disk had lost a write, and now it loses the group behind, which names another chain.
      ring.disk.overwrite(old + [UInt8](repeating: 0, count: 4096), at: place)
      #expect(ring.deliverAll() == Array(1...9) + left)
      let ledger = ring.writer.ledger
      #expect(ledger.accepted == 13 && ledger.quarantined == 2 && ledger.waiting == 0)
    }
  }

  /// Of two groups that nobody had acknowledged the first attempts and the second ones lie behind the damage: of the
  /// first attempts the second is whole, of the second ones all but the last one's header is lost.
  @Test func `what an opening cuts off behind damage is not delivered`() throws {
    let ring = try ring(groups: 2)
    var random = SeededRandom(seed: 7)
    for _ in 0..<2 {
      ring.append([100], random: &random)
      ring.closeGroup()
    }
    ring.failCommit()
    for page: UInt64 in [1, 2, 4] {
      ring.disk.overwrite([UInt8](repeating: 0, count: 4096), at: Self.data + page * 4096)
    }
    ring.disk.flipBit(at: Self.data + 5 * 4096 + 140)
    try ring.reopen()
    // Three were acknowledged. That the fourth was not does not show: the header behind it counts it as given.
    #expect(ring.report.eventsQuarantined == 4 && ring.report.isTailTorn)
    #expect(ring.deliverAll() == [1, 2, 3])
    ring.append([100], random: &random)
    ring.commit()
    #expect(ring.deliverAll() == [9])
    let ledger = ring.writer.ledger
    #expect(ledger.accepted == 8 && ledger.quarantined == 4 && ledger.waiting == 0)
  }

  @Test func `what an opening has cut off stays off, although it fits the end of the log`() throws {
    let ring = try ring(groups: 2)
    var random = SeededRandom(seed: 9)
    ring.append([100], random: &random)
    ring.closeGroup()
    let page = Self.data + 2 * 4096
    ring.disk.unreadable = page..<page + 512
    try ring.reopen()
    #expect(ring.writer.ledger.accepted == 6)
    ring.disk.unreadable = 0..<0
    try ring.reopen()
    #expect(ring.writer.ledger.accepted == 6)
    #expect(ring.deliverAll() == Array(1...6))
  }

  /// Two lives in a row end in a commit that failed and a second attempt that is torn, each where the next begins.
  @Test func `burned ranges in a row are passed over behind damage`() throws {
    let ring = try ring(groups: 1)
    var random = SeededRandom(seed: 8)
    for (groups, torn) in [(1, 2), (2, 4)] as [(Int, UInt64)] {
      for _ in 0..<groups {
        ring.append([100], random: &random)
        ring.closeGroup()
      }
      ring.failCommit()
      ring.disk.flipBit(at: Self.data + torn * 4096 + 140)
      try ring.reopen()
      #expect(ring.writer.head.position == torn * 4096)
    }
    // Where the second range begins no header shows either.
    for page: UInt64 in [0, 2] { ring.disk.flipBit(at: Self.data + page * 4096 + 20) }
    #expect(ring.deliverAll() == [])
    let ledger = ring.writer.ledger
    #expect(ledger.accepted == 3 && ledger.quarantined == 3 && ledger.waiting == 0)
  }

  @Test func `each flipped bit of a small ring costs at most its group`() throws {
    for offset in stride(from: Self.data, to: Self.data + 3 * 4096, by: 61) {
      let ring = try ring(groups: 4)
      ring.disk.flipBit(at: offset, bit: UInt8(offset % 8))
      try ring.reopen()
      #expect(ring.deliverAll().count >= 9, "offset \(offset)")
      #expect(ring.writer.ledger.waiting == 0 && ring.writer.ledger.isAcceptedBalanced)
      #expect(ring.writer.ledger.accepted == 12, "offset \(offset)")
    }
  }

  @Test func `a disk that can not be read at all costs nothing once it is back`() throws {
    let ring = try ring(groups: 4)
    ring.disk.unreadable = 0..<UInt64(ring.disk.sizeBytes)
    #expect(ring.deliverAll() == [])
    #expect(throws: RingError.self) { try ring.reopen() }
    ring.disk.unreadable = 0..<0
    try ring.reopen()
    #expect(ring.deliverAll() == Array(1...12))
    #expect(ring.writer.ledger.quarantined == 0)
  }

  @Test func `a sector that can not be read is quarantined like one that reads wrong`() throws {
    let ring = try ring(groups: 4)
    ring.disk.unreadable = Self.data + 4096 + 512..<Self.data + 4096 + 1024
    #expect(ring.deliverAll().count == 9)
    #expect(ring.writer.ledger.quarantined == 3)
  }
}
