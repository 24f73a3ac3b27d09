/// Reads a crash test's ring back and compares it with what must be there.
package struct CrashTestCheck {
  private static let patience: Duration = .seconds(30)

  /// The next one a writer makes up: behind all that the ring has accepted.
  package private(set) var nextEvent: UInt64 = 1
  /// Those before it are read, compared and settled.
  private var nextUnread: UInt64 = 1

  package init() {}

  /// Looks at the ring after a kill, and closes it. `acknowledged`: the last event of which the writer was told that it
  /// is safe. `readsAll`: else only the sums are compared, and what waits goes on waiting.
  package mutating func look(
    at ring: Ring, acknowledged: UInt64?, readsAll: Bool, clock: any Clock,
    _ report: inout CrashTestReport
  ) throws {
    let ledger = ring.snapshot().ledger
    compareSums(ledger, &report)
    // Events are accepted in the order they were made, so the count says which is the last.
    let last = max(ledger.accepted, nextUnread - 1)
    if let acknowledged, acknowledged > last {
      report.lost += acknowledged - last
      report.add("events \(last + 1) to \(acknowledged) were acknowledged and are not in the ring")
    }
    if ledger.quarantined > report.quarantined {
      report.lost += ledger.quarantined - report.quarantined
      report.add("\(ledger.quarantined - report.quarantined) events can not be read any more")
      report.quarantined = ledger.quarantined
    }
    nextEvent = max(last, acknowledged ?? 0) + 1
    try ring.start()
    if readsAll { read(ring, upTo: last, clock: clock, &report) }
    ring.stopLeasing()
    ring.close()
  }

  /// Both the ring's own sum, and what this side has counted.
  private func compareSums(_ ledger: Ledger, _ report: inout CrashTestReport) {
    if !ledger.isAcceptedBalanced {
      report.areSumsExact = false
      report.add("accepted is not the sum of its parts: \(ledger)")
    }
    if ledger.delivered != report.found {
      report.areSumsExact = false
      report.add("\(report.found) events were settled, but the ring counts \(ledger.delivered)")
    }
  }

  private mutating func read(
    _ ring: Ring, upTo last: UInt64, clock: any Clock, _ report: inout CrashTestReport
  ) {
    let waiting = ring.snapshot().ledger.waiting
    var read: UInt64 = 0
    while read < waiting {
      guard
        let batch = ring.lease(
          rawBytesMax: 4 << 20, itemsMax: 10_000, until: clock.now() + Self.patience)
      else { break }
      for block in batch.blocks {
        compare(block, upTo: last, &report)
        read += UInt64(block.items.count)
        ring.settle(.whole(block, .delivered))
      }
      batch.finish()
    }
    report.found += read
    if nextUnread <= last {
      report.lost += last + 1 - nextUnread
      report.add("events \(nextUnread) to \(last) are counted, but were not to be read")
      nextUnread = last + 1
    }
  }

  private mutating func compare(
    _ block: StoredBlock, upTo last: UInt64, _ report: inout CrashTestReport
  ) {
    let lines =
      block.codec == .raw
      ? block.stored : Inflater.raw(block.stored, rawLengthBytes: block.rawLengthBytes) ?? []
    var offset = 0
    for item in block.items {
      let end = offset + Int(item.rawLengthBytes)
      let found = end <= lines.count ? lines[offset..<end] : []
      offset = end
      let number = CrashTestEvents.number(fingerprint: item.fingerprint)
      if number < nextUnread, number > 0 {
        report.doubled += 1
        report.add("event \(number) came a second time")
      } else if number > last || number == 0 || !found.elementsEqual(CrashTestEvents.lines(number))
      {
        report.invented += 1
        report.add(
          "an event that nobody sent: \(String(decoding: found.prefix(80), as: UTF8.self))")
        nextUnread += number == nextUnread ? 1 : 0
      } else {
        if number > nextUnread {
          report.lost += number - nextUnread
          report.add("events \(nextUnread) to \(number - 1) are missing between others")
        }
        nextUnread = number + 1
      }
    }
  }
}
