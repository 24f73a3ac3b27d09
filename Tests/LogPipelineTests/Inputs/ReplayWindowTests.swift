import LogPipeline
import Testing

/// Goal: a file's mark moves only over what is wholly settled, in whatever order and portions that happens.
@Suite struct ReplayWindowTests {
  private func mark(_ offsetBytes: UInt64) -> ReplayMark {
    var mark = ReplayMark()
    mark.offsetBytes = offsetBytes
    return mark
  }

  private func block(_ events: Int, bytes: Int = 100) -> RawBlock {
    RawBlock(
      bytes: [UInt8](repeating: 0x20, count: events * bytes),
      items: (0..<events).map {
        BlockItem(fingerprint: UInt64($0), rawLengthBytes: UInt32(bytes), day: 1)
      }, intake: 0, ticket: 1)
  }

  private func put(_ window: ReplayWindow, _ block: RawBlock, at offsetBytes: UInt64, file: Int = 0)
  {
    let isTaken = window.put(
      block, file: file, stream: StreamId(high: 0, low: UInt64(file)), firstSequence: 1,
      mark: mark(offsetBytes), with: PieceDeflater(.zlib))
    #expect(isTaken)
  }

  private func lease(_ window: ReplayWindow, rawBytesMax: Int = 1 << 30) -> [StoredBlock] {
    let batch = window.lease(
      rawBytesMax: rawBytesMax, itemsMax: 1 << 20, until: SystemClock().now())
    guard let batch else { return [] }
    let blocks = batch.blocks
    batch.finish()
    return blocks
  }

  @Test func `out of order and partial settlement never pass an unsettled event`() {
    for seed in UInt64(1)...30 {
      let window = ReplayWindow()
      for index in 0..<8 { put(window, block(5), at: UInt64(index + 1) * 10) }
      window.close()
      let blocks = lease(window)
      #expect(blocks.count == 8)
      var left = blocks.flatMap { block in block.items.indices.map { (block.id, $0) } }
      var unsettled = Set(left.map { $0.0 })
      var random = seed
      while !left.isEmpty {
        random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        let (id, item) = left.remove(at: Int(random >> 33) % left.count)
        window.settle(
          Settlement(
            block: id, items: [Settlement.Item(index: item, outcome: .delivered)]))
        if !left.contains(where: { $0.0 == id }) { unsettled.remove(id) }
        let firstUnsettled = blocks.firstIndex { unsettled.contains($0.id) } ?? 8
        if let advance = window.takeAdvances()[0] {
          #expect(advance.mark.offsetBytes == UInt64(firstUnsettled) * 10, "seed \(seed)")
          #expect(advance.delivered == UInt64(firstUnsettled) * 5)
        }
      }
      #expect(window.hasEnded, "seed \(seed)")
    }
  }

  @Test func `released blocks come again, without what was settled`() {
    let window = ReplayWindow()
    put(window, block(3), at: 10)
    put(window, block(3), at: 20)
    let first = lease(window, rawBytesMax: 1)
    #expect(first.count == 1)
    window.settle(
      Settlement(
        block: first[0].id, items: [Settlement.Item(index: 1, outcome: .deadLettered)]))
    window.release([first[0].id])
    let again = lease(window)
    #expect(again.map(\.id) == [first[0].id, first[0].id + 1])
    #expect(again[0].settled == [false, true, false])
    window.settle(.whole(again[0], .duplicate))
    var expected = ReplayAdvance(mark: mark(10))
    (expected.duplicate, expected.deadLettered) = (2, 1)
    #expect(window.takeAdvances()[0] == expected)
    #expect(window.unsettledEvents == 3)
  }

  @Test func `a file's end is told when all before it is settled, files apart`() {
    let window = ReplayWindow()
    put(window, block(1), at: 10, file: 0)
    window.note(mark(11), file: 0, isFileEnd: true)
    put(window, block(1), at: 5, file: 1)
    window.note(mark(7), file: 1, isFileEnd: false)
    window.note(mark(9), file: 1, isFileEnd: false)
    window.close()
    let blocks = lease(window)
    #expect(blocks.map { window.stream(of: $0).low } == [0, 1])
    window.settle(.whole(blocks[1], .delivered))
    #expect(window.takeAdvances().isEmpty)
    window.settle(.whole(blocks[0], .delivered))
    let advances = window.takeAdvances()
    #expect(advances[0]?.isFinished == true && advances[0]?.mark == mark(11))
    #expect(advances[1]?.isFinished == false && advances[1]?.mark == mark(9))
    #expect(window.hasEnded)
    #expect(lease(window).isEmpty)
  }

  @Test func `it is bounded: who puts waits for room, and an abort lets go`() throws {
    let window = ReplayWindow()
    let putCount = WaitableState(0)
    let writer = try PosixThread("putter") {
      for _ in 0..<1000 {
        let isTaken = window.put(
          RawBlock(
            bytes: [1], items: [BlockItem(fingerprint: 0, rawLengthBytes: 1, day: 0)], intake: 0,
            ticket: 1), file: 0, stream: StreamId(high: 0, low: 0), firstSequence: 1,
          mark: ReplayMark(), with: PieceDeflater(.zlib))
        if !isTaken { return }
        putCount.change { $0 += 1 }
      }
    }
    let deadline = SystemClock().now() + .seconds(10)
    #expect(putCount.wait(until: deadline) { $0 == 256 ? true : nil } == true)
    let blocks = lease(window)
    window.settle(.whole(blocks[0], .delivered))
    #expect(putCount.wait(until: deadline) { $0 == 257 ? true : nil } == true)
    window.abort()
    writer.join()
    #expect(window.hasEnded)
    #expect(putCount.read { $0 } == 257)
  }
}
