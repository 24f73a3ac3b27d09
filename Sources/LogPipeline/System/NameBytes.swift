/// Short names in raw bytes, eight at a time: for tables that are looked into for each event.
enum NameBytes {
  static func isSame(_ known: UnsafeRawBufferPointer, _ name: UnsafeRawBufferPointer) -> Bool {
    guard known.count == name.count else { return false }
    var at = 0
    while at + 8 <= known.count {
      if unsafe known.loadUnaligned(fromByteOffset: at, as: UInt64.self)
        != name.loadUnaligned(fromByteOffset: at, as: UInt64.self)
      {
        return false
      }
      at += 8
    }
    while at < known.count {
      if unsafe known[at] != name[at] { return false }
      at += 1
    }
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
    var at = 0
    while at + 8 <= name.count {
      mix(unsafe name.loadUnaligned(fromByteOffset: at, as: UInt64.self))
      at += 8
    }
    var tail: UInt64 = 0
    while at < name.count {
      tail = tail << 8 | UInt64(unsafe name[at])
      at += 1
    }
    mix(tail)
    return state
  }
}
