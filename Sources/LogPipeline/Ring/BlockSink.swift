/// Where intakes put filled blocks: the ring, or replay's window in memory.
package protocol BlockSink: AnyObject, Sendable {
  /// Takes the block, or answers false at once: no room now. The intake is told (its wakeup) when there is.
  func offer(_ block: RawBlock) -> Bool
  /// Takes the block, waiting for room; false when the sink was closed, and the block was not taken.
  func put(_ block: RawBlock) -> Bool
  /// Frames that were refused at the input since the last call; the count is kept with the ledger.
  func noteRefused(_ count: UInt64)
}
