import LogPipeline
import RingSimulation
import Testing

/// Events that hold others up move to the head; each is still delivered, and counted once, whatever crashes.
@Suite struct RingMovesTests {
  @Test func `a stuck item moves on with its bytes, and the cursor passes where it was`() throws {
    let ring = try RingHarness()
    var random = SeededRandom(seed: 1)
    for _ in 0..<3 {
      ring.append([200, 200, 200], random: &random)
      ring.commit()
    }
    let blocks = ring.lease()
    ring.settle(blocks[0]) { $0 != 1 }
    ring.settle(blocks[1])
    ring.writer.relocate(block: blocks[0].id, items: [1], now: ring.now)
    ring.housekeep()
    ring.writer.release([blocks[0].id])
    #expect(ring.writer.lease(rawBytesMax: 1, itemsMax: 1, now: ring.now).isEmpty)
    #expect(ring.writer.ledger.waiting == 4, "the copy is not durable: the original waits")
    ring.commit()
    #expect(ring.writer.ledger.waiting == 4 && ring.writer.ledger.accepted == 9)
    ring.settle(blocks[2])
    #expect(ring.lease().isEmpty, "what was set aside rests")
    ring.pass(MoveDesk.restOfFailing)
    let copies = ring.lease()
    #expect(copies.flatMap { $0.items.map(\.fingerprint) } == [2])
    #expect(copies[0].firstSequence == 10)
    #expect(copies[0].isCopy && !blocks[0].isCopy)
    #expect(copies[0].rawBytes == ring.offered[2])
    for copy in copies { ring.settle(copy) }
    #expect(ring.writer.ledger.waiting == 0)
    #expect(ring.writer.snapshot(isStarved: false).eventsRelocated == 1)
  }

  @Test func `a block that is given up while one of its items moves is lost once`() throws {
    let ring = try RingHarness()
    var random = SeededRandom(seed: 7)
    ring.append([200, 200, 200], random: &random)
    ring.commit()
    let block = try #require(ring.lease().first)
    ring.writer.relocate(block: block.id, items: [0], now: ring.now)
    ring.housekeep()
    ring.writer.quarantine(block.id)
    #expect(ring.writer.ledger.quarantined == 2)
    // Neither may what was lost move on, nor does a late answer count.
    ring.writer.relocate(block: block.id, items: [1], now: ring.now)
    ring.housekeep()
    ring.settle(block) { $0 == 2 }
    ring.commit()
    #expect(ring.deliverAll() == [1])
    let ledger = ring.writer.ledger
    #expect(ledger.isAcceptedBalanced && ledger.waiting == 0)
    #expect(ledger.quarantined == 2 && ledger.accepted == 3)
  }

  @Test func `a copy whose original is delivered again after a crash counts for nothing`() throws {
    for closesWell in [false, true] {
      let ring = try RingHarness()
      var random = SeededRandom(seed: 2)
      ring.append([200, 200], random: &random)
      ring.commit()
      let held = ring.lease()
      ring.writer.relocate(block: held[0].id, items: [0], now: ring.now)
      ring.housekeep()
      ring.commit()
      // The copy is durable; that the cursor passed nothing is too, since item 1 is open.
      if closesWell {
        ring.beginSync(isClosing: true)
        ring.endSync()
      }
      ring.disk.losePower(seed: 3)
      try ring.reopen()
      #expect(ring.writer.ledger.accepted == 2)
      #expect(ring.deliverAll() == [1, 2])
      #expect(ring.writer.ledger.waiting == 0 && ring.writer.ledger.isAcceptedBalanced)
      // And once more, with nothing left that could be delivered twice.
      ring.pass(.seconds(2))
      ring.commit()
      try ring.reopen()
      #expect(ring.deliverAll().isEmpty && ring.writer.ledger.accepted == 2)
    }
  }

  @Test func `a copy that has taken over is delivered after a crash`() throws {
    let ring = try RingHarness()
    var random = SeededRandom(seed: 4)
    ring.append([200, 200], random: &random)
    ring.commit()
    ring.append([200], random: &random)
    ring.commit()
    let held = ring.lease()
    ring.settle(held[0]) { $0 == 1 }
    ring.writer.relocate(block: held[0].id, items: [0], now: ring.now)
    ring.housekeep()
    ring.commit()
    ring.pass(.seconds(2))
    ring.append([200], random: &random)
    ring.commit()
    ring.disk.losePower(seed: 3)
    try ring.reopen()
    #expect(ring.writer.ledger.accepted == 4 && ring.writer.ledger.waiting == 3)
    #expect(ring.deliverAll() == [3, 1, 4])
    #expect(ring.writer.ledger.waiting == 0)
  }

