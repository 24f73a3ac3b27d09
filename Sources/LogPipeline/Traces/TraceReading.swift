/// Goes through a whole body span by span. It holds places only: the bytes are handed in with each step.
protocol TraceReading {
  /// - Throws: the body breaks outside of a span, so that nothing after it can be found.
  mutating func next(
    in bytes: BodyBytes, into span: inout SpanDraft
  ) throws(TraceError) -> TraceStep
}
