/// Moving events on: their copies go to the head with the same id and bytes, are made durable, and take over the duty.
extension RingWriter {
  /// Asks for items of a leased block to be set aside, so that others pass. They are not leased again for a while
  /// (longer when their index is parked), or before ``recall()``; if they can not be moved (too much is already, no
  /// room), they are, once the block is released.
  ///
  /// A copy of which all is to be set aside again rests where it is: another would be the same.
  package func relocate(block: UInt64, items: [Int], isParked: Bool = false, now: MonotonicTime) {
    guard configuration.isMovingAllowed else { return }
    let end = now + (isParked ? MoveDesk.restOfParked : MoveDesk.restOfFailing)
    if let entry = consumers[0].tracker.block(block), entry.isCopy, entry.isUntouched,
      Set(items).count == Int(entry.itemCount)
    {
      return consumers[0].tracker.rest(block, until: end)
    }
    moves.ask(block, items, restsUntil: end)
  }

  /// What was set aside may be delivered now, all of it.
  package func recall() {
    consumers[0].tracker.recall()
    moves.recall()
  }

  /// What the ring does of itself: to be called after each commit and before new blocks are taken.
  package func housekeep(now: MonotonicTime, wallMilliseconds: Int64, isStarved: Bool) {
    guard readOnlyReason == nil else {
      giveUpMoves()
      return
    }
    guard !sync.isBurnWanted else { return }
    if configuration.isMovingAllowed {
      relocateWhatHoldsUp(now: now)
      writeRelocations(now: now, wallMilliseconds: wallMilliseconds)
      repackIfWorthwhile(now: now, wallMilliseconds: wallMilliseconds)
    }
    if isStarved, configuration.whenFull == .dropOldest { dropOldest(now: now) }
  }

  private func giveUpMoves() {
    guard !moves.isIdle else { return }
    moves.isIdle = true
    _ = moves.takeRequests()
    let record = consumers[0].record
    if consumers[0].tracker.cancelMoves() { heldRecord = record }
  }

  // MARK: relocation

  private func relocateWhatHoldsUp(now: MonotonicTime) {
    guard moves.requests.isEmpty else { return }
    let passed = consumers[0].tracker.holdingUp(
      since: now - MoveDesk.cursorHeldMax, count: MoveDesk.movedAtOnce, now: now)
    for block in passed {
      guard let entry = consumers[0].tracker.block(block) else { continue }
      moves.ask(
        block, Array(0..<Int(entry.itemCount)),
        restsUntil: entry.restsUntil ?? now + MoveDesk.restOfFailing)
    }
  }

  /// At most a quarter of the ring may be relocated events.
  var isRelocationAllowed: Bool {
    configuration.isMovingAllowed && readOnlyReason == nil && voids.count < RingLayout.voidsMax
      && moves.relocatedBytes(tail: tail.position) < superblock.dataSize / 4
  }

  private func writeRelocations(now: MonotonicTime, wallMilliseconds: Int64) {
    guard !moves.requests.isEmpty, isRelocationAllowed else {
      _ = moves.takeRequests()
      return
    }
    guard let room = roomToMove() else { return }
    closeGroup(wallMilliseconds: wallMilliseconds)
    var draft = MoveDraft(buffer: takeBuffer(), now: now, lengthMax: room)
    var restsUntil = MonotonicTime.distantFuture
    for request in moves.takeRequests() {
      guard consumers[0].tracker.block(request.block)?.isMovable(at: now) == true else {
        consumers[0].tracker.rest(request.block, until: request.restsUntil)
        continue
      }
      guard add(request.block, request.items, to: &draft) else {
        moves.ask(request.block, request.items, restsUntil: request.restsUntil)
        continue
      }
      restsUntil = min(restsUntil, request.restsUntil)
    }
    write(draft, flags: [.data, .relocated], restUntil: restsUntil)
  }

  // MARK: repacking

