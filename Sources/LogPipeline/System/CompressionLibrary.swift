/// Which library turns blocks into deflate pieces. What it makes is the same format; blocks of both may stand in one body.
package enum CompressionLibrary: String, CaseIterable, Sendable {
  case zlib
  /// Intel's ISA-L, where the system has it: a fifth of zlib's time. Level 1 alone.
  case isal
}
