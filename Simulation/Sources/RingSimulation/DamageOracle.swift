import LogPipeline

/// Says which bytes of a group are not what the ring wrote, by comparing the disk's layers.
struct DamageOracle {
  let disk: SimulatedDisk
  let dataSize: UInt64
  var everUnreadable: [Range<UInt64>] = []
  /// When the last opening began.
  var unreadableNow: Range<UInt64> = 0..<0

  /// Of what the opening could read, or (`isOnPlatterToo`) of anything that was ever amiss.
  func damage(of group: GroupMark, isOnPlatterToo: Bool) -> GroupDamage {
    var damage = GroupDamage()
    let start = physical(group.position)
    // Written over since, if only in part: what its tables say there is another's.
    let lengthBytes = group.isSkip ? GroupMark.headerBytes : Int(group.lengthBytes)
    guard disk.lastWrite(in: start..<start + lengthBytes) <= group.write else {
      damage.isHeaderBad = true
      return damage
    }
    damage.isHeaderBad = isBad(start, GroupMark.headerBytes, isOnPlatterToo)
    guard !group.isSkip else { return damage }
    let tablesAt = start + Int(group.tablesAt)
    damage.areTablesBad = isBad(
      tablesAt, Int(group.lengthBytes - group.tablesAt), isOnPlatterToo)
    var sequence = group.firstSequence
    for index in 0..<group.blockCount {
      let row = tablesAt + index * 32
      let storedLength = Int(disk.intended.load(UInt32.self, at: row + 12))
      let storedAt = start + Int(disk.intended.load(UInt32.self, at: row + 16))
      let next = sequence + UInt64(disk.intended.load(UInt32.self, at: row + 4))
      if isBad(storedAt, storedLength, isOnPlatterToo) { damage.blocks.append(sequence..<next) }
      sequence = next
    }
    return damage
  }

  /// Fingerprints of its events and, of copies, the sequences they were copied from, as the ring meant them to be.
  func content(of group: GroupMark) -> (fingerprints: [UInt64], origins: [UInt64]) {
    let rows = physical(group.position) + Int(group.tablesAt) + group.blockCount * 32
    let count = Int(group.eventCount)
    let fingerprints = (0..<count).map { disk.intended.load(UInt64.self, at: rows + $0 * 20) }
    guard group.isRelocated else { return (fingerprints, []) }
    let origins = rows + count * 20 + 12
    return (
      fingerprints, (0..<count).map { disk.intended.load(UInt64.self, at: origins + $0 * 8) }
    )
  }

  /// Whether the platter has all of it.
  func isOnPlatter(_ group: GroupMark) -> Bool {
    let start = physical(group.position)
    return disk.platter.isEqual(start..<start + Int(group.lengthBytes), to: disk.intended)
  }

  func physical(_ position: UInt64) -> Int { Int(RingLayout.dataStart + position % dataSize) }

  private func isBad(_ start: Int, _ count: Int, _ isOnPlatterToo: Bool) -> Bool {
    let range = start..<start + count
    let places = UInt64(range.lowerBound)..<UInt64(range.upperBound)
    let isUnreadable =
      isOnPlatterToo
      ? everUnreadable.contains { $0.overlaps(places) } : unreadableNow.overlaps(places)
    return isUnreadable || !disk.cache.isEqual(range, to: disk.intended)
      || isOnPlatterToo && !disk.platter.isEqual(range, to: disk.intended)
  }
}