  @Test func `moving loses and doubles nothing, whatever step the power fails at`() throws {
    for step in 1...400 {
      let ring = try RingHarness()
      var random = SeededRandom(seed: 5)
      ring.disk.stopAtStep = ring.disk.steps + step
      for round in 0..<4 {
        ring.append([150, 150, 150], random: &random)
        ring.commit()
        ring.pass(.milliseconds(700))
        for block in ring.lease() {
          ring.settle(block) { ($0 + round) % 3 != 0 }
          ring.writer.relocate(block: block.id, items: [0, 1, 2], now: ring.now)
          ring.writer.release([block.id])
        }
        ring.housekeep()
        ring.commit()
        ring.pass(.seconds(61))
      }
      let isDone = !ring.disk.hasStopped
      for again in 0..<2 {
        ring.disk.losePower(seed: UInt64(step + again))
        try ring.reopen()
        #expect(ring.writer.ledger.isAcceptedBalanced, "step \(step)")
      }
      // What was settled before the crash may come again; each once.
      let waiting = ring.writer.ledger.waiting
      let found = ring.deliverAll()
      #expect(waiting == UInt64(found.count), "step \(step)")
      #expect(Set(found).count == found.count, "an event came twice, step \(step)")
      let missing = ring.acknowledged.subtracting(found).subtracting(ring.settled)
      #expect(missing.isEmpty, "\(missing) is gone, step \(step)")
      #expect(ring.writer.ledger.waiting == 0, "step \(step)")
      if isDone { return #expect(step > 15) }
    }
    Issue.record("the workload has more steps than were tried")
  }

  @Test func `no superblock passes an original whose copy may still be lost`() throws {
    let ring = try RingHarness()
    var random = SeededRandom(seed: 11)
    ring.append([200, 200], random: &random)
    ring.commit()
    let held = ring.lease()
    ring.settle(held[0]) { $0 == 1 }
    ring.writer.relocate(block: held[0].id, items: [0], now: ring.now)
    ring.housekeep()
    ring.pass(.seconds(2))
    ring.beginSync()
    // The power fails before the sync is over: the superblock reached the disk, the copy did not.
    ring.disk.restart()
    let copy = try #require(ring.lastGroupPosition)
    ring.disk.overwrite([UInt8](repeating: 0, count: 4096), at: copy)
    try ring.reopen()
    #expect(ring.deliverAll() == [1, 2])
    #expect(ring.writer.ledger.accepted == 2 && ring.writer.ledger.waiting == 0)
  }

  @Test func `a failed commit of copies is written again`() throws {
    let ring = try RingHarness()
    var random = SeededRandom(seed: 6)
    ring.append([200, 200], random: &random)
    ring.commit()
    let held = ring.lease()
    ring.settle(held[0]) { $0 == 1 }
    ring.writer.relocate(block: held[0].id, items: [0], now: ring.now)
    ring.housekeep()
    ring.disk.failingSyncs = [ring.disk.syncs + 1]
    ring.commit()
    ring.pass(.seconds(2))
    ring.commit()
    ring.disk.losePower(seed: 9)
    try ring.reopen()
    #expect(ring.writer.ledger.accepted == 2 && ring.writer.ledger.waiting == 1)
    #expect(ring.deliverAll() == [1])
  }

  @Test func `when nothing can be written any more, what was to move is delivered where it is`()
    throws
  {
    let ring = try RingHarness()
    var random = SeededRandom(seed: 7)
    ring.append([200, 200], random: &random)
    ring.commit()
    let held = ring.lease()
    ring.writer.relocate(block: held[0].id, items: [0, 1], now: ring.now)
    ring.housekeep()
    ring.writer.release([held[0].id])
    ring.disk.failingSyncs = Set(ring.disk.syncs..<ring.disk.syncs + 9)
    ring.commit()
    #expect(ring.writer.readOnlyReason != nil)
    ring.housekeep()
    #expect(ring.deliverAll() == [1, 2])
    #expect(ring.writer.ledger.waiting == 0)
    // The copies may have reached the disk although it said no: they must not count as well.
    ring.pass(.seconds(2))
    ring.disk.failingSyncs = []
    ring.beginSync()
    ring.endSync()
    ring.disk.losePower(keeping: 8)
    try ring.reopen()
    _ = ring.deliverAll()
    let ledger = ring.writer.ledger
    #expect(ledger.accepted == 2 && ledger.waiting == 0 && ledger.quarantined == 0)
  }

  @Test func `copies made void before stay so while the record is held for others`() throws {
    let ring = try RingHarness()
    var random = SeededRandom(seed: 11)
    ring.append([200, 200], random: &random)
    ring.commit()
    ring.writer.relocate(block: ring.lease()[0].id, items: [0], now: ring.now)
    ring.housekeep()
    ring.commit()
    ring.disk.losePower(keeping: 8)
    // The copy of event 1 is void from here on.
    try ring.reopen()
    ring.append([200], random: &random)
    ring.commit()
    ring.writer.relocate(block: ring.lease()[0].id, items: [1], now: ring.now)
    ring.housekeep()
    ring.disk.failingSyncs = Set(ring.disk.syncs..<ring.disk.syncs + 9)
    ring.commit()
    #expect(ring.writer.readOnlyReason != nil)
    ring.housekeep()
    _ = ring.deliverAll()
    ring.pass(.seconds(2))
    ring.disk.failingSyncs = []
    ring.beginSync()
    ring.endSync()
    ring.disk.losePower(keeping: 0)
    try ring.reopen()
    #expect(ring.deliverAll() == [1, 2, 3])
    let ledger = ring.writer.ledger
    #expect(ledger.accepted == 3 && ledger.waiting == 0 && ledger.quarantined == 0)
  }

  @Test func `lost copies, void or not, leave sums that balance in the end`() throws {
    let ring = try RingHarness()
    var random = SeededRandom(seed: 8)
    for _ in 0..<2 {
      ring.append([200, 200], random: &random)
      ring.commit()
    }
    let held = ring.lease()
    ring.settle(held[0]) { $0 == 1 }
    ring.writer.relocate(block: held[0].id, items: [0], now: ring.now)
    ring.writer.relocate(block: held[1].id, items: [1], now: ring.now)
    ring.housekeep()
    ring.commit()
    ring.pass(.seconds(2))
    ring.commit()
    let copies = try #require(ring.lastGroupPosition)
    ring.append([200], random: &random)
    ring.commit()
    ring.pass(.seconds(2))
    ring.commit()
    ring.disk.losePower(seed: 3)
    try ring.reopen()
    // Of event 1 only the copy is left, of event 4 the copy is void; both copies are lost together.
    ring.disk.overwrite([UInt8](repeating: 0xEE, count: 4096), at: copies)
    #expect(ring.deliverAll() == [3, 4, 5])
    #expect(ring.deliverAll().isEmpty)
    let ledger = ring.writer.ledger
    #expect(ledger.accepted == 5 && ledger.waiting == 0 && ledger.quarantined == 1)
  }

  @Test func `a block that holds the cursor while others pass is moved on by the ring itself`()
    throws
  {
    let ring = try RingHarness(sizeBytes: 16 << 20)
    var random = SeededRandom(seed: 9)
    ring.append([100], random: &random)
    ring.commit()
    _ = ring.lease()
    for _ in 0..<600 {
      ring.append([100], random: &random)
      ring.commit()
      for block in ring.lease() { ring.settle(block) }
    }
    ring.housekeep()
    #expect(ring.writer.snapshot(isStarved: false).eventsRelocated == 0)
    ring.pass(.seconds(61))
    ring.housekeep()
    ring.commit()
    let snapshot = ring.writer.snapshot(isStarved: false)
    #expect(snapshot.eventsRelocated == 1 && snapshot.ledger.waiting == 1)
    #expect(snapshot.usedBytes < 16384, "the cursor has passed it")
    #expect(ring.deliverAll() == [1])
  }

  @Test func `single events fill the ring many times denser than a page each`() throws {
    let ring = try RingHarness()
    var random = SeededRandom(seed: 10)
    var count = 0
    var refusals = 0
    while refusals < 3 {
      ring.housekeep(isStarved: refusals > 0)
      if ring.append([300], random: &random) {
        count += 1
        refusals = 0
      } else {
        refusals += 1
      }
      ring.pass(.milliseconds(100))
      ring.commit(isStarved: refusals > 0)
    }
    // A page each, 184 would fill it; these do not even compress well.
    #expect(count > 1_000, "\(count)")
    ring.disk.losePower(seed: 1)
    try ring.reopen()
    #expect(ring.writer.ledger.waiting == UInt64(count))
    let found = ring.deliverAll()
    #expect(found.count == count && Set(found).count == count)
    #expect(ring.writer.ledger.waiting == 0 && ring.writer.ledger.quarantined == 0)
  }
}
