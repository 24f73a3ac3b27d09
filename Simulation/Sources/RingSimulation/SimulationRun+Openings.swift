import LogPipeline

/// Ends and starts of the process.
extension SimulationRun {
  func restart(powerCut: Bool) {
    endProcess(powerCut: powerCut)
    open()
  }

  /// Nothing is left in hand: all is committed, the superblock says so, the process ends.
  func stopCleanly() {
    writer?.release(held.map(\.id))
    held = []
    endSync()
    commit(isStarved: false)
    guard failure == nil, !isOver, writer != nil else { return }
    beginSync(isStarved: false, isClosing: true)
    endSync()
    look()
    guard failure == nil, !isOver else { return }
    restart(powerCut: false)
  }

  private func endProcess(powerCut: Bool) {
    for mark in disk.takeGroups() { model.wrote(mark) }
    _ = disk.takeSuperblocks()
    held = []
    forgetSync()
    writer = nil
    promised = disk.guardian.promised ?? promised
    if powerCut { disk.losePower() } else { disk.restart() }
  }

  /// Opens what is on the disk, again when it was stopped or failed on the way.
  func open() {
    for attempt in 0..<8 {
      if let steps = stepsOfNextRecovery {
        stepsOfNextRecovery = nil
        disk.stopAtStep = disk.steps + steps
      }
      let isFaultPlanned = disk.nextSyncFault != nil || disk.nextWriteFault != nil
      let wasAway = disk.isAway
      let best = disk.bestSuperblockAfterDrop
      model.oracle.unreadableNow = disk.unreadable
      forgetLostSuperblock(best)
      do throws(RingError) {
        let state = try RingOpening.recover(configuration, on: disk)
        guard let best else { isOver = true; return }
        disk.stopAtStep = .max
        return judge(state, openedBy: best)
      } catch {
        if disk.hasStopped {
          disk.counts[.crashInRecovery] += 1
          endProcess(powerCut: endsInPowerCut)
        } else if wasAway {
          disk.isAway = false
        } else if best == nil {
          isOver = true
          let causes: [FaultKind] = [
            .bitRot, .unreadableSector, .syncLiedDropped, .syncLiedVolatile,
          ]
          if causes.allSatisfy({ disk.counts[$0] == 0 }) {
            fail("no superblock is whole: \(error)")
          }
          return
        } else if !isFaultPlanned {
          return fail("attempt \(attempt) to open failed without a reason: \(error)")
        }
      }
    }
    fail("eight attempts to open failed")
  }

  /// A disk that lied, or rot, took the newest one: the older counts, and what it does not know may be gone.
  private func forgetLostSuperblock(_ best: Superblock?) {
    guard let lost = promised, let best, lost.generation > best.generation else { return }
    model.lostBefore = max(model.lostBefore, Int(lost.tail.sequence) - 1)
    promised = best
  }

  private func judge(_ state: RingState, openedBy best: Superblock) {
    require(disk.violation)
    _ = disk.takeSuperblocks()
    _ = disk.takeGroups()
    let writer = RingWriter(state: state, configuration: configuration, disk: disk, now: now)
    self.writer = writer
    let ledger = writer.ledger
    let found = Int(writer.head.sequence) - 1
    let least = model.eventsAtLeast(by: best)
    if found < least {
      return fail(
        "\(model.acknowledgedEvents) events were acknowledged, \(least) of them must be found; found \(found) (\(state.report))"
      )
    }
    let cursor = Int(ledger.accepted - ledger.waiting)
    if cursor < Int(best.consumers[0].sequence) - 1 {
      return fail("the cursor stands behind \(cursor) events; it was durable further on")
    }
    require(model.reopened(count: found, cursor: cursor, head: writer.head.position))
    let known = promised?.refused ?? 0
    if ledger.refused < known || ledger.refused > model.refused {
      fail("refused is \(ledger.refused): not between \(known) and \(model.refused)")
    }
    model.refused = ledger.refused
    let damaged = model.damagedEvents(from: Int(best.hint.sequence) - 1, to: found)
    if !damaged.contains(state.report.eventsQuarantined) {
      fail(
        "\(state.report.eventsQuarantined) events are reported damaged; \(damaged) are, behind \(best.hint.sequence); unreadable is \(model.oracle.unreadableNow)"
      )
    }
    judgeLedger()
    openings += 1
    if openings % 4 == 0 { openAgain(writer) }
  }

  /// Recovering what was just recovered changes nothing.
  private func openAgain(_ first: RingWriter) {
    guard failure == nil, disk.nextSyncFault == nil, disk.nextWriteFault == nil else { return }
    disk.restart()
    do throws(RingError) {
      let state = try RingOpening.recover(configuration, on: disk)
      let second = RingWriter(state: state, configuration: configuration, disk: disk, now: now)
      if second.head != first.head || second.ledger != first.ledger {
        fail("opened twice: \(first.head) \(first.ledger), then \(second.head) \(second.ledger)")
      }
      writer = second
      _ = disk.takeSuperblocks()
      _ = disk.takeGroups()
    } catch {
      fail("opened once, and not again: \(error)")
    }
  }

  /// The end of every history: all that waits is delivered, and each event has come to exactly one end.
  func finish() {
    disk.isAway = false
    disk.nextSyncFault = nil
    disk.nextWriteFault = nil
    disk.stopAtStep = .max
    stepsOfNextRecovery = nil
    endSync()
    look()
    if writer?.readOnlyReason != nil { restart(powerCut: false) }
    for _ in 0..<2 where failure == nil && !isOver {
      commit(isStarved: true)
      drain()
      tell?("at the end: \(summary)")
      now = now + .seconds(2)
      commit(isStarved: true)
    }
    // What a disk that fails to the very end left unacknowledged may come back, or not.
    guard failure == nil, !isOver, let writer, writer.readOnlyReason == nil else { return }
    let ledger = writer.ledger
    if ledger.waiting != 0 || !writer.isAllSettled() {
      fail("events wait that nobody gets: \(ledger)")
    }
    if model.cursor != model.acknowledgedEvents {
      fail("the cursor stands behind \(model.cursor) of \(model.acknowledgedEvents) events")
    }
    stopCleanly()
    guard failure == nil, !isOver, let ledgerAfter = self.writer?.ledger else { return }
    if ledgerAfter != ledger { fail("a clean stop changed \(ledger) to \(ledgerAfter)") }
  }

  private func drain() {
    guard let writer else { return }
    for block in held { settle(block, Array(block.items.indices), 0) }
    held = []
    while failure == nil {
      let leased = writer.lease(rawBytesMax: 1 << 20, itemsMax: 10_000, now: now)
      if leased.isEmpty { break }
      take(leased, by: writer)
      for block in held { settle(block, Array(block.items.indices), block.id) }
      held = []
    }
    judgeLedger()
  }
}
