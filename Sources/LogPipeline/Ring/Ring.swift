/// The disk-backed ring queue between acceptance and delivery.
///
/// Wire it: `open`, `start`, offer blocks and lease them, `drainIntake`, `stopLeasing`, `close`.
package final class Ring: BlockSource, BlockSink, Sendable {
  package static func open(
    _ configuration: RingConfiguration, clock: any Clock,
    onDurable: @escaping @Sendable (_ intake: Int, _ ticket: UInt64) -> Void,
    onRoom: @escaping @Sendable () -> Void
  ) throws(RingError) -> Ring { fatalError("early API") }
  package func start() throws(SystemError) {}
  package func offer(_ block: RawBlock) -> Bool { false }
  package func put(_ block: RawBlock) -> Bool { false }
  package func noteRefused(_ count: UInt64) {}
  package func lease(rawBytesMax: Int, itemsMax: Int, until deadline: MonotonicTime)
    -> InFlightBatch?
  { nil }
  package func settle(_ settlement: Settlement) {}
  package func release(_ blocks: [UInt64]) {}
  package var hasEnded: Bool { true }
  package func snapshot() -> RingSnapshot { RingSnapshot() }
  /// - Returns: true when everything queued is durable; false at the deadline or in the read-only state.
  package func drainIntake(until deadline: MonotonicTime = .distantFuture) -> Bool { true }
  package func stopLeasing() {}
  package func close() {}
}
