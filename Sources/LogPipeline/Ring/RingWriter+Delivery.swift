/// What the consumer asks and answers.
extension RingWriter {
  /// The oldest durable blocks that nobody holds; empty when there are none.
  package func lease(rawBytesMax: Int, itemsMax: Int) -> [LeasedBlock] {
    fillWindow()
    return tracker.lease(rawBytesMax: rawBytesMax, itemsMax: itemsMax)
  }

  package func settle(_ settlement: Settlement) { tracker.settle(settlement) }

  package func release(_ blocks: [UInt64]) { tracker.release(blocks) }

  /// A leased block turned out unreadable.
  package func quarantine(_ block: UInt64) {
    let lost = tracker.quarantine(block)
    guard lost > 0 else { return }
    Log.error(
      "A block of the ring is damaged on disk: its events are lost and counted as quarantined",
      ("first_sequence", "\(block)"), ("events", "\(lost)"))
  }

  /// Every durable event has come to its end, and no more are on their way.
  package var isAllSettled: Bool {
    (isAllDurable || readOnlyReason != nil) && tracker.blocksInWindow == 0
      && tracker.record.position >= durable.position
  }

  /// Live sums; they balance.
  package var ledger: Ledger {
    let counts = tracker.counts
    var ledger = Ledger()
    ledger.accepted = accepted
    ledger.refused = refused
    ledger.delivered = counts.delivered
    ledger.duplicate = counts.duplicate
    ledger.deadLettered = counts.deadLettered
    ledger.quarantined = counts.quarantined
    ledger.dropped = counts.dropped
    ledger.erased = counts.erased
    invariant(accepted >= counts.settled, "no more events end than were accepted")
    ledger.waiting = accepted - counts.settled
    return ledger
  }

  package func snapshot(isStarved: Bool) -> RingSnapshot {
    var snapshot = counters
    snapshot.ledger = ledger
    snapshot.usedBytes = head.position - tracker.record.position
    snapshot.freeBytes = space.freeBytes
    snapshot.sizeBytes = superblock.dataEnd
    snapshot.oldestWaitingMilliseconds = tracker.oldestWrittenMilliseconds.map {
      Int64(clamping: $0)
    }
    snapshot.durableTickets = durableTickets
    snapshot.readOnlyReason = readOnlyReason
    snapshot.isFull = isStarved
    snapshot.recovery = report
    return snapshot
  }

  func fillWindow() {
    while tracker.hasRoom {
      var ahead = reader
      let step = ahead.step(to: durable, burns: burns, on: disk)
      if case .gap = step, !disk.isReadable { return }
      reader = ahead
      switch step {
      case .group(let header, let places): tracker.load(header, places)
      case .gap(let start, let end, let events):
        Log.error(
          "A part of the ring is damaged on disk: its events are lost and counted as quarantined",
          ("first_sequence", "\(start.sequence)"), ("events", "\(events)"))
        tracker.loadGap(from: start, to: end, events: events)
      case .passed: tracker.reached(reader.next)
      case .end: return
      }
    }
  }
}
