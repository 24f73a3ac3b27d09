/// Puts the live groups of one ring into another file, whose every byte is zero: blocks and tables as they are, headers
/// anew for their new places.
///
/// They come to lie side by side from the start of the data area, without SKIPs and burned ranges; their numbers go on
/// from the old tail's. Sequences, origins and voids are numbers of events and stay.
struct RingCopy {
  private static let copyBytes = 1 << 20

  let source: RingView
  let superblock: Superblock
  let end: RingEnd
  /// Of the new file.
  let fileId: UInt64
  let dataEnd: UInt64

  /// Bytes of the groups to copy, and how many they are.
  var live: (bytes: UInt64, groups: UInt64, events: UInt64) {
    var live: (bytes: UInt64, groups: UInt64, events: UInt64) = (0, 0, 0)
    var walk = RingWalk(fromTailOf: superblock, burns: end.burns, of: source)
    while true {
      switch walk.step(to: end.anchor) {
      case .end: return live
      case .group(let header):
        live.bytes += UInt64(header.lengthBytes)
        live.groups += 1
        live.events += UInt64(header.eventCount)
      case .skip, .burned, .lost: continue
      }
    }
  }

  /// Data first, then a sync, then the superblocks, then a sync: before the last the target is no ring.
  func write(
    to target: any Disk, onProgress: (_ bytes: UInt64) -> Void
  ) throws(SystemError) {
    let next = try copyGroups(to: target, onProgress)
    try target.syncData()
    for (slot, offset) in RingLayout.superblockOffsets.enumerated() {
      var copy = next
      copy.generation += UInt64(slot)
      try target.write(copy.encoded(), at: offset)
      try target.syncData()
    }
  }

  private func copyGroups(
    to target: any Disk, _ onProgress: (_ bytes: UInt64) -> Void
  ) throws(SystemError) -> Superblock {
    var at = superblock.tail
    (at.position, at.chain) = (0, 0)
    let tail = at
    var consumers = superblock.consumers
    var unplaced = Set(consumers.indices)
    /// A cursor stands at a group, or at a jump before it.
    func place(upTo position: UInt64) {
      for index in unplaced where consumers[index].position <= position {
        unplaced.remove(index)
        (consumers[index].position, consumers[index].group) = (at.position, at.group)
      }
    }
    var walk = RingWalk(fromTailOf: superblock, burns: end.burns, of: source)
    loop: while true {
      switch walk.step(to: end.anchor) {
      case .end: break loop
      case .skip, .burned: continue
      case .lost:
        throw SystemError(code: SystemError.inputOutput, operation: "read the old ring again")
      case .group(let old):
        place(upTo: old.position)
        var header = old
        header.fileId = fileId
        header.openNumber = superblock.openNumber
        header.flags.remove(.burn)
        header.burnFrom = 0
        (header.position, header.group) = (at.position, at.group)
        header.previousChain = at.chain ?? 0
        header.durableGroup = tail.group - 1
        (header.tailPosition, header.tailGroup) = (tail.position, tail.group)
        try copy(old, as: header, from: walk.physical(old.position), to: target)
        at = header.end
        onProgress(at.position)
      }
    }
    place(upTo: .max)
    return newSuperblock(tail: tail, head: at, consumers)
  }

  private func newSuperblock(
    tail: RingAnchor, head: RingAnchor, _ consumers: [ConsumerRecord]
  ) -> Superblock {
    var next = superblock
    next.fileId = fileId
    next.dataEnd = dataEnd
    next.generation += 1
    next.flags = Superblock.flagClosedCleanly
    next.accepted += end.anchor.accepted(since: superblock.hint)
    next.refused = end.refused
    next.tail = tail
    next.hint = end.anchor
    (next.hint.position, next.hint.group, next.hint.chain) = (head.position, head.group, head.chain)
    next.durableGroup = head.group - 1
    next.burns = []
    next.openings = []
    next.consumers = consumers
    return next
  }

  private func copy(
    _ old: GroupHeader, as header: GroupHeader, from offset: UInt64, to target: any Disk
  ) throws(SystemError) {
    let length = UInt64(old.lengthBytes)
    var done: UInt64 = 0
    while done < length {
      let count = min(UInt64(Self.copyBytes), length - done)
      var bytes = try source.disk.bytes(at: offset + done, count: Int(count))
      if done == 0 { bytes.replaceSubrange(..<RingLayout.groupHeaderBytes, with: header.encoded()) }
      try target.write(bytes, at: RingLayout.dataStart + header.position + done)
      done += count
    }
  }
}
