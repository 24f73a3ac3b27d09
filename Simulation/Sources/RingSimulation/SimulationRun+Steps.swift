import LogPipeline

/// What each kind of step does.
extension SimulationRun {
  func perform(_ step: SimulationStep) {
    var random = SeededRandom(seed: step.entropy)
    switch step.kind {
    case .append: append(&random)
    case .close: closeGroup()
    case .beginSync: beginSync(isStarved: random.below(3) == 0)
    case .endSync: endSync()
    case .commit: commit(isStarved: random.below(2) == 0)
    case .lease: lease(&random)
    case .settle: settle(&random)
    case .release: release(&random)
    case .pass: pass(&random)
    case .refuse: refuse(UInt64(random.below(100)))
    case .burst: burst(&random)
    case .relocate: relocate(&random)
    case .housekeep: housekeep(isStarved: random.below(4) == 0)
    case .quarantine: quarantine(&random)
    case .reseat: reseat(&random)
    case .ahead: ahead(&random)
    default: disturb(step.kind, &random)
    }
  }

  /// The faults, and the ends of the process.
  private func disturb(_ kind: SimulationStep.Kind, _ random: inout SeededRandom) {
    switch kind {
    case .powerCut: restart(powerCut: true)
    case .kill:
      disk.counts[.kill] += 1
      restart(powerCut: false)
    case .stopLater:
      disk.stopAtStep = disk.steps + 1 + random.below(12)
      endsInPowerCut = random.below(3) > 0
    case .stopInRecovery:
      stepsOfNextRecovery = 1 + random.below(6)
      endsInPowerCut = random.below(3) > 0
    case .cleanStop: stopCleanly()
    case .syncFault: disk.nextSyncFault = syncFault(&random)
    case .lie:
      disk.nextSyncFault = [.liesDropped, .liesVolatile, .misdirects][random.below(3)]
    case .writeFault:
      let fault: WriteFault = [.error, .outOfSpace, .short][random.below(3)]
      disk.nextWriteFault = (fault, random.below(4))
    case .rot: rot(&random)
    case .unreadable: makeUnreadable(&random)
    case .away:
      disk.counts[.diskAway] += 1
      disk.isAway.toggle()
    case .awaySoon: disk.awayAfter = 1 + random.below(6)
    case .slow:
      disk.slowWrite = (1 + random.below(4), .milliseconds(10 << random.below(14)))
    case .writeBack: disk.writeBack()
    case .wreck: wreckSuperblocks(&random)
    default: disk.isCacheHeld.toggle()
    }
  }

  /// Closes and commits until nothing is left to do.
  func commit(isStarved: Bool) {
    housekeep(isStarved: isStarved)
    closeGroup()
    look()
    for _ in 0..<3 {
      beginSync(isStarved: isStarved)
      endSync()
      look()
    }
  }

  private func append(_ random: inout SeededRandom) {
    guard writer != nil else { return }
    let count: Int
    let most: Int
    switch random.below(plan.isLarge ? 8 : 6) {
    case 0, 1: (count, most) = (1 + random.below(4), 200)
    case 2, 3: (count, most) = (1 + random.below(12), 1200)
    case 4: (count, most) = (1, 3700 + random.below(500))
    case 5: (count, most) = (1 + random.below(3), 9000)
    case 6: (count, most) = (4 + random.below(20), 4000)
    // The largest that may fit.
    default: (count, most) = (1, min(Int(plan.sizeBytes) / 2, 1 << 20))
    }
    let lengths = (0..<count).map { _ in UInt32(20 + random.below(most - 19)) }
    if !offer(lengths, intake: random.below(2)), random.below(2) == 0 { commit(isStarved: true) }
  }

  private func offer(_ lengths: [UInt32], intake: Int) -> Bool {
    guard let writer else { return false }
    let block = model.newBlock(lengths, intake: intake)
    guard writer.append(block, now: now) else { return false }
    model.offered(block)
    return true
  }

  /// Many small blocks, each in a group of its own or all in few, until the ring is full or enough.
  private func burst(_ random: inout SeededRandom) {
    let isPacked = random.below(4) == 0
    for _ in 0..<(isPacked ? 60 + random.below(200) : 5 + random.below(40)) {
      guard failure == nil, writer != nil, writer?.readOnlyReason == nil else { return }
      let lengths = [UInt32(20 + random.below(isPacked ? 10 : 300))]
      if !offer(lengths, intake: 0) {
        commit(isStarved: true)
        if !offer(lengths, intake: 0) { return }
      }
      if !isPacked { closeGroup() }
      if random.below(6) == 0 { commit(isStarved: false) }
      look()
    }
  }

  // MARK: Consumers

