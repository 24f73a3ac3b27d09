import LogPipeline
import Synchronization
import Testing

/// The ring as the agent uses it: a real file, real threads.
@Suite struct RingTests {
  private final class Told: Sendable {
    let durable = Mailbox<UInt64>(capacity: .max)
    let room = Mailbox<Bool>(capacity: .max)
  }

  private final class Folder {
    let path: String
    init() throws { path = try FileSystem.makeTemporaryDirectory(prefix: "ring-test-") }
    deinit {
      for name in (try? FileSystem.names(in: path)) ?? [] {
        try? FileSystem.remove("\(path)/\(name)")
      }
      try? FileSystem.removeDirectory(path)
    }
    func configuration(
      name: String = "ring", sizeBytes: UInt64 = 16 << 20
    ) -> RingConfiguration {
      RingConfiguration(
        path: "\(path)/\(name)", sizeBytes: sizeBytes, lockWait: .zero,
        isVolatileDiskAllowed: true)
    }
  }

  private func opened(_ configuration: RingConfiguration, _ told: Told = Told()) throws -> Ring {
    let ring = try Ring.open(
      configuration, clock: SystemClock(), onDurable: { _, ticket in told.durable.force(ticket) },
      onRoom: { told.room.force(true) })
    try ring.start()
    return ring
  }

  private func block(_ ticket: UInt64, items: Int = 3, length: Int = 100) -> RawBlock {
    let line = [UInt8](repeating: UInt8(ascii: "a"), count: length - 1) + [0x0A]
    return RawBlock(
      bytes: (0..<items).flatMap { _ in line },
      items: (0..<items).map {
        BlockItem(
          fingerprint: ticket << 20 | UInt64($0), rawLengthBytes: UInt32(length), day: 20_000)
      }, intake: 0, ticket: ticket)
  }

  /// The blocks of one lease; the caller settles or releases them.
  private static func lease(
    _ ring: Ring, rawBytesMax: Int = 1 << 20, itemsMax: Int = 1000, until deadline: MonotonicTime
  ) -> [StoredBlock] {
    guard
      let batch = ring.lease(rawBytesMax: rawBytesMax, itemsMax: itemsMax, until: deadline)
    else { return [] }
    let blocks = batch.blocks
    batch.finish()
    return blocks
  }

  private var soon: MonotonicTime { SystemClock().now() + .seconds(20) }

  @Test func `a block is acknowledged, leased, settled, and gone after a restart`() throws {
    let folder = try Folder()
    let told = Told()
    let ring = try opened(folder.configuration(), told)
    #expect(ring.offer(block(1)))
    #expect(told.durable.take(until: soon) == 1)
    #expect(ring.snapshot().isDurable(intake: 0, ticket: 1))
    ring.noteRefused(5)
    let leased = Self.lease(ring, until: soon)
    #expect(leased.map(\.items.count) == [3])
    #expect(leased[0].stored.count == 300 && leased[0].codec == .raw)
    ring.settle(.whole(leased[0], .delivered))
    #expect(ring.drainIntake(until: soon))
    #expect(!ring.offer(block(2)))
    #expect(Self.lease(ring, until: soon).isEmpty, "drained and settled")
    #expect(ring.hasEnded)
    ring.close()
    ring.close()
    let again = try opened(folder.configuration())
    let ledger = again.snapshot().ledger
    #expect(again.snapshot().recovery.wasClosedCleanly)
    #expect(ledger.accepted == 3 && ledger.delivered == 3 && ledger.waiting == 0)
    #expect(ledger.refused == 5)
    again.close()
  }

