/// Group commit: what becomes durable when, and what a failed fdatasync does.
extension RingWriter {
  /// Superblocks are written at most this often, unless freed space is waited for.
  static let superblockInterval = Duration.seconds(1)

  /// Writes what belongs to the next commit. True: call fdatasync now, then ``endSync(error:took:now:)``.
  /// `isStarved`: a block waits for space, so a tail that moved is made durable at once. `isClosing`: always with a
  /// superblock.
  package func beginSync(now: MonotonicTime, isStarved: Bool = false, isClosing: Bool = false)
    -> Bool
  {
    guard !sync.isInFlight else { return false }
    repairWhatFailed()
    let written =
      isSuperblockDue(now: now, isStarved: isStarved) || isClosing
      ? writeSuperblock(isClosing: isClosing, now: now) : nil
    let groups = readOnlyReason == nil ? pending.count : 0
    guard groups > 0 || written != nil else { return false }
    sync.began(
      groups: groups, superblock: written, now: now, interval: configuration.commitInterval)
    return true
  }

  /// The answer of the fdatasync: each intake's newest durable ticket, of those that moved.
  package func endSync(
    error: SystemError?, took: Duration, now: MonotonicTime
  ) -> [IntakeTicket] {
    counters.lastSync = took
    counters.longestSync = max(counters.longestSync, took)
    if let error {
      fail(error)
      return []
    }
    let groups = pending.prefix(sync.groupsInFlight ?? 0)
    let superblockOnDisk = sync.superblockInFlight
    sync.succeeded()
    if let superblockOnDisk {
      superblock = superblockOnDisk
      nextSlot = 1 - nextSlot
      space.release(upTo: superblockOnDisk.tail.position)
      pruneBurns()
    }
    return becameDurable(groups)
  }

  /// When the next commit may begin; nil: nothing to commit, or one runs.
  package func nextSyncDue(isStarved: Bool) -> MonotonicTime? {
    guard !sync.isInFlight else { return nil }
    if readOnlyReason == nil, !pending.isEmpty || sync.isBurnWanted {
      return isStarved || sync.isBurnWanted ? sync.nextSyncAt : commitDue
    }
    guard isSuperblockStale else { return nil }
    return isStarved && isTailAhead
      ? sync.nextSyncAt : max(sync.nextSyncAt, sync.lastSuperblockAt + Self.superblockInterval)
  }

  /// How long a group waits for another one, so that one fdatasync does for both.
  ///
  /// Not multiplied: that takes as long as writing a group's header.
  var commitPatience: Duration { configuration.commitInterval + configuration.commitInterval }

  /// Of the groups that wait.
  private var commitDue: MonotonicTime {
    guard let oldest = pending.first, !pending.contains(where: \.isUrgent) else {
      return sync.nextSyncAt
    }
    let patience = pending.count > 1 ? configuration.commitInterval : commitPatience
    return max(sync.nextSyncAt, oldest.openedAt + patience)
  }

  /// Forgets what lies behind the cursor, as the next superblock has it.
  func pruneBurns() {
    let tail = tail.position
    burns.removeAll { $0.toPosition <= tail }
    let cursor = records[0].sequence
    voids.removeAll { $0.headSequence <= cursor }
  }

  private func becameDurable(_ groups: ArraySlice<WrittenGroup>) -> [IntakeTicket] {
    guard let last = groups.last else { return [] }
    var moved: [IntakeTicket] = []
    for group in groups {
      if group.origins.isEmpty {
        accepted += UInt64(group.header.eventCount)
      } else {
        consumers[0].tracker.finishMoves(group.origins)
      }
      if let buffer = group.buffer { giveBack(buffer) }
      for ticket in group.tickets {
        moved.removeAll { $0.intake == ticket.intake }
        moved.append(ticket)
      }
    }
    invariant(
      last.header.group >= durable.group && last.header.position >= durable.position,
      "what is durable only grows")
    durable = last.header.end
    pending.removeFirst(groups.count)
    if let burn = sync.burnInDoubt {
      burns.append(burn)
      sync.burnInDoubt = nil
    }
    for ticket in moved {
      while durableTickets.count <= ticket.intake { durableTickets.append(0) }
      durableTickets[ticket.intake] = ticket.ticket
    }
    return moved
  }

  /// Until nothing failed any more, or the second failure in a row made it read-only.
  private func repairWhatFailed() {
    while readOnlyReason == nil {
      if !sync.isBurnWanted {
        guard let failure = sync.takeWriteFailure() else { return }
        fail(failure)
      }
      if sync.isBurnWanted { writeAgain() }
    }
  }

  private func fail(_ error: SystemError) {
    counters.syncsFailed += 1
    let wasReadOnly = readOnlyReason != nil
    sync.failed(error)
    if wasReadOnly { return }
    Log.error(
      "The ring's disk refused a commit: nothing was acknowledged, the events are still held",
      ("error", "\(error)"), ("groups", "\(pending.count)"))
    if let reason = readOnlyReason { tellReadOnly(reason) }
  }

  private func writeAgain() {
    sync.beginBurn()
    if burn() { return }
    sync.becomeReadOnly("no room to write again what a failed commit left in doubt")
    if let reason = readOnlyReason { tellReadOnly(reason) }
  }

  private func tellReadOnly(_ reason: String) {
    Log.error(
      "The ring takes in no more events; what it holds is still delivered. Check the disk, then restart",
      ("reason", reason))
  }

  /// Of the slowest consumer: nothing before it is needed any more.
  var tail: RingAnchor {
    var slowest = heldRecord?.anchor ?? consumers[0].record.anchor
    for index in consumers.indices.dropFirst() {
      let anchor = consumers[index].record.anchor
      if anchor.position < slowest.position { slowest = anchor }
    }
    return slowest
  }

  /// As the next superblock has them.
  var records: [ConsumerRecord] {
    var records = consumers.map(\.record)
    if let heldRecord { records[0] = heldRecord }
    return records
  }

  var isTailAhead: Bool { tail.position > superblock.tail.position }

  private var isSuperblockStale: Bool {
    durable.position != superblock.hint.position || refused != superblock.refused
      || zip(records, superblock.consumers).contains { $0.sequence != $1.sequence } || isTailAhead
  }

  private func isSuperblockDue(now: MonotonicTime, isStarved: Bool) -> Bool {
    if now >= sync.lastSuperblockAt + Self.superblockInterval { return isSuperblockStale }
    return isStarved && isTailAhead
  }

  /// Into the slot that does not hold the newest good one. nil: the disk refused; it is tried again later.
  private func writeSuperblock(isClosing: Bool, now: MonotonicTime) -> Superblock? {
    pruneBurns()
    var next = superblock
    next.generation += 1
    next.flags = superblock.flags & Superblock.flagJumped
    if isClosing, isAllDurable { next.flags |= Superblock.flagClosedCleanly }
    next.tail = tail
    next.hint = durable
    next.durableGroup = durable.group - 1
    next.accepted = accepted
    next.refused = refused
    next.burns = burns
    next.voids = voids
    next.openings = LogOpening.pruned(superblock.openings, tail: next.tail.position)
    next.consumers = records
    do throws(SystemError) {
      try disk.write(next.encoded(), at: RingLayout.superblockOffsets[nextSlot])
      return next
    } catch {
      sync.superblockFailed(now: now, wait: Self.superblockInterval)
      Log.error(
        "The ring's superblock could not be written; the other one is whole, trying again",
        ("error", "\(error)"))
      return nil
    }
  }
}
