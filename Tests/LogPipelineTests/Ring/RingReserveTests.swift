import LogPipeline
import Testing

/// Who may fill the ring how far: new events leave room for copies, copies for what a failed commit left in doubt.
@Suite struct RingReserveTests {
  @Test func `copies leave the room that a failed commit needs, and new events that of both`() {
    let page = UInt64(RingLayout.pageBytes)
    let group = 16 * RingLayout.pageBytes
    var space = RingSpace(dataSize: 640 * page, groupBytesMax: group, head: 0, durableTail: 0)
    for (purpose, left) in [
      (.newEvents, 2 * 16 + 20), (.relocation, 2 * 16), (.failedCommit, 0),
    ] as [(RingSpace.Purpose, UInt64)] {
      while space.fits(RingLayout.pageBytes, for: purpose) { space.take(page) }
      #expect(space.head == (640 - left) * page, "\(purpose)")
    }
    space.release(upTo: page)
    #expect(
      !space.fits(RingLayout.pageBytes) && space.fits(RingLayout.pageBytes, for: .failedCommit))
  }

  @Test func `stuck events take at most a quarter of the ring`() throws {
    let ring = try RingHarness()
    var random = SeededRandom(seed: 1)
    for _ in 0..<60 {
      ring.append([3000, 3000, 3000], random: &random)
      ring.commit()
    }
    let stuck = ring.lease()
    for block in stuck { ring.writer.relocate(block: block.id, items: [0, 1, 2], now: ring.now) }
    var snapshot = ring.writer.snapshot(isStarved: false)
    var before: UInt64 = 1
    while snapshot.eventsRelocated != before {
      before = snapshot.eventsRelocated
      ring.housekeep()
      ring.commit(isStarved: true)
      snapshot = ring.writer.snapshot(isStarved: false)
    }
    #expect(before > 60 && before < 180 && !snapshot.isRelocationPossible, "\(before)")
    // What did not move is delivered where it is.
    ring.writer.release(stuck.map(\.id))
    #expect(ring.deliverAll().count == 180)
    #expect(ring.writer.ledger.waiting == 0 && ring.writer.ledger.accepted == 180)
  }
}
