import LogPipeline
import RingSimulation
import Testing

/// Goal: the ring's promises at the places where rings break, each tried at every place rather than at random.
/// Method: a small ring on the simulated disk; one thing goes wrong at each position in turn.
@Suite struct RingProofTests {
  private static let data = RingLayout.dataStart
  private static let cacheModels: [SyncFault.Cache] = [.staysDirty, .markedClean, .reverted]

  @Test func `behind a torn group a whole one never comes back, whatever takes its place`() throws {
    // The new group is as long as the torn one, so the old one would follow it without a gap.
    for length in [100, 5_000] {
      let ring = try RingHarness()
      var random = SeededRandom(seed: 1)
      ring.append([100], random: &random)
      ring.commit()
      let torn = RingLayout.dataStart + 4096
      for _ in 0..<2 {
        ring.append([length], random: &random)
        ring.closeGroup()
      }
      ring.disk.flipBit(at: torn + 40)
      try ring.reopen()
      #expect(ring.writer.ledger.accepted == 1)
      ring.append([length], random: &random)
      ring.closeGroup()
      // Written, not committed: a kill leaves it whole, and the old group of the next number right behind it.
      try ring.reopen()
      #expect(ring.writer.ledger.accepted == 2 && ring.report.eventsQuarantined == 0)
      ring.checkPromises("length \(length)", inOrder: false)
      #expect(ring.writer.ledger.delivered + ring.writer.ledger.duplicate <= 2)
    }
  }

