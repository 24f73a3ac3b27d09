/// Where the bytes of a body, or of a span, are not what the protocol says.
struct TraceError: Error, Equatable {
  /// From the body's first byte.
  let place: Int
  let what: String
}
