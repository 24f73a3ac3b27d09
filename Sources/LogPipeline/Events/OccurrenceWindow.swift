/// How many equal frames came before a frame among its unit's last ones.
///
/// Frames are told apart by 64 bits of their hash. The memory follows what was seen: 20 bytes a frame
/// up to the window's size, and nothing before the first frame. The time of a frame does not depend on how many
/// equal ones there are: chains hold each hash once, and senders can not choose their buckets.
package struct OccurrenceWindow {
  private let framesMax: Int
  private struct Slot {
    var hash: UInt64 = 0
    /// How many slots hold the hash; kept right in its newest slot alone.
    var count: Int32 = 0
    /// Of slots that stand in a chain: the next one.
    var next = Int32(end)
  }
  /// Behind an end of chains in the first place the frames, a circle once full. A hash's newest slot stands for it: in its
  /// bucket's chain, with its count.
  private var slots: [Slot] = []
  /// Where each bucket's chain begins.
  private var heads: [Int32] = []
  private var oldest = 1
  /// Odd. Spreads hashes over buckets in a way nobody outside can know; one for all windows, since each random number is
  /// a system call.
  private static let mixer = UInt64.random(in: .min ... .max) | 1

  package init(framesMax: Int) { self.framesMax = framesMax }

  package var memoryBytes: Int {
    slots.capacity * MemoryLayout<Slot>.size + heads.capacity * 4
  }

  /// The count of equal frames in the window; the frame then belongs to it, and the oldest leaves a full one.
  package mutating func count(of hash: UInt64) -> UInt64 {
    if heads.isEmpty || (slots.count > heads.count && slots.count <= framesMax) { grow() }
    let bucket = bucket(of: hash)
    var equal: Int32 = 0
    if let known = newestSlot(of: hash, in: bucket) {
      equal = slots[known].count
      unlink(known, from: bucket)
    }
    let slot = freeSlot()
    // The slot that was freed may have been an equal frame's: the frame was still in the window when this one came.
    let remaining = slot.freed == hash ? equal - 1 : equal
    slots[slot.index] = Slot(hash: hash, count: remaining + 1, next: heads[bucket])
    heads[bucket] = Int32(slot.index)
    return UInt64(equal)
  }

  /// A frame comes soon: what its count asks for whatever its hash is, is fetched meanwhile.
  ///
  /// With many connections each window has left the processor's caches by the time its next frame comes, and a count that
  /// waits for one part of it after the other takes as long as half of all else.
  func expectFrame() {
    ProcessorCache.prefetch(oldest, of: slots)
    ProcessorCache.prefetch(0, of: heads)
  }

  /// A frame with that hash comes soon, as the one behind `others` more.
  @inline(__always) func expect(_ hash: UInt64, behind others: Int) {
    guard !heads.isEmpty else { return }
    ProcessorCache.prefetch(bucket(of: hash), of: heads)
    guard slots.count > framesMax, oldest + others < slots.count else { return }
    ProcessorCache.prefetch(bucket(of: slots[oldest + others].hash), of: heads)
  }

  /// Forgets all frames and gives the memory back.
  mutating func removeAll() { self = OccurrenceWindow(framesMax: framesMax) }

  /// A new slot, or the oldest one, whose frame leaves the window.
  private mutating func freeSlot() -> (index: Int, freed: UInt64?) {
    guard slots.count > framesMax else {
      slots.append(Slot())
      return (slots.count - 1, nil)
    }
    let slot = oldest
    let freed = slots[slot].hash
    oldest = oldest == framesMax ? 1 : oldest + 1
    // Unless its newest slot was taken out of its chain just now, to be counted in the new one.
    let bucket = bucket(of: freed)
    if let newest = newestSlot(of: freed, in: bucket) {
      slots[newest].count -= 1
      if newest == slot { unlink(slot, from: bucket) }
    }
    return (slot, freed)
  }

  /// Most chains hold no slot, or one of another hash. Both are passed in the same way, since the end is looked at as if it
  /// were a slot: which of them it is nobody can foretell.
  private func newestSlot(of hash: UInt64, in bucket: Int) -> Int? {
    var at = Int(heads[bucket])
    repeat {
      let slot = slots[at]
      if slot.hash == hash, at != Self.end { return at }
      at = Int(slot.next)
    } while at != Self.end
    return nil
  }

  private mutating func unlink(_ slot: Int, from bucket: Int) {
    var at = Int(heads[bucket])
    if at == slot {
      heads[bucket] = slots[slot].next
      return
    }
    while slots[at].next != Int32(slot) { at = Int(slots[at].next) }
    slots[at].next = slots[slot].next
  }

  private mutating func grow() {
    if slots.isEmpty { slots.append(Slot()) }
    let shorter = heads
    heads = Array(repeating: Int32(Self.end), count: shorter.isEmpty ? 16 : shorter.count * 2)
    for head in shorter {
      var at = Int(head)
      while at != Self.end {
        let next = slots[at].next
        let bucket = bucket(of: slots[at].hash)
        slots[at].next = heads[bucket]
        heads[bucket] = Int32(at)
        at = Int(next)
      }
    }
  }

  /// The bucket count is a power of two from 16 on.
  private func bucket(of hash: UInt64) -> Int {
    Int(truncatingIfNeeded: (hash &* Self.mixer) >> UInt64(64 - heads.count.trailingZeroBitCount))
  }

  /// The place that ends each chain.
  private static let end = 0
}
