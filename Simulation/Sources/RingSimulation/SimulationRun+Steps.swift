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
    case .writeBack: disk.writeBack()
    default: disk.isCacheHeld.toggle()
    }
  }

  /// Closes and commits until nothing is left to do.
  func commit(isStarved: Bool) {
    closeGroup()
    look()
    for _ in 0..<3 {
      beginSync(isStarved: isStarved)
      endSync()
      look()
    }
  }

  private func append(_ random: inout SeededRandom) {
    guard let writer else { return }
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
    let block = model.newBlock(lengths, intake: random.below(2))
    if writer.append(block, now: now) {
      model.offered(block)
    } else if random.below(2) == 0 {
      commit(isStarved: true)
    }
  }

  private func lease(_ random: inout SeededRandom) {
    guard let writer, held.count < 64 else { return }
    let leased = writer.lease(
      rawBytesMax: [1, 3000, 40_000, 1 << 20][random.below(4)], itemsMax: 1 + random.below(60),
      now: now)
    take(leased, by: writer)
    judgeLedger()
  }

  /// Reads them as a sender does.
  func take(_ leased: [LeasedBlock], by writer: RingWriter) {
    for block in leased {
      let id = block.place.firstSequence
      if held.contains(where: { $0.id == id }) { fail("block \(id) was leased twice") }
      if let read = LeasedBlockReader.read(block, on: disk) {
        require(model.objection(to: read))
        held.append(read)
      } else if disk.isReadableNow {
        require(model.quarantined(blockAt: Int(id) - 1))
        writer.quarantine(id)
      } else {
        writer.release([id])
      }
    }
  }

  private func settle(_ random: inout SeededRandom) {
    guard !held.isEmpty else { return }
    let block = held[random.below(held.count)]
    // All, or a part; some say it twice.
    let oneOf = [1, 1, 1, 2, 3, 7][random.below(6)]
    let chosen = block.items.indices.filter { oneOf == 1 || ($0 + block.items.count) % oneOf != 0 }
    settle(block, chosen, random.next())
    judgeLedger()
    if oneOf == 1 { held.removeAll { $0.id == block.id } }
  }

  func settle(_ block: StoredBlock, _ chosen: [Int], _ entropy: UInt64) {
    let outcomes: [ItemOutcome] = [.delivered, .delivered, .duplicate, .deadLettered]
    let items = chosen.map { index in
      let outcome = outcomes[Int(entropy >> UInt64(index & 31) & 3)]
      model.settled(Int(block.firstSequence) - 1 + index, outcome.rawValue + 1)
      return Settlement.Item(index: index, outcome: outcome)
    }
    writer?.settle(Settlement(block: block.id, items: items))
  }

  private func release(_ random: inout SeededRandom) {
    guard !held.isEmpty else { return }
    let given = random.below(2) == 0 ? [held[random.below(held.count)]] : held
    writer?.release(given.map(\.id))
    held.removeAll { block in given.contains { $0.id == block.id } }
  }

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
