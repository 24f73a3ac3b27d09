/// A processor and its block builder, without their types: one call per read or per array element, not per event.
package protocol FrameMill: AnyObject {
  func makeUnit(source: SourceContext, keepsAllOccurrences: Bool) -> any FrameCounting
  func process(
    lines bytes: UnsafeRawBufferPointer, unit: any FrameCounting, refuse: (Refusal) -> Void
  ) -> (accepted: Int, refused: Int)
  func process(
    frame bytes: UnsafeRawBufferPointer, unit: any FrameCounting, refuse: (Refusal) -> Void
  ) -> Bool
  var openItemCount: Int { get }
  var lastTicketWithItems: UInt64 { get }
  /// Takes the full blocks out, oldest first.
  func takeSealed() -> [RawBlock]
  func seal()
}

/// The mill over one kind of processor.
package final class ProcessorMill<Processor: FrameProcessing>: FrameMill {
  private let processor: Processor
  private let builder: Processor.Builder

  package init(processor: Processor, builder: Processor.Builder) {
    self.processor = processor
    self.builder = builder
  }

  package func makeUnit(source: SourceContext, keepsAllOccurrences: Bool) -> any FrameCounting {
    Processor.Unit(source: source, keepsAllOccurrences: keepsAllOccurrences)
  }

  package func process(
    lines bytes: UnsafeRawBufferPointer, unit: any FrameCounting, refuse: (Refusal) -> Void
  ) -> (accepted: Int, refused: Int) {
    unsafe processor.process(lines: bytes, unit: own(unit), into: builder, refuse: refuse)
  }

  package func process(
    frame bytes: UnsafeRawBufferPointer, unit: any FrameCounting, refuse: (Refusal) -> Void
  ) -> Bool {
    unsafe processor.process(frame: bytes, unit: own(unit), into: builder, refuse: refuse)
  }

  package var openItemCount: Int { builder.openItemCount }
  package var lastTicketWithItems: UInt64 { builder.lastTicketWithItems }
  package func seal() { builder.seal() }

  package func takeSealed() -> [RawBlock] {
    guard !builder.sealed.isEmpty else { return [] }
    let blocks = builder.sealed
    builder.sealed = []
    return blocks
  }

  private func own(_ unit: any FrameCounting) -> Processor.Unit {
    guard let own = unit as? Processor.Unit else {
      fatalError("broken invariant: a unit came back to another mill than the one that made it")
    }
    return own
  }
}