  private func repackIfWorthwhile(now: MonotonicTime, wallMilliseconds: Int64) {
    let tail = tail
    let isWorthwhile = moves.shouldRepack(
      usedBytes: head.position - tail.position, groups: head.group - tail.group,
      capacityBytes: space.capacityBytes)
    // Others that stand at the tail still need what lies there.
    guard isWorthwhile, isAllDurable, !sync.isInFlight, voids.count < RingLayout.voidsMax,
      consumers.dropFirst().allSatisfy({ $0.record.position > consumers[0].record.position }),
      let room = roomToMove()
    else { return }
    fillWindow(of: 0, now: now)
    var draft = MoveDraft(buffer: takeBuffer(), now: now, lengthMax: room)
    for entry in Array(consumers[0].tracker.openBlocks) {
      // In order, up to the first that is on its way already or has no room.
      guard entry.moving == 0, add(entry.firstSequence, nil, to: &draft) else { break }
    }
    write(draft, flags: [.data, .relocated, .repacked])
  }

  // MARK: both

  /// For one group of copies now; nil: wait for a commit.
  private func roomToMove() -> Int? {
    let largest = groupBytesMax / 2
    guard pendingBytes + largest <= groupBytesMax, space.fits(largest, for: .relocation) else {
      return nil
    }
    return largest
  }

  /// For a block that is larger than what is moved at once.
  private func isRoomAlone(_ lengthBytes: Int) -> Bool {
    pending.isEmpty && space.fits(lengthBytes, for: .relocation)
  }

  /// Reads a block and adds copies of what is open of it. - Returns: false: the draft is full.
  private func add(_ block: UInt64, _ items: [Int]?, to draft: inout MoveDraft) -> Bool {
    guard let entry = consumers[0].tracker.block(block), let place = entry.place else {
      return true
    }
    let storedMax = compressor.boundBytes(Int(place.row.rawLengthBytes))
    let itemCount = Int(entry.itemCount)
    guard
      draft.hasRoom(for: storedMax, itemCount: itemCount)
        || draft.isEmpty && isRoomAlone(draft.lengthBytes(adding: storedMax, itemCount: itemCount))
    else { return false }
    let leased = LeasedBlock(place: place, settled: nil)
    guard let stored = LeasedBlockReader.read(leased, on: disk), let raw = stored.rawBytes else {
      if disk.isReadable { quarantine(block) }
      return true
    }
    let isWhole = entry.isUntouched && items == nil
    let moving = consumers[0].tracker.startMoving(block, items)
    moves.isIdle = false
    if isWhole, place.row.codec == .deflate {
      draft.append(stored, row: place.row, written: entry.writtenMilliseconds, compressor)
    } else {
      draft.append(moving, of: stored, raw: raw, written: entry.writtenMilliseconds, compressor)
    }
    return true
  }

  private func write(
    _ draft: consuming MoveDraft, flags: GroupHeader.Flags, restUntil: MonotonicTime? = nil
  ) {
    let written = draft.oldestWrittenMilliseconds
    let group = draft.finish(compressor)
    guard group.blockCount > 0 else { return giveBack(group.buffer) }
    if flags.contains(.repacked) {
      counters.eventsRepacked += UInt64(group.eventCount)
    } else {
      counters.eventsRelocated += UInt64(group.eventCount)
    }
    write(group, flags: flags, wallMilliseconds: written)
    guard let header = pending.last?.header else { return }
    moves.found(header)
    if let restUntil { moves.wroteCopies(from: header.firstSequence, restUntil: restUntil) }
  }

  // MARK: drop_oldest

  /// Gives up the oldest groups until a few new ones fit; the space is free with the next superblock.
  private func dropOldest(now: MonotonicTime) {
    guard !isTailAhead, !sync.isInFlight, isAllDurable else { return }
    let wanted = tail.position + UInt64(groupBytesMax)
    var dropped: UInt64 = 0
    for index in consumers.indices {
      while consumers[index].record.position < min(wanted, durable.position) {
        fillWindow(of: index, now: now)
        let before = consumers[index].record.position
        guard let lost = consumers[index].tracker.drop(before: wanted) else { break }
        if index == 0 { dropped += lost }
        if consumers[index].record.position == before { break }
      }
    }
    moves.dropped += dropped
    if dropped > 0, moves.lastDropTold.map({ now.since($0) >= .seconds(10) }) ?? true {
      Log.error(
        "The ring is full: its oldest events make room for new ones and are counted as dropped (ring.when_full)",
        ("events", "\(moves.dropped)"))
      moves.lastDropTold = now
      moves.dropped = 0
    }
  }
}
