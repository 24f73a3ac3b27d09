/// Short names in raw bytes, eight at a time: for tables that are looked into for each event.
enum NameBytes {
  static func isSame(_ known: UnsafeRawBufferPointer, _ name: UnsafeRawBufferPointer) -> Bool {
    let count = known.count
    guard count == name.count else { return false }
    func isSameWord(_ at: Int) -> Bool {
      unsafe known.loadUnaligned(fromByteOffset: at, as: UInt64.self)
        == name.loadUnaligned(fromByteOffset: at, as: UInt64.self)
    }
    if count >= 8 {
      for at in stride(from: 0, to: count - 8, by: 8) where !isSameWord(at) { return false }
      return isSameWord(count - 8)
    }
    for at in 0..<count where unsafe known[at] != name[at] { return false }
    return true
  }

  /// Multiplies and folds; compare the names in full behind it, so that a collision costs time only.
  ///
  /// - Parameters:
  ///   - name: the bytes.
  ///   - start: tells equal names of different kinds apart; or the hash of a name before this one.
  /// - Returns: the hash, for this process alone.
  static func hash(_ name: UnsafeRawBufferPointer, from start: UInt64) -> UInt64 {
    var state = start &+ UInt64(name.count)
    func mix(_ word: UInt64) {
      let product = (state ^ word ^ 0x9e37_79b9_7f4a_7c15)
        .multipliedFullWidth(by: 0xd6e8_feb8_6659_fd93)
      state = product.high ^ product.low
    }
    let count = name.count
    if count < 8 {
      var tail: UInt64 = 0
      for at in 0..<count { tail = tail << 8 | UInt64(unsafe name[at]) }
      mix(tail)
      return state
    }
    // The last word begins within the one before it, where they are not eights of bytes.
    for at in stride(from: 0, to: count - 8, by: 8) {
      mix(unsafe name.loadUnaligned(fromByteOffset: at, as: UInt64.self))
    }
    mix(unsafe name.loadUnaligned(fromByteOffset: count - 8, as: UInt64.self))
    return state
  }
}