  @Test func `any flipped bit of a 64 KiB log costs a block at most, or a group if its header`()
    throws
  {
    let ring = try RingHarness()
    var random = SeededRandom(seed: 2)
    while ring.writer.head.position < 64 << 10 {
      ring.append([700, 700], random: &random)
      ring.append([700, 700], random: &random)
      ring.commit()
    }
    // A superblock behind all of it: without one, the last group can not be told from a torn tail.
    ring.pass(.seconds(2))
    ring.commit()
    let image = ring.disk.shown(0..<Int(Self.data) + 64 << 10)
    let events = ring.offered.count
    #if DEBUG
      let every = 1499
    #else
      let every = 61
    #endif
    for bit in stride(from: 0, to: (64 << 10) * 8, by: every) {
      ring.disk.overwrite(image, at: 0)
      ring.disk.flipBit(at: Self.data + UInt64(bit / 8), bit: UInt8(bit % 8))
      try ring.reopen()
      // Byte for byte checked by deliverAll.
      let found = ring.deliverAll()
      let isInHeaderOrTables = bit / 8 % 4096 < 136 || bit / 8 % 4096 >= 136 + 4 * 690
      #expect(found.count >= events - (isInHeaderOrTables ? 4 : 2), "bit \(bit)")
      let ledger = ring.writer.ledger
      #expect(
        ledger.waiting == 0 && ledger.accepted == UInt64(events)
          && ledger.quarantined == UInt64(events - found.count), "bit \(bit)")
    }
  }

  @Test(arguments: 0..<3, [false, true])
  func `EIO at any fsync loses nothing, with a warm cache and without`(model: Int, isCut: Bool)
    throws
  {
    for failing in 1...24 {
      let ring = try RingHarness(sizeBytes: 640 << 10)
      var random = SeededRandom(seed: UInt64(failing))
      let first = ring.disk.syncs
      for round in 0..<12 {
        ring.append([200, 900], random: &random)
        ring.pass(.milliseconds(300))
        ring.closeGroup()
        for _ in 0..<2 {
          if ring.disk.syncs - first == failing - 1 {
            ring.disk.nextSyncFault = .fails(
              Self.cacheModels[model], isOutOfSpace: failing % 2 == 0)
          }
          ring.beginSync()
          ring.endSync()
        }
        if round % 3 == 2 { for block in ring.lease() { ring.settle(block) } }
      }
      #expect(ring.writer.readOnlyReason == nil)
      ring.disk.isCacheHeld = !isCut
      if isCut { ring.disk.losePower(seed: UInt64(failing)) } else { ring.disk.restart() }
      try ring.reopen()
      ring.checkPromises("model \(model), fsync \(failing), power cut \(isCut)")
    }
  }

  @Test func `a full disk at any write or sync acknowledges nothing that is not there`() throws {
    for fault in [WriteFault.outOfSpace, .error, .short] {
      for after in 0..<20 {
        let ring = try RingHarness(sizeBytes: 640 << 10)
        var random = SeededRandom(seed: UInt64(after))
        ring.disk.nextWriteFault = (fault, after)
        for _ in 0..<8 {
          ring.append([300, 5_000], random: &random)
          ring.pass(.milliseconds(400))
          ring.commit()
        }
        #expect(ring.acknowledged.count == 16, "one failed write is made good")
        ring.disk.losePower(seed: UInt64(after))
        try ring.reopen()
        ring.checkPromises("\(fault) at write \(after)")
      }
    }
  }

  @Test func `EIO at any sync of a superblock leaves one that counts`() throws {
    for failing in 1...12 {
      let ring = try RingHarness(sizeBytes: 640 << 10)
      var random = SeededRandom(seed: 9)
      for round in 1...12 {
        ring.append([200], random: &random)
        ring.commit()
        for block in ring.lease() { ring.settle(block) }
        ring.pass(.seconds(2))
        if round == failing {
          ring.disk.nextSyncFault = .fails(.markedClean, isOutOfSpace: false)
        }
        // Only the superblock is due.
        ring.beginSync()
        ring.endSync()
      }
      ring.disk.losePower(keeping: 4)
      try ring.reopen()
      ring.checkPromises("superblock sync \(failing)")
    }
  }

  @Test func `a group of every length fits before the end at every distance, or jumps over it`()
    throws
  {
    let sizeBytes: UInt64 = 640 << 10
    let pages = Int(sizeBytes - Self.data) / 4096
    for distance in 1...9 {
      for length in 1...9 {
        let ring = try RingHarness(sizeBytes: sizeBytes)
        var random = SeededRandom(seed: UInt64(distance * 16 + length))
        while (pages - Int(ring.writer.head.position / 4096)) % pages != distance {
          ring.append([100], random: &random)
          ring.commit()
          _ = ring.deliverAll()
          ring.pass(.seconds(2))
          ring.commit(isStarved: true)
        }
        let before = ring.writer.head.position
        // Under 16 KiB a block stays raw, so its length is known.
        let events = (0..<4).map { _ in (length * 4096 - 600) / 4 - 40 }
        #expect(ring.append(events, random: &random))
        ring.commit()
        let took = Int(ring.writer.head.position - before) / 4096
        let own = took > length + 1 ? took - distance : took
        #expect(own <= length + 1, "distance \(distance), length \(length): \(took) pages")
        ring.disk.losePower(seed: 1)
        try ring.reopen()
        ring.checkPromises("distance \(distance), length \(length)")
      }
    }
  }

  @Test func `the largest event the inputs let through fits, although it does not compress`() throws
  {
    let ring = try RingHarness(sizeBytes: 16 << 20)
    let largest = RingLayout.blockBytesMax
    var random = SeededRandom(seed: 4)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(largest)
    while bytes.count < largest {
      let word = random.next()
      for byte in 0..<UInt64(min(8, largest - bytes.count)) {
        bytes.append(UInt8(truncatingIfNeeded: word >> (byte * 8)))
      }
    }
    let block = RawBlock(
      bytes: bytes,
      items: [
        BlockItem(fingerprint: 1, rawLengthBytes: UInt32(largest), day: 20_000, flags: 0)
      ], intake: 0, ticket: 1)
    // Bytes that do not compress, behind a head anywhere: it always finds a place.
    #expect(ring.writer.append(block, now: ring.now))
    ring.commit()
    let found = try #require(ring.lease().first)
    #expect(found.rawBytes == bytes)
    ring.disk.losePower(seed: 5)
    try ring.reopen()
    #expect(try #require(ring.lease().first).rawBytes == bytes)
  }

  @Test(arguments: SimulationSeeds.from(71, count: 12))
  func
    `batches settled in any order, in part and over crashes, never let the cursor pass an open item`(
      seed: UInt64
    ) throws
  {
    let ring = try RingHarness()
    var random = SeededRandom(seed: seed)
    for _ in 0..<8 {
      ring.append((0..<5).map { _ in 100 }, random: &random)
      ring.commit()
    }
    for round in 0..<3 {
      for block in ring.lease().shuffled(using: &random) {
        let keeps = UInt64.random(in: 0...31, using: &random)
        ring.settle(block) { keeps >> UInt64($0) & 1 == 1 }
        if Bool.random(using: &random) { ring.writer.release([block.id]) }
        ring.pass(.milliseconds(700))
        ring.commit()
      }
      ring.disk.losePower(seed: seed &+ UInt64(round))
      try ring.reopen()
      // What is behind the cursor was settled; what comes again was not, or lies in a block that was not.
      let ledger = ring.writer.ledger
      let waiting = Set(1...40).subtracting(1...max(1, 40 - ledger.waiting))
      #expect(ledger.isAcceptedBalanced && waiting.count <= Int(ledger.waiting))
      #expect(
        (1...40).prefix(Int(40 - ledger.waiting)).allSatisfy { ring.settled.contains($0) },
        "replay: seed \(seed), round \(round)")
    }
    ring.checkPromises("replay: seed \(seed)")
  }

  @Test func `dropping the oldest leaves readers and batches in flight an exact ledger`() throws {
    let ring = try RingHarness(
      sizeBytes: 640 << 10, consumers: ["delivery", "archive"], whenFull: .dropOldest)
    var random = SeededRandom(seed: 12)
    var inFlight: [StoredBlock] = []
    var archived: [UInt64] = []
    for round in 0..<400 {
      if !ring.append([900, 900, 900], random: &random) {
        ring.housekeep(isStarved: true)
        ring.commit(isStarved: true)
      }
      ring.commit()
      if round % 5 == 0 { inFlight += ring.lease(rawBytesMax: 4_000) }
      if round % 7 == 0 { archived += ring.lease(consumer: 1).flatMap(settledByArchive(ring)) }
      if round % 9 == 0, !inFlight.isEmpty {
        // By now it may have been dropped under the sender's hands.
        ring.settle(inFlight.remove(at: Int.random(in: 0..<inFlight.count, using: &random)))
      }
      for consumer in 0...1 {
        let ledger = ring.writer.ledger(of: consumer)
        #expect(ledger.isAcceptedBalanced && ledger.quarantined == 0, "round \(round)")
      }
    }
    #expect(ring.writer.ledger.dropped > 0)
    #expect(archived == archived.sorted() && Set(archived).count == archived.count)
    ring.disk.losePower(seed: 3)
    try ring.reopen()
    _ = ring.deliverAll()
    #expect(ring.writer.ledger.waiting == 0 && ring.writer.ledger.quarantined == 0)
    #expect(ring.disk.violation == nil)
  }

  private func settledByArchive(_ ring: RingHarness) -> (StoredBlock) -> [UInt64] {
    { block in
      ring.settle(block, consumer: 1)
      return block.items.map(\.fingerprint)
    }
  }
}
