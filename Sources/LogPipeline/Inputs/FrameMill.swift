/// A processor and the block builder it fills: what an intake makes blocks with. It belongs to the intake's thread.
package final class FrameMill {
  private let processor: any FrameProcessing
  private let builder: BlockBuilder
  private let tap: EventTap?

  /// `tap`: sees each full block.
  package init(processor: any FrameProcessing, builder: BlockBuilder, tap: EventTap? = nil) {
    self.processor = processor
    self.builder = builder
    self.tap = tap
  }

  /// Whole lines, as ``FrameProcessing`` says.
  func process(
    lines bytes: UnsafeRawBufferPointer, unit: FrameUnit, refuse: (Refusal) -> Void
  ) -> (accepted: Int, refused: Int) {
    unsafe processor.process(lines: bytes, unit: unit, into: builder, refuse: refuse)
  }

  /// Whole lines of several units, as ``FrameProcessing`` says.
  func process(_ pieces: inout [FramePiece], refuse: (FrameUnit, Refusal) -> Void) {
    processor.process(&pieces, into: builder, refuse: refuse)
  }

  /// Lines of an earlier run, as ``FrameProcessing`` says.
  func remember(lines bytes: UnsafeRawBufferPointer, unit: FrameUnit) {
    unsafe processor.remember(lines: bytes, unit: unit)
  }

  /// One frame.
  func process(
    frame bytes: UnsafeRawBufferPointer, unit: FrameUnit, refuse: (Refusal) -> Void
  ) -> Bool {
    unsafe processor.process(frame: bytes, unit: unit, into: builder, refuse: refuse)
  }

  var openItemCount: Int { builder.openItemCount }
  /// The ticket of the block that holds the newest document; 0: none yet.
  var lastTicketWithItems: UInt64 { builder.lastTicketWithItems }
  func seal() { builder.seal() }

  /// Takes the full blocks out, oldest first.
  func takeSealed() -> [RawBlock] {
    guard !builder.sealed.isEmpty else { return [] }
    let blocks = builder.sealed
    builder.sealed = []
    tap?.pass(blocks)
    return blocks
  }
}
