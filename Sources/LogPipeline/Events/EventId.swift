import CXxhash

/// The 128 bits behind `_id`: a hash of the frame's raw bytes, and which of its equals it is.
struct EventId {
  let high: UInt64
  let low: UInt64

  static let textBytes = 26

  init(high: UInt64, low: UInt64) { (self.high, self.low) = (high, low) }

  /// Only the bytes: the occurrence window counts equal ones by it.
  init(frame: UnsafeRawBufferPointer, seed: UInt64) {
    let hash = unsafe cxxhash_128(frame.baseAddress, frame.count, seed)
    (high, low) = (hash.high64, hash.low64)
  }

  /// The `occurrence`-th of equal frames; `salt` tells frames apart that have no time of their own.
  init(frame: EventId, occurrence: UInt64, salt: (UInt64, UInt64), seed: UInt64) {
    let words = (
      frame.high.littleEndian, frame.low.littleEndian, occurrence.littleEndian,
      salt.0.littleEndian, salt.1.littleEndian
    )
    let hash = unsafe withUnsafeBytes(of: words) {
      unsafe cxxhash_128($0.baseAddress, $0.count, seed)
    }
    (high, low) = (hash.high64, hash.low64)
  }

  /// Base32 in Crockford's alphabet, lower case: 25 digits of five bits and one of three.
  func write(to sink: inout ByteSink) {
    // Eight digits are 40 bits. The last two are written as eight, too, before what follows them is.
    let text = unsafe UnsafeMutableRawPointer(sink.room(for: Self.textBytes + 6))
    unsafe text.storeBytes(of: Self.digits(high >> 24), toByteOffset: 0, as: UInt64.self)
    unsafe text.storeBytes(
      of: Self.digits((high & 0xff_ffff) << 16 | low >> 48), toByteOffset: 8, as: UInt64.self)
    unsafe text.storeBytes(
      of: Self.digits(low >> 8 & 0xff_ffff_ffff), toByteOffset: 16, as: UInt64.self)
    unsafe text.storeBytes(
      of: Self.digits((low & 0xff) << 32), toByteOffset: 24, as: UInt64.self)
    sink.rollBack(to: sink.count - 6)
  }

  /// The text of 40 bits, its first digit at the lowest address. All eight at once: halves, pairs, digits.
  private static func digits(_ bits: UInt64) -> UInt64 {
    let halves = bits >> 20 | (bits & 0xf_ffff) << 32
    let pairs = (halves >> 10 & 0x3ff_0000_03ff) | (halves & 0x3ff_0000_03ff) << 16
    let digits = (pairs >> 5 & 0x1f_001f_001f_001f) | (pairs & 0x1f_001f_001f_001f) << 8
    // The letters are those from "a" on without i, l, o and u.
    let text =
      digits &+ ones &* 0x30 &+ atLeast(10, digits) &* 0x27 &+ atLeast(18, digits)
      &+ atLeast(20, digits) &+ atLeast(22, digits) &+ atLeast(27, digits)
    return text.littleEndian
  }

  private static let ones: UInt64 = 0x0101_0101_0101_0101

  /// 1 in each byte whose digit is at least `least`, else 0.
  @inline(__always) private static func atLeast(_ least: UInt64, _ digits: UInt64) -> UInt64 {
    (digits &+ ones &* (0x80 - least)) >> 7 & ones
  }
}
