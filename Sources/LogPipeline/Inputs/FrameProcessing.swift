/// What turns frames into bulk lines: ``EventProcessor``; tests hand in a simple one. One per intake thread.
package protocol FrameProcessing: AnyObject {
  /// Whole lines; the last one needs no newline. `bytes.count + 64` bytes must be readable.
  func process(
    lines bytes: UnsafeRawBufferPointer, unit: FrameUnit, into builder: BlockBuilder,
    refuse: (Refusal) -> Void
  ) -> (accepted: Int, refused: Int)

  /// Whole lines of several units; how many frames became events and how many were handed to `refuse` is said in the pieces.
  func process(
    _ pieces: inout [FramePiece], into builder: BlockBuilder,
    refuse: (FrameUnit, Refusal) -> Void)

  /// Whole lines that were processed in an earlier run: they count for the ids of those behind them, and no more.
  func remember(lines bytes: UnsafeRawBufferPointer, unit: FrameUnit)

  /// One frame; the same padding. True when it was taken.
  func process(
    frame bytes: UnsafeRawBufferPointer, unit: FrameUnit, into builder: BlockBuilder,
    refuse: (Refusal) -> Void
  ) -> Bool
}

extension FrameProcessing {
  package func process(
    _ pieces: inout [FramePiece], into builder: BlockBuilder,
    refuse: (FrameUnit, Refusal) -> Void
  ) {
    for index in pieces.indices {
      let piece = pieces[index]
      (pieces[index].accepted, pieces[index].refused) = unsafe process(
        lines: piece.bytes, unit: piece.unit, into: builder
      ) { refuse(piece.unit, $0) }
    }
  }

  package func remember(lines bytes: UnsafeRawBufferPointer, unit: FrameUnit) {
    _ = unsafe process(lines: bytes, unit: unit, into: BlockBuilder(intake: 0)) { _ in }
  }
}
