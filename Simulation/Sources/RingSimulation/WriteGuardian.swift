import LogPipeline

/// Knows which superblock is durable by what the disk has promised, and so what no write may touch.
struct WriteGuardian {
  /// The newest whose sync succeeded since the start of the process; nil: none yet, so the log may not change at all.
  private(set) var promised: Superblock?
  private(set) var promisedSlot: Int?
  /// Behind the last group written.
  private(set) var headPosition: UInt64 = 0
  /// Not synced yet.
  private var written: (slot: Int, Superblock)?
  private var syncing: (slot: Int, Superblock)?

  mutating func wrote(_ superblock: Superblock, slot: Int) { written = (slot, superblock) }

  mutating func wrote(_ group: GroupMark) { headPosition = max(headPosition, group.end) }

  mutating func syncBegan() {
    syncing = written
  }

  /// What it would have made durable is in doubt; the ring writes to that slot again.
  mutating func syncFailed() { (written, syncing) = (nil, nil) }

  mutating func syncSucceeded() {
    guard let (slot, superblock) = syncing else { return }
    if superblock.openNumber != promised?.openNumber { headPosition = 0 }
    headPosition = max(headPosition, superblock.hint.position)
    (promised, promisedSlot) = (superblock, slot)
    syncing = nil
    written = nil
  }

  /// Why this write may not be; nil: it may.
  func objection(toDataAt offset: UInt64, count: Int) -> String? {
    guard let promised else { return "the opening changed the log at \(offset)" }
    let place = offset - RingLayout.dataStart
    let size = promised.dataSize
    let tail = promised.tail.position
    let fromTail = (place + size - tail % size) % size
    guard fromTail < headPosition - tail || fromTail + UInt64(count) > size else { return nil }
    return
      "a write of \(count) bytes at \(offset) touches what lies between the durable tail \(tail) and the head \(headPosition)"
  }
}
