import LogPipeline

/// What an opening must find, by what is really on the disk.
extension RingModel {
  /// The least last sequence: all that was durable, unless the disk lost some and nothing later proves it.
  func sequenceAtLeast(by superblock: Superblock, isOfLostOpening: Bool) -> UInt64 {
    // An opening that came to no end may have jumped over sequences.
    let hint =
      isOfLostOpening
      ? lastSequence(of: Int(superblock.accepted), atMost: superblock.hint.sequence - 1)
      : superblock.hint.sequence - 1
    var proven = min(durableSequence, hint)
    if superblock.flags & Superblock.flagClosedCleanly != 0 { return proven }
    for group in groups
    where group.mark.life == superblock.openNumber
      && group.mark.position >= superblock.hint.position
      && group.durableSequence > proven
    {
      if !oracle.damage(of: group.mark, isOnPlatterToo: false).isHeaderBad {
        proven = min(durableSequence, group.durableSequence)
      }
    }
    return max(proven, min(durableSequence, unbroken(from: superblock, hint)))
  }

  /// Bounds of what must be reported as damage: sequences that no whole group holds, and those of bad groups.
  func damagedEvents(from first: UInt64, to end: UInt64) -> ClosedRange<UInt64> {
    var least: UInt64 = 0
    var most: UInt64 = 0
    var sequence = first
    while sequence < end {
      guard let group = newestGroup(holding: sequence + 1) else { return 0...end }
      let last = min(end, group.lastSequence)
      if !oracle.damage(of: group, isOnPlatterToo: false).isReadable {
        most += last - sequence
        for lost in sequence..<last where !isHeldByWholeGroup(lost + 1) { least += 1 }
      }
      sequence = last
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

  /// The last sequence up to where the groups behind the superblock's hint are whole.
  private func unbroken(from superblock: Superblock, _ hint: UInt64) -> UInt64 {
    var position = superblock.hint.position
    var sequence = hint
    let life = groups.filter { $0.mark.life == superblock.openNumber }
    while true {
      let burn = life.last { $0.mark.isBurn && $0.mark.burnFrom == position }
      guard let group = (burn ?? life.last { $0.mark.position == position })?.mark,
        oracle.damage(of: group, isOnPlatterToo: false).isNone
      else { return sequence }
      if group.eventCount > 0 { sequence = group.lastSequence }
      position = group.end
    }
  }

  // MARK: Starting over

  /// The opening is done: `best` is what it went by, `state` what it came to.
  mutating func reopened(_ state: RingState, by best: Superblock, through last: UInt64) -> String? {
    let opened = state.superblock
    areLostCopiesInDoubt =
      areLostCopiesInDoubt || !copies.isEmpty || state.report.sequencesJumped > 0
    if let objection = cut(
      to: Int(opened.accepted), through: last, head: state.end, burns: opened.burns)
    {
      return objection
    }
    // What superblocks that are lost now knew of void copies is forgotten too.
    for event in Array(copies.keys) {
      for index in (copies[event] ?? []).indices
      where copies[event]?[index].voidedIn ?? 0 > best.openNumber {
        copies[event]?[index].voidedIn = 0
      }
    }
    let known = consumers
    consumers = []
    for (index, record) in opened.consumers.enumerated() {
      var book = ModelConsumer(record: record, isPrimary: index == 0)
      if let before = known.first(where: { $0.name == record.name && $0.base == record.base }) {
        book.ends = Array(before.ends.prefix(fingerprints.count))
        book.droppedBefore = before.droppedBefore
        book.inherited = before.inherited
      } else if index == 0, !known.isEmpty {
        return "the primary is another: \(record.name)"
      }
      if let objection = reseat(&book, record, opening: opened.openNumber) { return objection }
    }
    return nil
  }

  /// What is behind the cursor stays as it was; all else waits again, once.
  private mutating func reseat(
    _ joining: inout ModelConsumer, _ record: ConsumerRecord, opening: UInt32
  ) -> String? {
    let isNew = joining.ends.count < fingerprints.count
    if isNew {
      // Its events of before are known by its record alone.
      joining.inherited = [
        0, record.delivered, record.duplicate, record.deadLettered,
        record.quarantined + record.dropped,
      ]
      joining.ends = sequences.map {
        ModelEnd(outcome: $0 < record.sequence ? ModelEnd.foreign : 0, sequence: $0)
      }
    }
    joining.live = joining.inherited
    consumers.append(joining)
    let index = consumers.count - 1
    for event in fingerprints.indices {
      let end = consumers[index].ends[event]
      if end.outcome == ModelEnd.foreign, sequences[event] < record.sequence { continue }
      if !end.isOpen, end.sequence < record.sequence {
        consumers[index].live[Int(end.outcome)] += 1
        continue
      }
      consumers[index].ends[event] = ModelEnd()
      if let objection = place(event, from: record.sequence, index, opening) { return objection }
    }
    consumers[index].behind = consumers[index].live
    consumers[index].isUncertain = record.flags & 1 != 0
    return objection(to: record, of: index)
  }

  /// Where an event that waits is delivered: at its first place from the cursor on. Copies behind that are void.
  private mutating func place(
    _ event: Int, from cursor: UInt64, _ consumer: Int, _ opening: UInt32
  ) -> String? {
    var isFound = sequences[event] >= cursor
    var newest = sequences[event]
    if consumers[consumer].isPrimary, let made = copies[event] {
      for index in made.indices where !made[index].isVoid {
        newest = made[index].sequence
        if isFound {
          copies[event]?[index].voidedIn = opening
        } else if newest >= cursor {
          isFound = true
        }
      }
    }
    if isFound { return nil }
    if let objection = objectionToLoss(of: newest, for: consumer) {
      return
        "event \(newest) lies behind \(consumers[consumer].name)'s cursor \(cursor): \(objection)"
    }
    consumers[consumer].end(event, ModelEnd.lost, at: newest)
    return nil
  }
}
