import LogPipeline

/// Ends and starts of the process.
extension SimulationRun {
  func restart(powerCut: Bool) {
    endProcess(powerCut: powerCut)
    open()
  }

  /// Nothing is left in hand: all is committed, the superblock says so, the process ends.
  func stopCleanly() {
    releaseAll()
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
    noteGroups()
    _ = disk.takeSuperblocks()
    held = []
    areMovesInDoubt = false
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
        guard let best, best.ringId == (plan.seed, ~plan.seed) else {
          // Made anew from the groups: the counts start over, so the books do not fit any more.
          disk.counts[.superblocksLost] += 1
          disk.stopAtStep = .max
          return judgeRebuilt(state)
        }
        disk.stopAtStep = .max
        return judge(state, openedBy: best)
      } catch {
        if disk.hasStopped {
          disk.counts[.crashInRecovery] += 1
          endProcess(powerCut: endsInPowerCut)
        } else if wasAway || disk.isAway {
          disk.isAway = false
          endProcess(powerCut: false)
        } else if best == nil {
          isOver = true
          if let whole = model.groups.last(where: { model.isWhole($0.mark) }) {
            fail("refused (\(error)), and group #\(whole.mark.number) is whole")
          }
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
    guard let lost = promised, let best, !follows(best, lost) else { return }
    disk.counts[.superblockFellBack] += 1
    model.lostBefore = max(model.lostBefore, lost.tail.sequence)
    promised = best
  }

  /// An opening that came to no end may have given the number of the lost one anew, with less in it.
  private func follows(_ best: Superblock, _ lost: Superblock) -> Bool {
    best.generation >= lost.generation && best.refused >= lost.refused
      && best.hint.sequence >= lost.hint.sequence
      && lost.consumers.allSatisfy { old in
        best.consumers.first { $0.name == old.name }.map { $0.sequence >= old.sequence } ?? true
      }
  }

  private func judge(_ state: RingState, openedBy best: Superblock) {
    require(disk.violation)
    _ = disk.takeSuperblocks()
    _ = disk.takeGroups()
    let writer = RingWriter(state: state, configuration: configuration, disk: disk, now: now)
    self.writer = writer
    held = state.superblock.consumers.map { _ in [] }
    let ledger = writer.ledger
    tell?(
      "opened from \(best.hint.position), #\(best.hint.group), durable #\(best.durableGroup): head \(state.end.position), next \(state.end.sequence), burned \(state.superblock.burns.map { "\($0.fromPosition) to \($0.toPosition)" }), \(state.report)"
    )
    let jumped = state.report.sequencesJumped
    if jumped > 0 { disk.counts[.sequenceJump] += 1 }
    if state.report.isTailTorn { disk.counts[.openingTorn] += 1 }
    if state.report.eventsQuarantined > 0 { disk.counts[.openingDamaged] += 1 }
    if state.report.burnsFound > 0 { disk.counts[.openingBurned] += 1 }
    var found = state.end.sequence - 1 - jumped
    // An opening that came to no end may have jumped over sequences and said so in its superblock.
    if best.openNumber > openNumber {
      found = model.lastSequence(of: Int(state.superblock.accepted), atMost: found)
    }
    let least = model.sequenceAtLeast(by: best, isOfLostOpening: best.openNumber > openNumber)
    if found < least {
      return fail(
        "sequences up to \(model.durableSequence) were acknowledged, up to \(least) must be found; found \(found) (\(state.report))"
      )
    }
    judgeConsumers(state, openedBy: best)
    openNumber = state.superblock.openNumber
    require(model.reopened(state, by: best, through: found))
    if state.superblock.voids.last?.headSequence == state.superblock.hint.sequence {
      disk.counts[.openingAfterCopies] += 1
    }
    guard failure == nil else { return }
    let known = promised?.refused ?? 0
    if ledger.refused < known || ledger.refused > model.refused {
      fail("refused is \(ledger.refused): not between \(known) and \(model.refused)")
    }
    model.refused = ledger.refused
    let damaged = model.damagedEvents(from: best.hint.sequence - 1, to: found)
    if !damaged.contains(state.report.eventsQuarantined) {
      fail(
        "\(state.report.eventsQuarantined) events are reported damaged; \(damaged) are, behind \(best.hint.sequence); unreadable is \(model.oracle.unreadableNow)"
      )
    }
    judgeLedger()
    openings += 1
    if openings % 4 == 0 { openAgain(writer) }
  }

  /// Those configured have a seat, and no cursor is behind one that was durable.
  private func judgeConsumers(_ state: RingState, openedBy best: Superblock) {
    let records = state.superblock.consumers
    guard records.map(\.name) == configuration.consumers else {
      return fail("the ring has the consumers \(records.map(\.name))")
    }
    for record in records {
      if let before = best.consumers.first(where: { $0.name == record.name }) {
        if record.sequence < before.sequence || record.base != before.base {
          fail("\(record.name) stands at \(record.sequence); \(before.sequence) was durable")
        }
      } else {
        disk.counts[.consumerAdded] += 1
        if record.base != state.superblock.accepted || record.sequence != state.end.sequence
          || record.settled != 0
        {
          fail("\(record.name) is new and does not start at the head")
        }
      }
    }
    disk.counts[.consumerRemoved] += UInt64(
      best.consumers.count { !configuration.consumers.contains($0.name) })
  }

  /// Recovering what was just recovered changes nothing.
  private func openAgain(_ first: RingWriter) {
    guard failure == nil, disk.nextSyncFault == nil, disk.nextWriteFault == nil else { return }
    disk.restart()
    do throws(RingError) {
      let state = try RingOpening.recover(configuration, on: disk)
      let second = RingWriter(state: state, configuration: configuration, disk: disk, now: now)
      let isSame = model.consumers.indices.allSatisfy {
        first.ledger(of: $0) == second.ledger(of: $0)
      }
      if second.head != first.head || !isSame {
        fail("opened twice: \(first.head) \(first.ledger), then \(second.head) \(second.ledger)")
      }
      writer = second
      openNumber = state.superblock.openNumber
      _ = disk.takeSuperblocks()
      _ = disk.takeGroups()
    } catch {
      fail("opened once, and not again: \(error)")
    }
  }

  /// The end of every history: all that waits is delivered, and each event has come to exactly one end.
  func finish() {
    disk.isAway = false
    disk.awayAfter = nil
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
    let ledgers = model.consumers.indices.map { writer.ledger(of: $0) }
    for (index, ledger) in ledgers.enumerated() {
      let book = model.consumers[index]
      if ledger.waiting != 0 || !writer.isAllSettled(consumer: index) {
        fail("events wait that \(book.name) never gets: \(ledger)")
      }
      if book.cursor <= model.durableSequence,
        (book.cursor...model.durableSequence).contains(where: { model.event(at: $0) != nil })
      {
        fail("\(book.name)'s cursor stands at \(book.cursor) of \(model.durableSequence) events")
      }
      if let open = book.ends.firstIndex(where: \.isOpen) {
        fail("event \(model.sequences[open]) never came to an end with \(book.name)")
      }
    }
    let names = model.consumers.map(\.name)
    stopCleanly()
    guard failure == nil, !isOver, let opened = self.writer else { return }
    for (index, book) in model.consumers.enumerated() {
      let before = names.firstIndex(of: book.name).map { ledgers[$0] }
      if let before, opened.ledger(of: index) != before {
        fail("a clean stop changed \(before) to \(opened.ledger(of: index))")
      }
    }
  }

  private func drain() {
    guard let writer else { return }
    writer.recall()
    // Copies may be on their way of which the book has nothing: what they are of waits until they are made or given up.
    for consumer in model.consumers.indices where !(areMovesInDoubt && consumer == 0) {
      for block in held[consumer] { settle(block, Array(block.items.indices), 0, by: consumer) }
      held[consumer] = []
      while failure == nil {
        let leased = writer.lease(
          consumer: consumer, rawBytesMax: 1 << 20, itemsMax: 10_000, now: now)
        if leased.isEmpty { break }
        take(leased, by: writer, for: consumer)
        for block in held[consumer] {
          settle(block, Array(block.items.indices), block.id, by: consumer)
        }
        held[consumer] = []
      }
    }
    judgeLedger()
  }
}
