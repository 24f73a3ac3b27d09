/// How a stored block's bytes are kept.
package enum BlockCodec: UInt8, Sendable {
  /// The bulk lines themselves (blocks under 16 KiB).
  case raw = 0
  /// A raw deflate piece that ends in a full flush: several of them, put side by side, are one gzip member's content.
  case deflate = 1
}
