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
  ///
  /// - Parameter text: with room for ``textBytes``.
  func write(to text: UnsafeMutablePointer<UInt8>) {
    let words = UnsafeMutableRawPointer(text)
    unsafe Self.pairs.withUnsafeBufferPointer { pairs in
      @inline(__always) func store(_ bits: UInt64, _ at: Int) {
        let pair = unsafe pairs[Int(truncatingIfNeeded: bits & 0x3ff)]
        unsafe words.storeBytes(of: pair, toByteOffset: at * 2, as: UInt16.self)
      }
      for at in 0..<6 { store(high >> UInt64(54 - at * 10), at) }
      store(high << 6 | low >> 58, 6)
      for at in 0..<5 { store(low >> UInt64(48 - at * 10), 7 + at) }
      // The last 8 bits: one digit of five, and one of three.
      store(low << 2, 12)
    }
  }

  /// The two digits of ten bits each, as they stand in memory.
  private static let pairs: [UInt16] = (0..<1024).map {
    let digits = EventIdText.alphabet
    return (UInt16(digits[$0 >> 5]) | UInt16(digits[$0 & 31]) << 8).littleEndian
  }
}
