import LogPipeline

/// What consumers get, say and count.
extension RingModel {
  /// Where the event is to be delivered: the newest copy that counts has taken over.
  func duty(of event: Int, for consumer: Int) -> UInt64 {
    guard consumers[consumer].isPrimary, !copies.isEmpty, let made = copies[event],
      let newest = made.last(where: { !$0.isVoid })
    else { return sequences[event] }
    return newest.sequence
  }

  /// Whether the block is what was offered, byte for byte, and what is still open in it is what waits.
  mutating func objection(to block: StoredBlock, of consumer: Int) -> String? {
    guard !block.items.isEmpty,
      block.firstSequence + UInt64(block.items.count) - 1 <= durableSequence
    else { return "block \(block.id) is not durable" }
    var prints: [UInt64] = []
    var sizes: [UInt32] = []
    for (index, item) in block.items.enumerated() {
      let sequence = block.firstSequence + UInt64(index)
      guard let event = event(at: sequence) else { return "event \(sequence) was never offered" }
      guard item.fingerprint == fingerprints[event], item.rawLengthBytes == lengths[event],
        item.day == 20_000, item.flags == UInt32(item.fingerprint & 7)
      else { return "event \(sequence) is another: its row is not what was offered" }
      let isOpen =
        consumers[consumer].ends[event].isOpen && duty(of: event, for: consumer) == sequence
      if (block.settled?[index] ?? false) == isOpen {
        return
          "event \(sequence) is leased to \(consumers[consumer].name) as \(isOpen ? "settled and waits" : "open and does not wait here"); it was taken in as \(sequences[event]), has copies \((copies[event] ?? []).map(\.sequence)), and its end is \(consumers[consumer].ends[event])"
      }
      prints.append(fingerprints[event])
      sizes.append(lengths[event])
    }
    if let event = event(at: block.firstSequence), sequences[event] == block.firstSequence {
      guard self.block(at: event)?.count == block.items.count else {
        return "block \(block.id) was never offered so"
      }
    } else if consumer > 0 {
      return "\(consumers[consumer].name) was given the copy \(block.id)"
    }
    let raw =
      block.codec == .raw
      ? block.stored : Inflater.raw(block.stored, rawLengthBytes: block.rawLengthBytes) ?? []
    guard raw == EventBytes.block(prints[...], sizes[...]) else {
      return "block \(block.id) has other bytes than were offered"
    }
    return noteLease(of: block.id, to: consumer)
  }

  /// Who reads in order gets no block for the first time after a later one.
  private mutating func noteLease(of block: UInt64, to consumer: Int) -> String? {
    guard consumer > 0, consumers[consumer].leased.insert(block).inserted else { return nil }
    let before = consumers[consumer].leasedTo
    consumers[consumer].leasedTo = max(before, block)
    return block > before
      ? nil : "\(consumers[consumer].name) was given block \(block) after \(before)"
  }

  mutating func settled(_ sequence: UInt64, _ outcome: UInt8, by consumer: Int) {
    guard let event = event(at: sequence), duty(of: event, for: consumer) == sequence else {
      return
    }
    consumers[consumer].end(event, outcome, at: sequence)
  }

  /// A leased block turned out unreadable: is it?
  mutating func quarantined(_ place: BlockPlace, by consumer: Int) -> String? {
    for sequence in place.firstSequence..<place.firstSequence + UInt64(place.row.itemCount) {
      guard let event = event(at: sequence) else { return "event \(sequence) was never offered" }
      guard consumers[consumer].ends[event].isOpen, duty(of: event, for: consumer) == sequence
      else { continue }
      if let objection = objectionToLoss(of: sequence, for: consumer) { return objection }
      consumers[consumer].end(event, ModelEnd.lost, at: sequence)
    }
    return nil
  }

  /// The consumer calls a block unreadable, whatever the disk says.
  mutating func givenUp(_ block: StoredBlock, by consumer: Int) {
    for index in block.items.indices {
      settled(block.firstSequence + UInt64(index), ModelEnd.lost, by: consumer)
    }
  }

  /// Whether reading it again may give something else.
  func isDamaged(_ block: StoredBlock) -> Bool {
    guard let group = newestGroup(holding: block.firstSequence) else { return true }
    return !oracle.damage(of: group, isOnPlatterToo: true).isNone
  }

