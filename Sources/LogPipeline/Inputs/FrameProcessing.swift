/// What turns frames into bulk lines: ``EventProcessor``; tests hand in a simple one. One per intake thread.
package protocol FrameProcessing: AnyObject {
  /// Whole lines; the last one needs no newline. `bytes.count + 64` bytes must be readable.
  func process(
    lines bytes: UnsafeRawBufferPointer, unit: FrameUnit, into builder: BlockBuilder,
    refuse: (Refusal) -> Void
  ) -> (accepted: Int, refused: Int)

  /// One frame; the same padding. True when it was taken.
  func process(
    frame bytes: UnsafeRawBufferPointer, unit: FrameUnit, into builder: BlockBuilder,
    refuse: (Refusal) -> Void
  ) -> Bool
}
