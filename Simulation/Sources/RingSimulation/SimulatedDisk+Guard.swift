package import LogPipeline

/// What the disk watches on behalf of the ring's promises.
extension SimulatedDisk {
  /// Objects to a write that changes what it may not.
  func check(_ bytes: UnsafeRawBufferPointer, at start: Int) {
    guard violation == nil else { return }
    let offset = UInt64(start)
    if let slot = RingLayout.superblockOffsets.firstIndex(of: offset) {
      if guardedSlot == slot {
        violation = "a superblock is written over the newest durable one, in slot \(slot)"
      }
    } else if offset < RingLayout.dataStart {
      violation = "a write at \(offset), where nothing belongs"
    } else {
      violation = guardian.objection(toDataAt: offset, count: bytes.count)
    }
  }

  /// Remembers superblocks and groups as they go by.
  func note(_ bytes: UnsafeRawBufferPointer, at start: Int, isWhole: Bool) {
    if let slot = RingLayout.superblockOffsets.firstIndex(of: UInt64(start)) {
      guard case .valid(let superblock) = Superblock.read(unsafe [UInt8](bytes)) else {
        violation = violation ?? "a superblock that does not hold was written"
        return
      }
      // One that was cut short may hold all the same: its end is zeros.
      superblocksWritten.append(superblock)
      if isWhole { guardian.wrote(superblock, slot: slot) }
    } else if guardian.promised != nil, var mark = unsafe GroupMark(bytes) {
      mark.write = writes
      guardian.wrote(mark)
      groupsWritten.append(mark)
    }
  }

  package func takeSuperblocks() -> [Superblock] {
    defer { superblocksWritten.removeAll(keepingCapacity: true) }
    return superblocksWritten
  }

  package func takeGroups() -> [GroupMark] {
    defer { groupsWritten.removeAll(keepingCapacity: true) }
    return groupsWritten
  }

  /// The slot that holds the newest durable superblock.
  private var guardedSlot: Int? {
    guardian.promisedSlot ?? Self.best(of: RingLayout.superblockOffsets.map { slot(at: $0) })?.slot
  }

  private func slot(at offset: UInt64) -> [UInt8] {
    if unreadable.overlaps(offset..<offset + UInt64(Self.pageBytes)) { return [] }
    return unsafe [UInt8](cache.slice(Int(offset)..<Int(offset) + Self.pageBytes))
  }

  /// The newer of two slots that holds.
  static func best(of slots: [[UInt8]]) -> (slot: Int, superblock: Superblock)? {
    var best: (slot: Int, superblock: Superblock)?
    for (index, bytes) in slots.enumerated() {
      guard case .valid(let found) = Superblock.read(bytes) else { continue }
      if let known = best, known.superblock.generation >= found.generation { continue }
      best = (index, found)
    }
    return best
  }

  /// Whether it answers at all.
  var isReadableNow: Bool { !hasStopped && !isAway }

  /// What an opening would go by.
  package var bestSuperblockAfterDrop: Superblock? {
    let slots = RingLayout.superblockOffsets.map { offset in
      unreadable.overlaps(offset..<offset + UInt64(Self.pageBytes))
        ? [] : bytesAfterDrop(at: Int(offset), count: Self.pageBytes)
    }
    return Self.best(of: slots)?.superblock
  }
}
