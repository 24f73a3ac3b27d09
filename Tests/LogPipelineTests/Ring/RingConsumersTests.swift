import LogPipeline
import RingSimulation
import Testing

/// Several consumers, each with its own cursor and sum; and what a full ring does.
@Suite struct RingConsumersTests {
  @Test func `each consumer has its own cursor, and the slowest holds the space`() throws {
    let ring = try RingHarness(consumers: ["delivery", "archive"])
    var random = SeededRandom(seed: 1)
    for _ in 0..<4 {
      ring.append([200, 200], random: &random)
      ring.commit()
    }
    #expect(ring.deliverAll() == Array(1...8))
    #expect(ring.writer.ledger.waiting == 0 && ring.writer.ledger(of: 1).waiting == 8)
    #expect(ring.writer.snapshot(isStarved: false).usedBytes == 4 * 4096)
    ring.pass(.seconds(2))
    ring.commit()
    ring.disk.losePower(seed: 1)
    try ring.reopen()
    #expect(ring.deliverAll().isEmpty)
    #expect(ring.deliverAll(consumer: 1) == Array(1...8))
    #expect(ring.writer.ledger(of: 1).isAcceptedBalanced && ring.writer.ledger(of: 1).waiting == 0)
    #expect(ring.writer.snapshot(isStarved: false).usedBytes == 0)
  }

  @Test func `others than the primary have the originals, and pass copies over`() throws {
    let ring = try RingHarness(consumers: ["delivery", "archive"])
    var random = SeededRandom(seed: 2)
    ring.append([200, 200], random: &random)
    ring.commit()
    let held = ring.lease()
    ring.writer.relocate(block: held[0].id, items: [0, 1], now: ring.now)
    ring.housekeep()
    ring.commit()
    ring.append([200], random: &random)
    ring.commit()
    #expect(ring.deliverAll(consumer: 1) == [1, 2, 3])
    #expect(ring.deliverAll() == [1, 2, 3])
    for consumer in 0...1 {
      let ledger = ring.writer.ledger(of: consumer)
      #expect(ledger.accepted == 3 && ledger.waiting == 0 && ledger.quarantined == 0)
    }
  }