  /// One of them; some are seldom there.
  private func consumer(_ random: inout SeededRandom) -> Int {
    let chosen = random.below(max(1, held.count))
    return plan.lazyConsumers >> UInt64(chosen) & 1 == 1 && random.below(4) > 0 ? 0 : chosen
  }

  private func lease(_ random: inout SeededRandom) {
    let consumer = consumer(&random)
    guard let writer, !held.isEmpty, held[consumer].count < 64, !(areMovesInDoubt && consumer == 0)
    else { return }
    let leased = writer.lease(
      consumer: consumer, rawBytesMax: [1, 3000, 40_000, 1 << 20][random.below(4)],
      itemsMax: 1 + random.below(60), now: now)
    take(leased, by: writer, for: consumer)
    judgeLedger()
  }

  /// Reads them as a sender does.
  func take(_ leased: [LeasedBlock], by writer: RingWriter, for consumer: Int) {
    for block in leased {
      let id = block.place.firstSequence
      if held[consumer].contains(where: { $0.id == id }) { fail("block \(id) was leased twice") }
      if let read = LeasedBlockReader.read(block, on: disk) {
        require(model.objection(to: read, of: consumer))
        held[consumer].append(read)
      } else if disk.isReadableNow {
        require(model.quarantined(block.place, by: consumer))
        writer.quarantine(id, consumer: consumer)
      } else {
        writer.release([id], consumer: consumer)
      }
    }
  }

  private func settle(_ random: inout SeededRandom) {
    let consumer = consumer(&random)
    guard !held.isEmpty, !held[consumer].isEmpty, !(areMovesInDoubt && consumer == 0) else {
      return
    }
    let block = held[consumer][random.below(held[consumer].count)]
    // All, or a part; some say it twice.
    let oneOf = [1, 1, 1, 2, 3, 7][random.below(6)]
    let chosen = block.items.indices.filter { oneOf == 1 || ($0 + block.items.count) % oneOf != 0 }
    settle(block, chosen, random.next(), by: consumer)
    judgeLedger()
    if oneOf == 1 { held[consumer].removeAll { $0.id == block.id } }
  }

  func settle(_ block: StoredBlock, _ chosen: [Int], _ entropy: UInt64, by consumer: Int) {
    let outcomes: [ItemOutcome] = [.delivered, .delivered, .duplicate, .deadLettered]
    let items = chosen.map { index in
      let outcome = outcomes[Int(entropy >> UInt64(index & 31) & 3)]
      model.settled(block.firstSequence + UInt64(index), outcome.rawValue + 1, by: consumer)
      return Settlement.Item(index: index, outcome: outcome)
    }
    writer?.settle(Settlement(block: block.id, items: items), consumer: consumer)
  }

  private func release(_ random: inout SeededRandom) {
    let consumer = consumer(&random)
    guard !held.isEmpty, !held[consumer].isEmpty else { return }
    let given =
      random.below(2) == 0
      ? [held[consumer][random.below(held[consumer].count)]] : held[consumer]
    give(back: given, by: consumer)
  }

  func releaseAll() {
    for consumer in held.indices { give(back: held[consumer], by: consumer) }
  }

  private func give(back given: [StoredBlock], by consumer: Int) {
    writer?.release(given.map(\.id), consumer: consumer)
    held[consumer].removeAll { block in given.contains { $0.id == block.id } }
  }

  /// Some of a held block's items are set aside, as for an index that is parked.
  private func relocate(_ random: inout SeededRandom) {
    guard let writer, let mine = held.first, !mine.isEmpty else { return }
    let block = mine[random.below(mine.count)]
    let oneOf = 1 + random.below(3)
    let items = block.items.indices.filter { ($0 + block.items.count) % oneOf == 0 }
    writer.relocate(block: block.id, items: items, isParked: oneOf == 2, now: now)
    if random.below(2) == 0 { give(back: [block], by: 0) }
    if random.below(2) == 0 { housekeep(isStarved: false) }
    if random.below(3) == 0 { writer.recall() }
  }

  /// A block whose bytes can not be inflated, say: the consumer gives it up.
  private func quarantine(_ random: inout SeededRandom) {
    let consumer = consumer(&random)
    guard let writer, !held.isEmpty, !held[consumer].isEmpty, !(areMovesInDoubt && consumer == 0)
    else { return }
    let block = held[consumer].remove(at: random.below(held[consumer].count))
    disk.counts[.pretendedDamage] += 1
    model.givenUp(block, by: consumer)
    writer.quarantine(block.id, consumer: consumer)
    judgeLedger()
  }

  /// Who reads the ring after the next start.
  private func reseat(_ random: inout SeededRandom) {
    let others = Self.consumerNames.dropFirst().filter { _ in random.below(2) == 0 }
    configuration.consumers = [Self.consumerNames[0]] + others
  }

