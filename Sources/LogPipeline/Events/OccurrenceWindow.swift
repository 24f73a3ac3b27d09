/// How many equal frames came before a frame among its unit's last ones.
///
/// Frames are told apart by 64 bits of their hash. The memory follows what was seen: 16 bytes a frame
/// up to the window's size, and nothing before the first frame.
struct OccurrenceWindow {
  private let framesMax: Int
  /// The hashes, a circle once full; `next` links equal buckets, -1 ends a chain.
  private var hashes: [UInt64] = []
  private var next: [Int32] = []
  private var heads: [Int32] = []
  private var oldest = 0

  init(framesMax: Int) { self.framesMax = framesMax }

  var memoryBytes: Int { hashes.capacity * 8 + next.capacity * 4 + heads.capacity * 4 }

  /// The count of equal frames in the window; the frame then belongs to it, and the oldest leaves a full one.
  mutating func count(of hash: UInt64) -> UInt64 {
    if hashes.count == heads.count, hashes.count < framesMax { grow() }
    var equal: UInt64 = 0
    var at = heads[bucket(of: hash)]
    while at >= 0 {
      if hashes[Int(at)] == hash { equal += 1 }
      at = next[Int(at)]
    }
    insert(hash)
    return equal
  }

  private mutating func insert(_ hash: UInt64) {
    let slot: Int
    if hashes.count < framesMax {
      slot = hashes.count
      hashes.append(hash)
      next.append(-1)
    } else {
      slot = oldest
      unlink(slot)
      hashes[slot] = hash
      oldest = (oldest + 1) % framesMax
    }
    let bucket = bucket(of: hash)
    next[slot] = heads[bucket]
    heads[bucket] = Int32(slot)
  }

  /// Takes the oldest entry out of its chain: it is the last of it, since chains are newest first.
  private mutating func unlink(_ slot: Int) {
    let bucket = bucket(of: hashes[slot])
    var at = heads[bucket]
    if at == Int32(slot) {
      heads[bucket] = next[slot]
      return
    }
    while next[Int(at)] != Int32(slot) { at = next[Int(at)] }
    next[Int(at)] = next[slot]
  }

  private mutating func grow() {
    let buckets = heads.isEmpty ? 16 : heads.count * 2
    heads = [Int32](repeating: -1, count: buckets)
    for slot in hashes.indices {
      let bucket = bucket(of: hashes[slot])
      next[slot] = heads[bucket]
      heads[bucket] = Int32(slot)
    }
  }

  /// The bucket count is a power of two.
  private func bucket(of hash: UInt64) -> Int {
    Int(truncatingIfNeeded: hash & UInt64(heads.count - 1))
  }
}