  @Test func `what was not settled comes again after a restart`() throws {
    let folder = try Folder()
    let ring = try opened(folder.configuration())
    for ticket in 1...20 { #expect(ring.put(block(UInt64(ticket), items: 200, length: 300))) }
    #expect(ring.drainIntake(until: soon))
    let first = Self.lease(ring, rawBytesMax: 100_000, until: soon)
    #expect(first.count == 1)
    ring.settle(.whole(first[0], .duplicate))
    ring.stopLeasing()
    #expect(Self.lease(ring, until: soon).isEmpty)
    ring.close()
    let again = try opened(folder.configuration())
    #expect(again.snapshot().ledger.waiting == 3800)
    #expect(again.snapshot().ledger.duplicate == 200)
    let rest = Self.lease(again, rawBytesMax: .max, itemsMax: .max, until: soon)
    #expect(rest.count == 19)
    for stored in rest {
      #expect(stored.codec == .deflate)
      #expect(Inflate.pieces([stored.stored]).count == 60_000)
    }
    again.release(rest.map(\.id))
    again.close()
  }

  /// Its thread says so after the step that found it.
  private func oldest(of ring: Ring) -> Int64? {
    let deadline = soon
    while ring.snapshot().oldestWaitingMilliseconds == nil, SystemClock().now() < deadline {
      PosixThread.sleep(.milliseconds(2))
    }
    return ring.snapshot().oldestWaitingMilliseconds
  }

  @Test func `the oldest waiting event has its age before anybody leases, also after a restart`()
    throws
  {
    let folder = try Folder()
    let before = SystemClock().wallMilliseconds()
    let ring = try opened(folder.configuration())
    #expect(ring.snapshot().oldestWaitingMilliseconds == nil)
    #expect(ring.put(block(1)) && ring.put(block(2)))
    #expect(ring.drainIntake(until: soon))
    let written = try #require(oldest(of: ring))
    #expect(written >= before)
    ring.close()
    let again = try opened(folder.configuration())
    #expect(oldest(of: again) == written)
    for stored in Self.lease(again, until: soon) { again.settle(.whole(stored, .delivered)) }
    again.close()
    #expect(again.snapshot().oldestWaitingMilliseconds == nil)
  }

  @Test func `a full ring holds the intake back and tells it when there is room`() throws {
    let folder = try Folder()
    let told = Told()
    let ring = try opened(folder.configuration(), told)
    // Does not compress, so that few blocks fill the ring.
    var random = SeededRandom(seed: 1)
    var noise: [UInt8] = []
    while noise.count < 250_000 {
      let number = random.next()
      noise += (0..<8).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
    }
    var ticket: UInt64 = 0
    var isFull = false
    while !isFull {
      ticket += 1
      var filled = block(ticket, items: 1, length: noise.count)
      filled.bytes = noise
      while !ring.offer(filled), !isFull {
        isFull = ring.snapshot().isFull
        if !isFull { _ = told.room.take(until: SystemClock().now() + .milliseconds(5)) }
      }
    }
    while told.room.take(until: MonotonicTime(nanoseconds: 0)) != nil {}
    var settled = 0
    while told.room.waiting == 0 {
      let blocks = Self.lease(ring, until: SystemClock().now() + .milliseconds(50))
      for stored in blocks { ring.settle(.whole(stored, .delivered)) }
      settled += blocks.count
    }
    #expect(told.room.take(until: soon) == true)
    #expect(settled > 0)
    ring.close()
  }

  @Test func `a second opener is refused while the first lives, and let in after it`() throws {
    let folder = try Folder()
    let ring = try opened(folder.configuration())
    #expect(throws: RingError.lockedByAnother(path: "\(folder.path)/ring")) {
      _ = try opened(folder.configuration())
    }
    ring.close()
    try opened(folder.configuration()).close()
  }

  @Test func `a file that is no ring, or of another size or consumer, is refused untouched`() throws
  {
    let folder = try Folder()
    let foreign = "\(folder.path)/foreign"
    try FileSystem.replace(foreign, with: [UInt8](repeating: 7, count: 200_000))
    #expect(throws: RingError.notARing(path: foreign)) {
      _ = try opened(folder.configuration(name: "foreign"))
    }
    #expect(try FileSystem.read(foreign) == [UInt8](repeating: 7, count: 200_000))
    try opened(folder.configuration()).close()
    #expect(
      throws: RingError.sizeDiffers(
        path: "\(folder.path)/ring", foundBytes: 16 << 20, configuredBytes: 17 << 20)
    ) { _ = try opened(folder.configuration(sizeBytes: 17 << 20)) }
    #expect(
      throws: RingError.sizeTooSmall(givenBytes: 1 << 20, minimumBytes: 16 << 20)
    ) { _ = try opened(folder.configuration(sizeBytes: 1 << 20)) }
    var other = folder.configuration()
    other.consumers = ["archive"]
    #expect(
      throws: RingError.unknownConsumer(
        path: other.path, wanted: "archive", found: "delivery")
    ) { _ = try opened(other) }
  }

  @Test func `a lease that waits is answered by the first durable block`() throws {
    let folder = try Folder()
    let ring = try opened(folder.configuration())
    let found = Mailbox<Int>(capacity: 1)
    let deadline = soon
    let sender = try PosixThread("sender") {
      found.force(Self.lease(ring, until: deadline).count)
    }
    #expect(ring.offer(block(1)))
    #expect(found.take(until: soon) == 1)
    sender.join()
    #expect(Self.lease(ring, until: SystemClock().now() + .milliseconds(5)).isEmpty)
    ring.close()
  }
}