  /// The next opening hears of sequences that a consumer with its own store has seen.
  private func ahead(_ random: inout SeededRandom) {
    let known = model.writtenSequence + UInt64(random.below(12))
    configuration.lastKnownSequence = { _ in known }
  }

  // MARK: The ring's own work

  func housekeep(isStarved: Bool) {
    guard let writer, failure == nil else { return }
    let before = held.indices.map { writer.ledger(of: $0) }
    let writesFailed = disk.writesFailed
    let isReadOnly = writer.readOnlyReason != nil
    writer.housekeep(now: now, wallMilliseconds: 1_800_000_000_000, isStarved: isStarved)
    if disk.writesFailed != writesFailed { areMovesInDoubt = true }
    noteGroups()
    if isReadOnly { forgetMoves() }
    noteLosses(since: before, writer)
    look()
    judgeLedger()
  }

  private func forgetMoves() {
    let moving = model.movesCancelled(in: openNumber)
    if areMovesInDoubt { give(back: held[0], by: 0) }
    areMovesInDoubt = false
    held[0].removeAll { block in
      moving.contains {
        $0 >= block.firstSequence && $0 < block.firstSequence + UInt64(block.items.count)
      }
    }
  }

  /// Damage that it met when it read what it wanted to move, and what it dropped to make room.
  private func noteLosses(since before: [Ledger], _ writer: RingWriter) {
    let places = writer.snapshot(isStarved: false).consumers.map(\.behindBytes)
    for index in before.indices where failure == nil {
      let after = writer.ledger(of: index)
      if after.quarantined > before[index].quarantined {
        give(back: held[index].filter { model.isDamaged($0) }, by: index)
      }
      guard after.dropped > before[index].dropped else { continue }
      disk.counts[.droppedEvents] += after.dropped - before[index].dropped
      let claimed = after.dropped - before[index].dropped
      let dropped = model.dropped(
        before: writer.head.position - places[index], claimed: claimed, for: index)
      if claimed > dropped {
        fail("\(claimed) events are dropped, only \(dropped) waited there")
      }
    }
  }

  // MARK: Time and faults

  private func pass(_ random: inout SeededRandom) {
    let span: Duration =
      switch random.below(4) {
      case 0: .milliseconds(1 + random.below(20))
      case 1: .milliseconds(900 + random.below(400))
      case 2: .seconds(1 + random.below(120))
      default: .seconds(3600 * (1 + random.below(8)))
      }
    now = now + span
  }

  private func refuse(_ count: UInt64) {
    writer?.refused += count
    model.refused += count
  }

  private func rot(_ random: inout SeededRandom) {
    guard let place = place(&random) else { return }
    disk.rot(at: place, bit: UInt8(random.below(8)), isCached: random.below(2) == 0)
  }

  /// A bit of each; what the kernel has in memory may still be whole, and be written over it.
  private func wreckSuperblocks(_ random: inout SeededRandom) {
    disk.counts[.superblocksWrecked] += 1
    for offset in RingLayout.superblockOffsets {
      disk.rot(
        at: Int(offset) + random.below(RingLayout.pageBytes), bit: UInt8(random.below(8)),
        isCached: random.below(8) == 0)
    }
    restart(powerCut: random.below(2) == 0)
  }

  private func makeUnreadable(_ random: inout SeededRandom) {
    if !disk.unreadable.isEmpty, random.below(2) == 0 {
      disk.unreadable = 0..<0
      return
    }
    guard let place = place(&random) else { return }
    let sector = UInt64(SimulatedDisk.sectorBytes)
    let start = UInt64(place) / sector * sector
    disk.unreadable = start..<start + sector
    model.oracle.everUnreadable.append(disk.unreadable)
    disk.counts[.unreadableSector] += 1
  }

  /// Somewhere in a group that was written; now and then in a superblock.
  private func place(_ random: inout SeededRandom) -> Int? {
    if random.below(8) == 0 {
      return Int(RingLayout.superblockOffsets[random.below(2)]) + random.below(1500)
    }
    guard !model.groups.isEmpty else { return nil }
    let mark = model.groups[random.below(model.groups.count)].mark
    let start = model.oracle.physical(mark.position)
    return random.below(3) == 0
      ? start + random.below(GroupMark.headerBytes)
      : start + random.below(mark.isSkip ? GroupMark.headerBytes : Int(mark.lengthBytes))
  }

  private func syncFault(_ random: inout SeededRandom) -> SyncFault {
    let isOutOfSpace = random.below(3) == 0
    let shows: SyncFault.Cache = [.markedClean, .markedClean, .staysDirty, .reverted][
      random.below(4)]
    return .fails(shows, isOutOfSpace: isOutOfSpace)
  }
}
