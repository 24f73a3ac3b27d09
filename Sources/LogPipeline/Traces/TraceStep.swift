/// What the next step through a body of traces brought.
enum TraceStep: Equatable {
  /// A span, all of it.
  case span(Range<Int>)
  /// A span that can not be read; those beside it can.
  case broken(Range<Int>, TraceError)
  /// A span over the limit of one event.
  case tooLong(Range<Int>)
  /// No span yet.
  case none
  /// The body is over.
  case ended
}