  /// A full ring gave up the groups before this position.
  /// - Parameters:
  ///   - position: where what is left begins.
  ///   - claimed: how many it says; more than lay there only where it may go by first attempts.
  ///   - consumer: whose.
  /// - Returns: how many events of the consumer that were.
  mutating func dropped(before position: UInt64, claimed: UInt64, for consumer: Int) -> UInt64 {
    var dropped: UInt64 = 0
    var sequence = consumers[consumer].cursor
    while sequence <= durableSequence {
      if let group = newestGroup(holding: sequence), group.position >= position,
        dropped >= claimed || !isFirstAttempt(of: sequence, before: position, insteadOf: group)
      {
        break
      }
      if let event = event(at: sequence), duty(of: event, for: consumer) == sequence,
        consumers[consumer].ends[event].isOpen
      {
        consumers[consumer].end(event, ModelEnd.lost, at: sequence)
        dropped += 1
      }
      sequence += 1
    }
    consumers[consumer].droppedBefore = max(consumers[consumer].droppedBefore, sequence)
    return dropped
  }

  /// The ring can not write any more: what it was about to move is delivered where it is.
  /// - Returns: where they were, and where they are now to be delivered.
  mutating func movesCancelled(in opening: UInt32) -> [UInt64] {
    var moving: [UInt64] = []
    for event in Array(copies.keys) {
      for index in (copies[event] ?? []).indices {
        if let copy = copies[event]?[index], copy.sequence > durableSequence, !copy.isVoid {
          copies[event]?[index].voidedIn = opening
          moving.append(duty(of: event, for: 0))
        }
      }
    }
    return moving
  }

  // MARK: Cursors

  /// A superblock on its way to the disk.
  mutating func objection(to superblock: Superblock) -> String? {
    if superblock.accepted != UInt64(acknowledgedEvents)
      || superblock.hint.sequence != durableSequence + 1
    {
      return
        "a superblock calls \(superblock.accepted) events up to \(superblock.hint.sequence) accepted, not those acknowledged: \(acknowledgedEvents) up to \(durableSequence + 1)"
    }
    guard superblock.consumers.map(\.name) == consumers.map(\.name) else {
      return "a superblock has other consumers: \(superblock.consumers.map(\.name))"
    }
    for (index, record) in superblock.consumers.enumerated() {
      if superblock.tail.position > record.position {
        return "the tail \(superblock.tail.position) is past \(record.name) at \(record.position)"
      }
      if let objection = passed(record, by: index) { return objection }
    }
    return nil
  }

  /// Everything before the cursor has come to its end, and the record's counts say to which.
  private mutating func passed(_ record: ConsumerRecord, by consumer: Int) -> String? {
    guard record.sequence >= consumers[consumer].cursor else {
      return
        "\(record.name)'s cursor went back from \(consumers[consumer].cursor) to \(record.sequence)"
    }
    guard record.sequence <= durableSequence + 1 else {
      return "\(record.name)'s cursor is ahead of what is durable"
    }
    for sequence in consumers[consumer].cursor..<record.sequence {
      guard let event = event(at: sequence) else { continue }
      if let objection = pass(sequence, event, by: consumer) {
        return "\(record.name)'s cursor passed unsettled event \(sequence): \(objection)"
      }
    }
    consumers[consumer].cursor = record.sequence
    consumers[consumer].isUncertain = record.flags & 1 != 0
    if record.flags == 0, let group = newestGroup(holding: record.sequence),
      group.position < record.position
    {
      return
        "\(record.name)'s cursor is at \(record.position), its event \(record.sequence) in the group at \(group.position)"
    }
    return objection(to: record, of: consumer)
  }

  /// The counts behind a cursor.
  func objection(to record: ConsumerRecord, of consumer: Int) -> String? {
    let isUncertain = consumers[consumer].isUncertain
    return consumers[consumer].objection(
      to: record, isDropping: isDropping,
      inDoubt: isUncertain ? lostCopiesInDoubt(of: consumer) : 0)
  }

  private func hasDurableCopy(
    of event: Int, behind sequence: UInt64, for consumer: Int
  ) -> Bool {
    consumer == 0
      && copies[event]?.contains {
        !$0.isVoid && $0.sequence > sequence && $0.sequence <= durableSequence
      } == true
  }

