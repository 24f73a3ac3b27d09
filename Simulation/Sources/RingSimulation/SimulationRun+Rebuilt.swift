import LogPipeline

/// After both superblocks were lost and made anew: the counts start over, but what the groups hold is to be delivered,
/// and the ring works on.
extension SimulationRun {
  /// Judges what can still be known, and ends the history.
  func judgeRebuilt(_ state: RingState) {
    isOver = true
    // Not for the books of before.
    defer { _ = (disk.takeSuperblocks(), disk.takeGroups()) }
    require(disk.violation)
    tell?(
      "rebuilt: tail \(state.superblock.tail.position), head \(state.end.position), burned \(state.superblock.burns.map { "\($0.fromPosition) to \($0.toPosition)" }), \(state.report)"
    )
    let tail = state.superblock.tail.position
    let wanted = model.sequencesOfRebuilt(from: tail)
    (disk.nextSyncFault, disk.nextWriteFault, disk.awayAfter) = (nil, nil, nil)
    (disk.stopAtStep, disk.isAway) = (.max, false)
    let writer = RingWriter(state: state, configuration: configuration, disk: disk, now: now)
    for index in configuration.consumers.indices {
      let ledger = writer.ledger(of: index)
      if ledger.accepted != ledger.waiting {
        return fail("a rebuilt ring counts \(ledger) before anything was delivered")
      }
      let given = deliver(from: writer, to: index)
      guard failure == nil else { return }
      if index > 0 { continue }
      require(
        model.objectionToRebuilt(
          tail: tail, durable: promised?.tail.position ?? 0, given: Set(given.fingerprints)))
      if let missing = wanted.subtracting(given.sequences).min() {
        let group = model.newestGroup(holding: missing)?.number ?? 0
        return fail(
          "a rebuilt ring does not give event \(missing), although its group #\(group) is whole")
      }
    }
    commit(writer)
    takeIn(by: writer)
  }

  /// New events, which are still there after a power cut.
  private func takeIn(by writer: RingWriter) {
    var taken: [UInt64] = []
    for length: UInt32 in [60, 3000, 400] {
      let block = model.newBlock([length, 90], intake: 0)
      guard writer.append(block, now: now) else {
        return fail("a rebuilt ring that was emptied takes nothing in")
      }
      model.offered(block)
      taken += block.items.map(\.fingerprint)
      writer.closeGroup(wallMilliseconds: 1_800_000_000_000)
    }
    commit(writer)
    let before = configuration.consumers.indices.map { writer.ledger(of: $0) }
    disk.losePower()
    do throws(RingError) {
      let state = try RingOpening.recover(configuration, on: disk)
      let again = RingWriter(state: state, configuration: configuration, disk: disk, now: now)
      for index in configuration.consumers.indices {
        if again.ledger(of: index) != before[index] {
          return fail(
            "a rebuilt ring had \(before[index]), after a power cut \(again.ledger(of: index))")
        }
        let given = deliver(from: again, to: index).fingerprints
        if given != taken { return fail("a rebuilt ring took in \(taken) and gave \(given)") }
      }
    } catch {
      fail("a rebuilt ring did not open again: \(error)")
    }
  }

  private func commit(_ writer: RingWriter) {
    for _ in 0..<3 {
      now = now + .seconds(2)
      guard writer.beginSync(now: now, isStarved: true) else { continue }
      var failed: SystemError?
      do throws(SystemError) { try disk.syncData() } catch { failed = error }
      _ = writer.endSync(error: failed, took: .zero, now: now)
    }
    require(disk.violation)
    if !writer.isAllDurable || writer.readOnlyReason != nil {
      fail("a rebuilt ring does not commit: \(writer.readOnlyReason ?? "something is left")")
    }
  }

  /// All that waits for a consumer, as far as it can be read.
  private func deliver(
    from writer: RingWriter, to consumer: Int
  ) -> (sequences: Set<UInt64>, fingerprints: [UInt64]) {
    var sequences: Set<UInt64> = []
    var fingerprints: [UInt64] = []
    while failure == nil {
      let leased = writer.lease(
        consumer: consumer, rawBytesMax: 1 << 20, itemsMax: 10_000, now: now)
      if leased.isEmpty { break }
      for place in leased {
        guard let block = LeasedBlockReader.read(place, on: disk) else {
          writer.quarantine(place.place.firstSequence, consumer: consumer)
          continue
        }
        require(model.objectionToRebuilt(block))
        let open = block.items.indices.filter { block.settled?[$0] != true }
        for index in open {
          fingerprints.append(block.items[index].fingerprint)
          if !sequences.insert(block.firstSequence + UInt64(index)).inserted {
            fail("a rebuilt ring gives event \(block.firstSequence + UInt64(index)) twice")
          }
        }
        writer.settle(
          Settlement(
            block: block.id, items: open.map { Settlement.Item(index: $0, outcome: .delivered) }),
          consumer: consumer)
      }
    }
    require(model.objectionToRebuilt(fingerprints))
    let ledger = writer.ledger(of: consumer)
    if ledger.waiting != 0 || !ledger.isAcceptedBalanced || !writer.isAllSettled(consumer: consumer)
    {
      fail("events of a rebuilt ring wait that nobody ever gets: \(ledger)")
    }
    return (sequences, fingerprints)
  }
}
