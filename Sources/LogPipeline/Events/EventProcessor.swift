/// Turns frames into ready bulk lines: parsed, typed, priced, redacted. One per intake thread, never shared.
///
/// A frame either becomes an event in the builder's open block, or a refusal with its reason; never neither.
package final class EventProcessor {
  /// All state is one value: exclusive access to it is checked once for a whole buffer of lines, not for each part.
  private var work: EventWork
  private let updates: RuleUpdates?
  private var updatesSeen = 0

  /// `usage`: where calls are summed up by team and model. `updates`: where other rules come from.
  ///
  /// - Throws: ``PrivacyError`` when there is no keyed hash to be had: then nothing can be taken in.
  package init(
    rules: EventRules, prices: PriceBooks, clock: any Clock, intake: Int,
    usage: UsageBook = UsageBook(), updates: RuleUpdates? = nil
  ) throws(PrivacyError) {
    self.updates = updates
    work = try EventWork(rules: rules, prices: prices, clock: clock, intake: intake, usage: usage)
  }

  /// What the events so far were like; publish a copy.
  package var counters: EventCounters { work.counters }

  /// Whole lines: blank ones and byte order marks are passed over, the last line needs no end.
  ///
  /// 64 bytes behind `bytes` must be readable. `refuse` must not call the processor, nor touch the unit or the builder.
  /// - Returns: how many events went into the builder, and how many frames were handed to `refuse`.
  package func process(
    lines bytes: UnsafeRawBufferPointer, unit: FrameUnit, into builder: BlockBuilder,
    refuse: (Refusal) -> Void
  ) -> (accepted: Int, refused: Int) {
    takeUpdates()
    return unsafe work.process(lines: bytes, unit: unit, into: builder, refuse: refuse)
  }

  /// Whole lines of several units: each piece's as ``process(lines:unit:into:refuse:)`` takes them, in the pieces' order.
  ///
  /// They go through each part of the way together, so that small pieces cost about what large ones do.
  package func process(
    _ pieces: inout [FramePiece], into builder: BlockBuilder,
    refuse: (FrameUnit, Refusal) -> Void
  ) {
    takeUpdates()
    unsafe pieces.withUnsafeMutableBufferPointer {
      unsafe work.process($0, into: builder, refuse: refuse)
    }
  }

  /// One frame: an object of a JSON array, or a whole body. The same room behind it.
  /// - Returns: whether it became an event; false for a refused frame and for a blank one.
  package func process(
    frame bytes: UnsafeRawBufferPointer, unit: FrameUnit, into builder: BlockBuilder,
    refuse: (Refusal) -> Void
  ) -> Bool {
    takeUpdates()
    return unsafe work.process(frame: bytes, unit: unit, into: builder, refuse: refuse)
  }

  /// As ``process(lines:unit:into:refuse:)``, but only tells what would become of each line.
  func account(
    lines bytes: UnsafeRawBufferPointer, unit: FrameUnit, each: (EventAccount) -> Void
  ) {
    unsafe work.account(lines: bytes, unit: unit, each: each)
  }

  /// As ``process(frame:unit:into:refuse:)``, but only tells what would become of the frame.
  func account(
    frame bytes: UnsafeRawBufferPointer, unit: FrameUnit, each: (EventAccount) -> Void
  ) {
    unsafe work.account(frame: bytes, unit: unit, each: each)
  }

  /// Lines that were processed in an earlier run: a resumed replay rereads the ``FrameUnit/windowFrames`` frames
  /// before its checkpoint, so that equal frames after it get the numbers they would have had.
  package func remember(lines bytes: UnsafeRawBufferPointer, unit: FrameUnit) {
    unsafe work.remember(lines: bytes, unit: unit)
  }

  @inline(__always) private func takeUpdates() {
    if let news = updates?.newer(than: &updatesSeen) { take(news.rules, news.prices) }
  }

  @inline(never) private func take(_ rules: EventRules, _ prices: PriceBooks) {
    do throws(PrivacyError) { try work.take(rules, prices) } catch {
      // They were tried before they were published.
      Log.error("Changed rules could not be taken over; events go on by the old ones: \(error)")
    }
  }
}