  private mutating func pass(_ sequence: UInt64, _ event: Int, by consumer: Int) -> String? {
    if consumer > 0, sequences[event] != sequence { return nil }
    if consumers[consumer].ends[event].isOpen {
      // A durable copy has taken over, or this is a void copy of what is to come elsewhere.
      if duty(of: event, for: consumer) < sequence
        || hasDurableCopy(of: event, behind: sequence, for: consumer)
      {
        return nil
      }
      if let objection = objectionToLoss(of: sequence, for: consumer) { return objection }
      consumers[consumer].end(event, ModelEnd.lost, at: sequence)
    }
    let end = consumers[consumer].ends[event]
    if end.sequence == sequence, end.outcome < ModelEnd.outcomesMax {
      consumers[consumer].behind[Int(end.outcome)] += 1
    }
    return nil
  }

  /// The live sums.
  func objection(to ledger: Ledger, of consumer: Int) -> String? {
    let book = consumers[consumer]
    guard ledger.isAcceptedBalanced else {
      return "the sum of \(book.name)'s events does not hold: \(ledger)"
    }
    guard ledger.accepted == UInt64(acknowledgedEvents) - book.base else {
      return
        "accepted is \(ledger.accepted) for \(book.name), the model has \(acknowledgedEvents) - \(book.base)"
    }
    guard ledger.refused == refused else {
      return "refused is \(ledger.refused), the model has \(refused)"
    }
    let found = [ledger.delivered, ledger.duplicate, ledger.deadLettered]
    guard found == Array(book.live[1...3]) else {
      return "\(book.name) settled \(found), the model has \(book.live[1...3])"
    }
    // The ring may know of losses that the model learns of when the cursor passes them.
    let lost = ledger.quarantined + ledger.dropped
    guard
      lost >= book.live[4] || lost + lostCopiesInDoubt(of: consumer) >= book.live[4],
      isDropping || ledger.dropped == 0, ledger.erased == 0
    else {
      return "lost events of \(book.name) do not add up: \(ledger), the model has \(book.live[4])"
    }
    return nil
  }

  /// Events that were lost as copies of before the last opening. With the header of their group gone, nobody who reads
  /// the ring can tell whether they counted or their originals did: it counts them once nothing else waits.
  private func lostCopiesInDoubt(of consumer: Int) -> UInt64 {
    guard areLostCopiesInDoubt, consumers[consumer].isPrimary else { return 0 }
    let ends = consumers[consumer].ends
    return ends.indices.reduce(0) {
      ends[$1].outcome == ModelEnd.lost && ends[$1].sequence != sequences[$1] ? $0 + 1 : $0
    }
  }

  /// The group that declares a first attempt void is damaged itself: an opening goes by the first attempt where that is
  /// whole, and does not look for the second when the first goes bad later.
  func isRetryForgotten(_ retry: GroupMark, holding sequence: UInt64) -> Bool {
    groups.contains { burn in
      burn.mark.isBurn && burn.mark.position <= retry.position
        && !oracle.damage(of: burn.mark, isOnPlatterToo: true).isNone
        && groups.contains { first in
          (burn.mark.burnFrom..<burn.mark.position).contains(first.mark.position)
            && first.mark.firstSequence <= sequence && sequence <= first.mark.lastSequence
        }
    }
  }

  /// An opening may have gone by the first attempt, which lies before this position; the second is behind it.
  private func isFirstAttempt(
    of sequence: UInt64, before position: UInt64, insteadOf retry: GroupMark
  ) -> Bool {
    isRetryForgotten(retry, holding: sequence)
      && groups.contains {
        $0.mark.position < position && $0.mark.eventCount > 0
          && $0.mark.firstSequence <= sequence && sequence <= $0.mark.lastSequence
      }
  }

  /// Why an event may not be given up; nil: the disk damaged it, or it had to make room.
  func objectionToLoss(of sequence: UInt64, for consumer: Int) -> String? {
    if sequence < lostBefore || sequence < consumers[consumer].droppedBefore { return nil }
    // Its header never went out: an opening that finds damage before it can not tell, and counts it too.
    guard let group = newestGroup(holding: sequence) else { return nil }
    let damage = oracle.damage(of: group, isOnPlatterToo: true)
    if !damage.isReadable || damage.blocks.contains(where: { $0.contains(sequence) }) {
      return nil
    }
    if isRetryForgotten(group, holding: sequence) { return nil }
    let bad = groups.filter { !oracle.damage(of: $0.mark, isOnPlatterToo: true).isNone }.map {
      "#\($0.mark.number) of events \($0.mark.firstSequence) to \($0.mark.lastSequence)"
    }
    return
      "event \(sequence) of group #\(group.number) at \(group.position) was given up, and its bytes are whole; damaged are: \(bad.joined(separator: ", "))"
  }
}
