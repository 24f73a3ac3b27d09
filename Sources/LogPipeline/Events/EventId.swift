import CXxhash

/// The 128 bits behind `_id`: a hash of the frame's raw bytes, and which of its equals it is.
struct EventId {
  let high: UInt64
  let low: UInt64

  static let textBytes = 26

  init(high: UInt64, low: UInt64) { (self.high, self.low) = (high, low) }

  /// Only the bytes: the occurrence window counts equal ones by it.
  init(frame: UnsafeRawBufferPointer, seed: UInt64) {
    let hash = unsafe XXH3_128bits_withSeed(frame.baseAddress, frame.count, seed)
    (high, low) = (hash.high64, hash.low64)
  }

  /// The `occurrence`-th of equal frames; `salt` tells frames apart that have no time of their own.
  init(frame: EventId, occurrence: UInt64, salt: (UInt64, UInt64), seed: UInt64) {
    let words = (
      frame.high.littleEndian, frame.low.littleEndian, occurrence.littleEndian,
      salt.0.littleEndian, salt.1.littleEndian
    )
    let hash = unsafe withUnsafeBytes(of: words) {
      unsafe XXH3_128bits_withSeed($0.baseAddress, $0.count, seed)
    }
    (high, low) = (hash.high64, hash.low64)
  }

  /// Base32 in Crockford's alphabet, lower case: 25 digits of five bits and one of three.
  func write(to sink: inout ByteSink) {
    var bits = (high: high, low: low)
    let text = unsafe sink.room(for: Self.textBytes)
    for index in 0..<Self.textBytes {
      unsafe text[index] = Self.digit(bits.high >> 59)
      bits.high = bits.high << 5 | bits.low >> 59
      bits.low <<= 5
    }
  }

  private static func digit(_ value: UInt64) -> UInt8 {
    let at = UInt8(truncatingIfNeeded: value)
    // 0123456789 abcdefgh jk mn pqrst vwxyz: no i, l, o, u.
    if at < 10 { return UInt8(ascii: "0") + at }
    let letter = UInt8(ascii: "a") + at - 10
    let skipped: UInt8 =
      (at >= 18 ? 1 : 0) + (at >= 20 ? 1 : 0) + (at >= 22 ? 1 : 0) + (at >= 27 ? 1 : 0)
    return letter + skipped
  }
}
