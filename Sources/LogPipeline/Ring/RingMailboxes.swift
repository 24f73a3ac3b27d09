import Synchronization

/// What the ring thread shares with the others.
final class RingMailboxes: Sendable {
  /// 16 of 256 KiB: what intakes may be ahead of the disk.
  static let blocksMax = 16

  let commands = Mailbox<RingCommand>(capacity: .max)
  let blocks: Mailbox<RawBlock>
  /// Of blocks that the ring is done with.
  let buffers = BlockBuffers()
  let snapshot = Mutex(RingSnapshot())
  /// Refused frames not taken into the ledger yet.
  let refused = Atomic<UInt64>(0)
  let isStarted = Atomic<Bool>(false)
  let isLeasingStopped = Atomic<Bool>(false)
  private let isLookPending = Atomic<Bool>(false)

  init(onRoom: @escaping @Sendable () -> Void) {
    blocks = Mailbox(capacity: Self.blocksMax, onRoom: onRoom)
  }

  /// Wakes the ring thread once, however often it is called meanwhile.
  func look() {
    if !isLookPending.exchange(true, ordering: .acquiringAndReleasing) { commands.force(.look) }
  }

  func looked() { isLookPending.store(false, ordering: .releasing) }
}
