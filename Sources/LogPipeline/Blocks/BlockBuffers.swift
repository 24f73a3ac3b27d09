import Synchronization

/// Memory of blocks that were taken in, on its way back to whoever fills the next: pages that are there already, and warm.
package final class BlockBuffers: Sendable {
  /// As many as the ring lets wait (4 MiB): with fewer, their pages would go back to the system and come back zeroed.
  private static let buffersMax = 16
  /// Smaller ones come from the allocator as fast.
  static let bytesMin = 16 << 10
  private static let capacities = bytesMin...2 * RawBlock.rawBytesMax

  private let spare = Mutex<[[UInt8]]>([])

  package init() {}

  /// Of a block that nobody reads any more.
  package func give(_ bytes: [UInt8]) {
    guard Self.capacities.contains(bytes.capacity) else { return }
    spare.withLock { if $0.count < Self.buffersMax { $0.append(bytes) } }
  }

  /// Empty, with its room; nil: there is none.
  func take() -> [UInt8]? {
    guard var bytes = spare.withLock({ $0.popLast() }) else { return nil }
    bytes.removeAll(keepingCapacity: true)
    return bytes
  }
}
