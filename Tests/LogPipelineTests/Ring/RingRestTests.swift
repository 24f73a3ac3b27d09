import LogPipeline
import RingSimulation
import Testing

/// What was set aside rests: it is in nobody's way, however much of it there is, and comes again when it is called for.
@Suite struct RingRestTests {
  @Test func `what was set aside comes again once its rest is over, or it is called for`() throws {
    for isCalled in [false, true] {
      let ring = try RingHarness()
      var random = SeededRandom(seed: 1)
      ring.append([100, 100], random: &random)
      ring.commit()
      let block = try #require(ring.lease().first)
      ring.writer.relocate(block: block.id, items: [0, 1], isParked: true, now: ring.now)
      ring.writer.release([block.id])
      ring.housekeep()
      ring.commit()
      ring.pass(MoveDesk.restOfFailing)
      #expect(ring.lease().isEmpty)
      if isCalled { ring.writer.recall() } else { ring.pass(MoveDesk.restOfParked) }
      #expect(ring.lease().flatMap { $0.items.map(\.fingerprint) } == [1, 2])
    }
  }

  @Test func `a copy that is set aside again rests where it is`() throws {
    let ring = try RingHarness()
    var random = SeededRandom(seed: 2)
    ring.append([100, 100, 100], random: &random)
    ring.commit()
    var block = try #require(ring.lease().first)
    ring.settle(block) { $0 == 2 }
    for _ in 0..<3 {
      ring.writer.relocate(block: block.id, items: [0, 1], isParked: true, now: ring.now)
      ring.writer.release([block.id])
      ring.housekeep()
      ring.commit()
      #expect(ring.lease().isEmpty)
      ring.writer.recall()
      block = try #require(ring.lease().first)
    }
    #expect(ring.writer.snapshot(isStarved: false).eventsRelocated == 2)
    ring.settle(block)
    #expect(ring.writer.ledger.waiting == 0 && ring.writer.ledger.accepted == 3)
  }

  /// One block in four can not be delivered, for as long as the test goes on.
  @Test func `resting events stop neither others nor the cursor, and are copied seldom`() throws {
    let ring = try RingHarness(sizeBytes: 64 << 20)
    var random = SeededRandom(seed: 3)
    var number = 0
    var stuck: Set<UInt64> = []
    for round in 0..<400 {
      for _ in 0..<16 { ring.append([100], random: &random) }
      ring.commit()
      ring.pass(.seconds(1))
      for block in ring.lease(rawBytesMax: .max, itemsMax: .max) {
        number += 1
        if number % 4 == 0 {
          ring.writer.relocate(block: block.id, items: [0], isParked: true, now: ring.now)
          ring.writer.release([block.id])
          stuck.insert(block.items[0].fingerprint)
        } else {
          ring.settle(block)
        }
      }
      ring.housekeep()
      ring.commit()
      #expect(ring.lease().isEmpty, "all that can be delivered is, in round \(round)")
    }
    let snapshot = ring.writer.snapshot(isStarved: false)
    #expect(snapshot.ledger.waiting == UInt64(stuck.count) && stuck.count == 1600)
    #expect(snapshot.usedBytes < 32 << 20, "\(snapshot.usedBytes)")
    #expect(snapshot.eventsRelocated < 4 * 1600, "\(snapshot.eventsRelocated)")
    #expect(Set(ring.deliverAll()) == stuck)
    #expect(ring.writer.ledger.waiting == 0 && ring.writer.ledger.accepted == 6400)
  }

  @Test func `copies that hold the cursor move on when the window is full of them`() throws {
    let ring = try RingHarness(sizeBytes: 64 << 20)
    var random = SeededRandom(seed: 4)
    for block in 1...RingLayout.windowBlocksMax {
      ring.append([30], random: &random)
      if block % 500 == 0 || block == RingLayout.windowBlocksMax { ring.commit() }
    }
    for block in ring.leaseAll() {
      ring.writer.relocate(block: block.id, items: [0], isParked: true, now: ring.now)
      ring.writer.release([block.id])
    }
    ring.append([30], random: &random)
    for _ in 0..<60 {
      ring.commit()
      ring.housekeep()
      ring.pass(.seconds(1))
    }
    #expect(
      ring.lease().flatMap { $0.items.map(\.fingerprint) }
        == [UInt64(RingLayout.windowBlocksMax) + 1])
    #expect(ring.deliverAll().count == RingLayout.windowBlocksMax)
  }
}
