/// What turns frames into bulk lines: ``EventProcessor``; tests hand in a simple one. One per intake thread.
package protocol FrameProcessing: AnyObject {
  /// Whole lines; the last one needs no newline. `bytes.count + 64` bytes must be readable.
  func process(
    lines bytes: UnsafeRawBufferPointer, unit: FrameUnit, into builder: BlockBuilder,
    refuse: (Refusal) -> Void
  ) -> (accepted: Int, refused: Int)

  /// Whole lines that were processed in an earlier run: they count for the ids of those behind them, and no more.
  func remember(lines bytes: UnsafeRawBufferPointer, unit: FrameUnit)

  /// One frame; the same padding. True when it was taken.
  func process(
    frame bytes: UnsafeRawBufferPointer, unit: FrameUnit, into builder: BlockBuilder,
    refuse: (Refusal) -> Void
  ) -> Bool
}

extension FrameProcessing {
  package func remember(lines bytes: UnsafeRawBufferPointer, unit: FrameUnit) {
    _ = unsafe process(lines: bytes, unit: unit, into: BlockBuilder(intake: 0)) { _ in }
  }
}
