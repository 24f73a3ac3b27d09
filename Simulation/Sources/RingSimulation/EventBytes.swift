import LogPipeline

/// The bytes of a simulated event, worked out from its fingerprint: nothing needs to be kept to compare them later.
enum EventBytes {
  /// Of events side by side, as a block holds them.
  static func block(_ fingerprints: ArraySlice<UInt64>, _ lengths: ArraySlice<UInt32>) -> [UInt8] {
    let count = lengths.reduce(0) { $0 + Int($1) }
    return unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      var offset = 0
      for (fingerprint, length) in zip(fingerprints, lengths) {
        unsafe fill(
          UnsafeMutableRawBufferPointer(
            rebasing: UnsafeMutableRawBufferPointer(buffer)[offset..<offset + Int(length)]),
          fingerprint)
        offset += Int(length)
      }
      filled = count
    }
  }

  /// A word is repeated a few times, so that there is something to compress.
  private static func fill(_ bytes: UnsafeMutableRawBufferPointer, _ fingerprint: UInt64) {
    var word = fingerprint &* 0x9E37_79B9_7F4A_7C15 | 1
    var index = 0
    while index + 8 <= bytes.count {
      unsafe bytes.storeBytes(of: word, toByteOffset: index, as: UInt64.self)
      index += 8
      if index & 31 == 0 { word = (word ^ word >> 29) &* 0xBF58_476D_1CE4_E5B9 }
    }
    while index < bytes.count {
      unsafe bytes[index] = UInt8(truncatingIfNeeded: word >> UInt64(8 * (index & 7)))
      index += 1
    }
  }
}
