/// What the consumers ask and answer.
extension RingWriter {
  /// The oldest durable blocks that nobody holds; empty when there are none.
  package func lease(
    consumer: Int = 0, rawBytesMax: Int, itemsMax: Int, now: MonotonicTime
  ) -> [LeasedBlock] {
    // What was read ahead may all rest: then what lies behind it is looked at too.
    while true {
      let isMore = fillWindow(of: consumer, now: now)
      let leased = consumers[consumer].tracker.lease(
        rawBytesMax: rawBytesMax, itemsMax: itemsMax, now: now)
      if !leased.isEmpty || !isMore { return leased }
    }
  }

  package func settle(_ settlement: Settlement, consumer: Int = 0) {
    consumers[consumer].tracker.settle(settlement)
  }

  package func release(_ blocks: [UInt64], consumer: Int = 0) {
    consumers[consumer].tracker.release(blocks)
  }

  /// A leased block turned out unreadable.
  package func quarantine(_ block: UInt64, consumer: Int = 0) {
    let lost = consumers[consumer].tracker.quarantine(block)
    guard lost > 0 else { return }
    Log.error(
      "A block of the ring is damaged on disk: its events are lost and counted as quarantined",
      ("first_sequence", "\(block)"), ("events", "\(lost)"),
      ("consumer", consumers[consumer].name))
  }

  /// The consumer has had every durable event, and no more are on their way.
  package func isAllSettled(consumer: Int = 0) -> Bool {
    (isAllDurable || readOnlyReason != nil) && consumers[consumer].tracker.blocksInWindow == 0
      && consumers[consumer].record.position >= durable.position
  }

  /// The primary's.
  package var ledger: Ledger { ledger(of: 0) }

  /// Live sums; they balance. The primary's is the ring's; another's starts with what was accepted when it was added.
  package func ledger(of consumer: Int) -> Ledger {
    let counts = consumers[consumer].tracker.counts
    var ledger = Ledger()
    ledger.accepted = accepted - counts.base
    ledger.refused = refused
    ledger.delivered = counts.delivered
    ledger.duplicate = counts.duplicate
    ledger.deadLettered = counts.deadLettered
    ledger.quarantined = counts.quarantined
    ledger.dropped = counts.dropped
    ledger.erased = counts.erased
    invariant(
      ledger.accepted >= counts.settled,
      "no more events end (\(counts.settled)) than were accepted (\(ledger.accepted))")
    ledger.waiting = ledger.accepted - counts.settled
    return ledger
  }

  package func snapshot(isStarved: Bool) -> RingSnapshot {
    var snapshot = RingSnapshot()
    update(&snapshot, isStarved: isStarved)
    return snapshot
  }

  /// In place, because it is done after each step: the consumers' rows are used again.
  func update(_ snapshot: inout RingSnapshot, isStarved: Bool) {
    var rows: [RingSnapshot.Consumer] = []
    swap(&rows, &snapshot.consumers)
    snapshot = counters
    swap(&rows, &snapshot.consumers)
    snapshot.ledger = ledger
    snapshot.usedBytes = head.position - tail.position
    snapshot.freeBytes = space.freeBytes
    snapshot.sizeBytes = superblock.dataEnd
    snapshot.oldestWaitingMilliseconds = consumers[0].tracker.oldestWrittenMilliseconds.map {
      Int64(clamping: $0)
    }
    snapshot.durableTickets = durableTickets
    snapshot.readOnlyReason = readOnlyReason
    snapshot.isFull = isStarved
    snapshot.recovery = report
    snapshot.compression = configuration.compression
    snapshot.isRelocationPossible = isRelocationAllowed
    for index in consumers.indices {
      let row = RingSnapshot.Consumer(
        name: consumers[index].name, ledger: ledger(of: index),
        behindBytes: head.position - consumers[index].record.position)
      if index < snapshot.consumers.count {
        snapshot.consumers[index] = row
      } else {
        snapshot.consumers.append(row)
      }
    }
  }

  /// Reads on when nothing of what waits is in the primary's window, as long as nobody leases: the window's first block is
  /// the oldest.
  func findOldest(now: MonotonicTime) {
    if consumers[0].tracker.blocksInWindow == 0 { fillWindow(of: 0, now: now) }
  }

  /// Reads on, as far as the window lets it. - Returns: whether there was anything.
  @discardableResult func fillWindow(of index: Int, now: MonotonicTime) -> Bool {
    var isMore = false
    while consumers[index].tracker.hasRoom {
      var ahead = consumers[index].reader
      let step = ahead.step(to: durable, burns: burns, on: disk)
      if case .gap = step, !disk.isReadable { return false }
      consumers[index].reader = ahead
      switch step {
      case .group(let header, let places, let origins):
        consumers[index].tracker.load(
          header, places, origins: origins, voids: voids,
          restsUntil: index == 0 ? moves.takeRest(from: header.firstSequence) : nil, now: now)
        if index == 0 { moves.found(header) }
      case .gap(let start, let end): lose(from: start, to: end, of: index, now: now)
      case .passed: consumers[index].tracker.reached(ahead.next)
      case .end:
        settleAccounts(of: index)
        return isMore
      }
      isMore = true
    }
    return isMore
  }

  private func lose(from start: RingAnchor, to end: RingAnchor, of index: Int, now: MonotonicTime) {
    let all = end.sequence > start.sequence ? end.sequence - start.sequence : 0
    var events = index == 0 ? all : end.accepted(since: start)
    let hasJumped = superblock.flags & Superblock.flagJumped != 0
    if index == 0, hasJumped || voids.contains(where: { $0.headSequence > start.sequence }) {
      // Some of the copies in it may be void, or no copies but numbers that were jumped over: what of it did count
      // shows once nothing else is open any more.
      events = end.accepted(since: start)
      if events < all { consumers[0].tracker.markUncertain() }
    }
    Log.error(
      "A part of the ring is damaged on disk: its events are lost and counted as quarantined",
      ("first_sequence", "\(start.sequence)"), ("events", "\(events)"),
      ("consumer", consumers[index].name))
    consumers[index].tracker.loadGap(from: start, to: end, events: events, now: now)
  }

  /// Everything has come to its end: what is still missing in the sum lay among copies that were lost.
  private func settleAccounts(of index: Int) {
    guard consumers[index].tracker.isUncertain, consumers[index].tracker.blocksInWindow == 0,
      consumers[index].record.position >= durable.position
    else { return }
    consumers[index].tracker.quarantine(unaccounted: ledger(of: index).waiting)
  }
}
