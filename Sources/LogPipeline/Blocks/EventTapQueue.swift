import Synchronization

/// What one watcher has not looked at yet; what does not fit is lost to it, and counted.
package final class EventTapQueue: Sendable {
  /// At a low rate a block holds a single event.
  package static let blocksMax = 8192
  package static let bytesMax = 8 << 20

  private let blocks = Mailbox<RawBlock>(capacity: blocksMax)
  private let bytes = Atomic<Int>(0)
  private let lostCount = Atomic<UInt64>(0)

  func offer(_ block: RawBlock) {
    let held = bytes.add(block.bytes.count, ordering: .relaxed).newValue
    if held <= Self.bytesMax, blocks.offer(block) { return }
    bytes.subtract(block.bytes.count, ordering: .relaxed)
    lostCount.add(UInt64(block.items.count), ordering: .relaxed)
  }

  /// The next block; nil when none came until then.
  package func take(until deadline: MonotonicTime) -> RawBlock? {
    guard let block = blocks.take(until: deadline) else { return nil }
    bytes.subtract(block.bytes.count, ordering: .relaxed)
    return block
  }

  /// How many events were lost since the last look.
  package func takeLost() -> UInt64 { lostCount.exchange(0, ordering: .relaxed) }
}
