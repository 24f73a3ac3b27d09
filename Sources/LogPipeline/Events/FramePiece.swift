/// Whole lines of one unit that are taken together with those of others, and what became of them.
@safe package struct FramePiece {
  /// Valid, with 64 readable bytes behind them, for as long as the piece is used.
  package let bytes: UnsafeRawBufferPointer
  package let unit: FrameUnit
  /// How many became events.
  package var accepted = 0
  package var refused = 0

  package init(_ bytes: UnsafeRawBufferPointer, of unit: FrameUnit) {
    unsafe self.bytes = bytes
    self.unit = unit
  }
}
