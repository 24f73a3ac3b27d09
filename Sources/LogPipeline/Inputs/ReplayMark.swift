/// A place in a file's decompressed content, at a line's end, and what lies before it.
package struct ReplayMark: Equatable, Sendable {
  package var offsetBytes: UInt64 = 0
  /// Bytes of the file itself that were read by then (for gzip: compressed, and somewhat ahead).
  package var fileOffsetBytes: UInt64 = 0
  /// Lines, blank ones too.
  package var lines: UInt64 = 0
  /// Lines that are not blank.
  package var frames: UInt64 = 0
  /// Events, numbered from 1: the next one is `events + 1`.
  package var events: UInt64 = 0
  package var refused: UInt64 = 0
  /// Events whose id needs the occurrence window: those that were not archived lines with an id of their own.
  package var hashed: UInt64 = 0
  /// The content ended here without a line end: if it has grown, what follows may belong to the last line.
  package var isInsideLine = false

  package init() {}
}