  @Test func `a new consumer starts at the head, one that is gone holds nothing`() throws {
    let ring = try RingHarness(consumers: ["delivery", "old"])
    var random = SeededRandom(seed: 3)
    ring.append([200, 200], random: &random)
    ring.commit()
    _ = ring.deliverAll()
    try ring.reopen(consumers: ["delivery", "archive"])
    #expect(
      ring.writer.snapshot(isStarved: false).consumers.map(\.name) == ["delivery", "archive"])
    #expect(ring.writer.ledger(of: 1).accepted == 0)
    ring.append([200], random: &random)
    ring.commit()
    #expect(ring.deliverAll(consumer: 1) == [3])
    #expect(ring.writer.ledger(of: 1).accepted == 1 && ring.writer.ledger(of: 1).waiting == 0)
    #expect(ring.deliverAll().suffix(1) == [3])
    #expect(ring.writer.snapshot(isStarved: false).usedBytes == 0)
  }

  @Test func `drop_oldest makes room by giving up the oldest, counted exactly`() throws {
    let ring = try RingHarness(consumers: ["delivery", "archive"], whenFull: .dropOldest)
    var random = SeededRandom(seed: 4)
    var count: UInt64 = 0
    var inFlight: [StoredBlock] = []
    for round in 0..<400 {
      if round == 3 { inFlight = ring.lease(itemsMax: 2) }
      for _ in 0..<4 {
        if ring.append([3000, 3000], random: &random) {
          count += 2
          break
        }
        ring.commit(isStarved: true)
        ring.housekeep(isStarved: true)
        ring.commit(isStarved: true)
      }
      ring.commit()
      if round % 7 == 0 { for block in ring.lease(consumer: 1) { ring.settle(block, consumer: 1) } }
    }
    #expect(count == 800, "nothing was refused")
    let before = ring.writer.ledger
    #expect(before.dropped > 300 && before.isAcceptedBalanced && before.accepted == count)
    // An answer for what was given up meanwhile changes nothing.
    for block in inFlight { ring.settle(block) }
    #expect(ring.writer.ledger == before)
    #expect(ring.writer.ledger(of: 1).dropped < before.dropped)
    ring.pass(.seconds(2))
    ring.commit()
    ring.disk.losePower(seed: 5)
    try ring.reopen()
    #expect(ring.writer.ledger == before)
    let found = ring.deliverAll()
    #expect(UInt64(found.count) == before.waiting)
    #expect(Set(found).count == found.count)
    _ = ring.deliverAll(consumer: 1)
    for consumer in 0...1 {
      let ledger = ring.writer.ledger(of: consumer)
      #expect(ledger.isAcceptedBalanced && ledger.waiting == 0 && ledger.quarantined == 0)
    }
  }

  @Test func `drop_oldest counts what was open of a block, not what was settled`() throws {
    // Groups so large that repacking them is not worth it.
    let ring = try RingHarness(sizeBytes: 4 << 20, whenFull: .dropOldest)
    var random = SeededRandom(seed: 6)
    let lengths = [Int](repeating: 3000, count: 70)
    ring.append(lengths, random: &random)
    ring.commit()
    ring.settle(ring.lease()[0]) { $0 == 0 }
    while ring.append(lengths, random: &random) { ring.commit() }
    ring.housekeep(isStarved: true)
    let ledger = ring.writer.ledger
    #expect(ledger.dropped > 0 && ledger.dropped % 70 == 69 && ledger.delivered == 1)
    let found = ring.deliverAll()
    #expect(UInt64(found.count) == ledger.waiting && ledger.isAcceptedBalanced)
    #expect(found.first == ledger.dropped + 2)
  }

  @Test func `the tracker stays under 256 KiB with one stuck item and ten million events flowing`()
  {
    var tracker = DeliveryTracker(record: ConsumerRecord(name: "delivery"))
    var anchor = RingAnchor.start
    var largest = 0
    var moved = 0
    var now = MonotonicTime(nanoseconds: 1)
    var random = SeededRandom(seed: 6)
    let outcome = ItemOutcome.delivered
    while anchor.sequence < 10_000_000 {
      while tracker.hasRoom {
        let header = Self.header(at: anchor, events: 512)
        tracker.load(header, [Self.place(anchor, items: 512)], now: now)
        anchor = header.end
      }
      now = now + .milliseconds(200)
      for leased in tracker.lease(rawBytesMax: .max, itemsMax: 100_000, now: now) {
        let first = leased.place.firstSequence
        // One item of the first block never comes to an end; others are settled in two parts.
        let stuck = moved == 0 && first == 1 ? 7 : -1
        let half = Int.random(in: 0..<512, using: &random)
        for part in [0..<half, half..<512] {
          tracker.settle(
            Settlement(
              block: first,
              items: part.filter { $0 != stuck }.map {
                Settlement.Item(index: $0, outcome: outcome)
              }))
          largest = max(largest, tracker.memoryBytes)
        }
      }
      if let block = tracker.holdingUp(since: now - .seconds(60), count: 16, now: now).first {
        let items = tracker.startMoving(block)
        #expect(items == [7])
        tracker.finishMoves(items.map { block + UInt64($0) })
        moved += items.count
      }
    }
    #expect(moved == 1)
    #expect(largest > 0 && largest < 256 << 10, "\(largest)")
  }

  private static func header(at anchor: RingAnchor, events: UInt32) -> GroupHeader {
    var header = GroupHeader(
      fileId: 1, openNumber: 1, flags: .data, at: anchor, lengthBytes: 128 << 10,
      durableGroup: anchor.group - 1, tailPosition: 0, tailGroup: 1, writtenMilliseconds: 1)
    header.blockCount = 1
    header.eventCount = events
    return header
  }

  private static func place(_ anchor: RingAnchor, items: UInt32) -> BlockPlace {
    BlockPlace(
      firstSequence: anchor.sequence, storedOffset: 0, itemsOffset: 0,
      row: BlockRow(
        codec: .deflate, itemCount: items, rawLengthBytes: items * 500, storedLengthBytes: 100_000,
        storedAt: 136, storedCrc: 0, rawCrc: 0, itemsCrc: 0))
  }
}
