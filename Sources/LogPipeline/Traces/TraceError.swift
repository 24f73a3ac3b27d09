/// Where the bytes of a body, or of a span, are not what the protocol says.
package struct TraceError: Error, Equatable {
  /// From the body's first byte.
  package let place: Int
  package let what: String
}
