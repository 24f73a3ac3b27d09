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
    let digits = unsafe Self.digits.utf8Start
    let text = unsafe sink.room(for: Self.textBytes)
    for index in 0..<Self.textBytes {
      unsafe text[index] = digits[Int(bits.high >> 59)]
      bits.high = bits.high << 5 | bits.low >> 59
      bits.low <<= 5
    }
  }

  private static let digits: StaticString = "0123456789abcdefghjkmnpqrstvwxyz"
}
