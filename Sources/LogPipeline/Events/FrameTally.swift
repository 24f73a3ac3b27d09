/// The part of a ``FrameUnit`` that each frame changes.
struct FrameTally {
  /// Non-blank frames seen so far, refused ones too.
  var frames: UInt64 = 0
  /// Lines seen so far, blank ones too.
  var lines: UInt64
  var window: OccurrenceWindow

  init(lines: UInt64, window: OccurrenceWindow) { (self.lines, self.window) = (lines, window) }
}
