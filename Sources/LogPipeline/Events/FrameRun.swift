/// Neighbours among the frames that are read together: those of one piece.
struct FrameRun {
  let piece: Int
  /// Where they stand among all.
  let frames: Range<Int>
  /// The piece ends with so many.
  let blankLinesBehind: UInt64
  /// What its unit had seen before the first of them.
  var framesBefore: UInt64 = 0
}
