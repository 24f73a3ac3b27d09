import LogPipeline

/// A ring in a folder of its own that is filled and emptied again and again.
final class RingRun {
  private let folder: String
  private let ring: Ring
  private let clock = SystemClock()
  private var ticket: UInt64 = 0
  private let durable: Mailbox<UInt64>

  init(_ library: CompressionLibrary) throws {
    folder = try FileSystem.makeTemporaryDirectory(prefix: "sheepshipper-bench-")
    let durable = Mailbox<UInt64>(capacity: 1 << 16)
    self.durable = durable
    ring = try Ring.open(
      RingConfiguration(
        path: "\(folder)/ring", sizeBytes: 64 << 20, compression: library,
        isVolatileDiskAllowed: true),
      clock: clock, onDurable: { _, ticket in _ = durable.offer(ticket) }, onRoom: {})
    try ring.start()
  }

  deinit {
    ring.stopLeasing()
    ring.close()
    for name in (try? FileSystem.names(in: folder)) ?? [] {
      try? FileSystem.remove("\(folder)/\(name)")
    }
    try? FileSystem.removeDirectory(folder)
  }

  /// All blocks to the disk, and when the last is durable, out again. - Returns: how many events were settled.
  func pass(_ blocks: [RawBlock]) throws -> Int {
    for block in blocks {
      ticket += 1
      _ = ring.put(RawBlock(bytes: block.bytes, items: block.items, intake: 0, ticket: ticket))
    }
    while let done = durable.take(), done < ticket {}
    var left = blocks.count
    var count = 0
    while left > 0,
      let batch = ring.lease(
        rawBytesMax: 5 << 20, itemsMax: 10_000, until: clock.now() + .seconds(10))
    {
      for block in batch.blocks {
        ring.settle(.whole(block, .delivered))
        count += block.items.count
        left -= 1
      }
      batch.finish()
    }
    return count
  }
}
