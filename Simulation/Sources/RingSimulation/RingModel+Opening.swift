import LogPipeline

/// What an opening must find, by what is really on the disk.
extension RingModel {
  /// The least number of events: all that was acknowledged, unless the disk lost some and nothing later proves it.
  func eventsAtLeast(by superblock: Superblock) -> Int {
    let acknowledged = acknowledgedEvents
    var proven = min(acknowledged, Int(superblock.hint.sequence) - 1)
    if superblock.flags & Superblock.flagClosedCleanly != 0 { return proven }
    for group in groups
    where group.mark.life == superblock.openNumber
      && group.mark.position >= superblock.hint.position
      && group.acknowledgedEvents > proven
    {
      if !oracle.damage(of: group.mark, isOnPlatterToo: false).isHeaderBad {
        proven = min(acknowledged, group.acknowledgedEvents)
      }
    }
    return max(proven, min(acknowledged, unbroken(from: superblock)))
  }

  /// Bounds of what must be reported as damage: events that no whole group holds, and those of bad groups.
  func damagedEvents(from first: Int, to end: Int) -> ClosedRange<UInt64> {
    var least: UInt64 = 0
    var most: UInt64 = 0
    var event = first
    while event < end {
      guard let group = newestGroup(holding: UInt64(event + 1)) else { return 0...UInt64(end) }
      let last = min(end, Int(group.lastSequence))
      if !oracle.damage(of: group, isOnPlatterToo: false).isReadable {
        most += UInt64(last - event)
        for lost in event..<last where !isHeldByWholeGroup(UInt64(lost + 1)) { least += 1 }
      }
      event = last
    }
    return least...most
  }

  private func isHeldByWholeGroup(_ sequence: UInt64) -> Bool {
    groups.contains {
      $0.mark.eventCount > 0 && $0.mark.firstSequence <= sequence
        && sequence <= $0.mark.lastSequence
        && oracle.damage(of: $0.mark, isOnPlatterToo: false).isReadable
    }
  }

  /// The events up to where the groups behind the superblock's hint are whole.
  private func unbroken(from superblock: Superblock) -> Int {
    var position = superblock.hint.position
    var events = Int(superblock.hint.sequence) - 1
    let life = groups.filter { $0.mark.life == superblock.openNumber }
    while true {
      let burn = life.last { $0.mark.isBurn && $0.mark.burnFrom == position }
      guard let group = (burn ?? life.last { $0.mark.position == position })?.mark,
        oracle.damage(of: group, isOnPlatterToo: false).isNone
      else { return events }
      if group.eventCount > 0 { events = Int(group.lastSequence) }
      position = group.end
    }
  }
}
