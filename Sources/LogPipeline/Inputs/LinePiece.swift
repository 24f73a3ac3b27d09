/// Some whole lines of a content, or the news of one that was too long.
@safe package struct LinePiece {
  package enum Kind: Equatable, Sendable {
    /// Whole lines, each with its line end.
    case lines
    /// The content's last line, which has no line end.
    case lastLine
    /// One line over the limit, skipped: no bytes, but its length without the line end.
    case tooLong(lengthBytes: UInt64)
  }
  package let kind: Kind
  /// Valid until the reader reads again; 64 bytes behind it are readable.
  package let bytes: UnsafeRawBufferPointer
  /// Where the content stands behind this piece, decompressed.
  package let endOffsetBytes: UInt64
}
