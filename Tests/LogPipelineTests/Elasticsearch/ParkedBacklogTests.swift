import LogPipeline
import Synchronization
import TestSupport
import Testing

/// Goal: an index that takes nothing costs the others nothing, however many events wait for it.
/// Method: a real ring and real senders that may hold a tenth of what waits, against a scripted server.
@Suite struct ParkedBacklogTests {
  private static let perBlock = 20
  private static let blockCount = 300

  /// Events of even blocks are of 20 November, of odd ones of the 21st.
  private static func block(_ number: Int) -> RawBlock {
    let day = 20 + number % 2
    let lines = (0..<perBlock).map {
      BlockFactory.lines(
        id: "\(number)-\($0)", document: "{\"n\":\($0)}", index: "holysheep-logs-2026.11.\(day)")
    }
    return RawBlock(
      bytes: lines.flatMap(\.self),
      items: lines.map {
        BlockItem(
          fingerprint: UInt64(number), rawLengthBytes: UInt32($0.count),
          day: Int32(20_757 + day))
      }, intake: 0, ticket: UInt64(number))
  }

  @Test func `others pass while ten times more waits than a sender may hold`() throws {
    let folder = try TemporaryFolder()
    let isBlocked = Mutex(true)
    let server = try ScriptedHttpServer { request, _ in
      let items = request.ids.map { id in
        let number = Int(id.split(separator: "-")[0]) ?? 0
        return number % 2 == 0 && isBlocked.withLock { $0 }
          ? #"{"create":{"status":403,"error":{"type":"cluster_block_exception","reason":"r"}}}"#
          : #"{"create":{"status":201}}"#
      }
      return .answer(200, "{\"errors\":true,\"items\":[\(items.joined(separator: ","))]}")
    }
    let ring = try Ring.open(
      RingConfiguration(
        path: "\(folder.path)/ring", sizeBytes: 16 << 20, lockWait: .zero,
        isVolatileDiskAllowed: true),
      clock: SystemClock(), onDurable: { _, _ in }, onRoom: {})
    try ring.start()
    var settings = ElasticsearchConfiguration(hosts: [server.url])
    settings.senders = 1
    settings.flush = .milliseconds(5)
    settings.parkDelay = .milliseconds(200)
    settings.heldItemsMax = 300
    settings.bodyItemsMax = 100
    settings.installsTemplate = false
    let delivery = try Delivery(
      source: ring, settings: settings, template: nil,
      deadLetters: DeadLetterWriter(folder: folder.path), seed: 1)
    try delivery.start()
    for number in 1...Self.blockCount {
      while !ring.put(Self.block(number)) { PosixThread.sleep(.milliseconds(1)) }
    }
    let half = UInt64(Self.blockCount * Self.perBlock / 2)
    wait { ring.snapshot().ledger.delivered >= half }
    #expect(ring.snapshot().ledger.delivered == half, "\(ring.snapshot().ledger)")
    #expect(ring.snapshot().ledger.waiting == half)
    isBlocked.withLock { $0 = false }
    wait { ring.snapshot().ledger.waiting == 0 }
    #expect(ring.snapshot().ledger.delivered == 2 * half, "\(ring.snapshot().ledger)")
    delivery.stop(until: SystemClock().now() + .seconds(5))
    _ = ring.drainIntake(until: SystemClock().now() + .seconds(20))
    ring.close()
    server.stop()
  }

  private func wait(until isDone: () -> Bool) {
    let deadline = SystemClock().now() + .seconds(30)
    while !isDone(), SystemClock().now() < deadline { PosixThread.sleep(.milliseconds(10)) }
  }
}
