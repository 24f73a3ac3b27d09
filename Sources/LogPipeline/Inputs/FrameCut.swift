/// What a scanner found next in the bytes of a body; ranges count from the first byte it was given.
package enum FrameCut: Equatable {
  /// A whole frame, from its first to its last non-blank byte.
  case frame(Range<Int>)
  /// A frame over the limit: what is here of it. Its rest is skipped.
  case tooLong(Range<Int>)
  /// No more can be told; the bytes before this offset are not needed again.
  case more(keepFrom: Int)
  /// Nothing after this place can be taken.
  case broken(String)
  /// The body is over.
  case ended
}
