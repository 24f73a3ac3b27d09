/// What turns frames into bulk lines: ``EventProcessor``; tests hand in a simple one.
package protocol FrameProcessing: AnyObject {
  func process(
    lines bytes: UnsafeRawBufferPointer, unit: FrameUnit, into builder: BlockBuilder,
    refuse: (Refusal) -> Void
  ) -> (accepted: Int, refused: Int)
  func process(
    frame bytes: UnsafeRawBufferPointer, unit: FrameUnit, into builder: BlockBuilder,
    refuse: (Refusal) -> Void
  ) -> Bool
}
