import LogPipeline
import Synchronization

/// Takes each block, says at once that it is durable, and keeps nothing.
final class DiscardingSink: BlockSink {
  private let onDurable = Mutex<(@Sendable (UInt64) -> Void)?>(nil)

  func connect(to intake: Intake) {
    onDurable.withLock { $0 = { intake.ticketDurable($0) } }
  }

  func offer(_ block: RawBlock) -> Bool {
    onDurable.withLock { $0 }?(block.ticket)
    return true
  }

  func put(_ block: RawBlock) -> Bool { offer(block) }
  func noteRefused(_ count: UInt64) {}
}
