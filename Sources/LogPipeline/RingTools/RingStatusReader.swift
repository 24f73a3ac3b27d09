/// Reads a ring's headers, without its lock and without changing anything.
package enum RingStatusReader {
  /// The rate is that of the last minute.
  private static let recentMilliseconds: UInt64 = 60_000

  /// - Throws: when it is no ring, or can not be read.
  package static func read(
    _ view: RingView, clock: any Clock
  ) throws(RingToolError) -> RingStatus {
    var status = try look(view, clock)
    // What an agent freed while the log was read looks like damage: another look, at another moment.
    for _ in 0..<3 where status.isInUse && !status.isBalanced { status = try look(view, clock) }
    return status
  }

  private static func look(
    _ view: RingView, _ clock: any Clock
  ) throws(RingToolError) -> RingStatus {
    let isInUse = view.isInUse
    let superblock = try view.superblock()
    let end =
      isInUse ? RingEnd.seen(superblock, of: view) : try RingEnd.judged(superblock, of: view)
    var status = RingStatus(
      path: view.path, sizeBytes: view.sizeBytes,
      nowMilliseconds: UInt64(clamping: clock.wallMilliseconds()))
    status.isInUse = isInUse
    status.isTailTorn = end.report?.isTailTorn ?? false
    status.wasClosedCleanly = superblock.flags & Superblock.flagClosedCleanly != 0
    status.openings = superblock.openNumber
    let space = RingSpace(
      dataSize: superblock.dataSize,
      groupBytesMax: RingLayout.groupBytesMax(fileBytes: superblock.dataEnd),
      head: end.anchor.position, durableTail: superblock.tail.position)
    status.usedBytes = end.anchor.position - superblock.tail.position
    status.reserveBytes = space.reserveBytes
    status.freeBytes = space.freeBytes
    status.accepted = superblock.accepted + end.anchor.accepted(since: superblock.hint)
    status.refused = end.refused
    status.consumers = superblock.consumers.map { record in
      RingStatus.Consumer(
        record: record,
        waiting: status.accepted - min(status.accepted, record.base + record.settled))
    }
    walk(superblock, end, view, into: &status)
    return status
  }

  private static func walk(
    _ superblock: Superblock, _ end: RingEnd, _ view: RingView, into status: inout RingStatus
  ) {
    let waiting = WaitingEvents(superblock, end: end.anchor)
    let recentFrom = status.nowMilliseconds - min(status.nowMilliseconds, recentMilliseconds)
    var walk = RingWalk(fromTailOf: superblock, burns: end.burns, of: view)
    while true {
      switch walk.step(to: end.anchor) {
      case .end: return
      case .skip, .burned: continue
      case .lost(let start, let next, _):
        status.unreadable += waiting.lost(from: start, to: next)
      case .group(let header):
        if header.writtenMilliseconds >= recentFrom {
          status.recentBytes += UInt64(header.lengthBytes)
          if status.recentFromMilliseconds == nil {
            status.recentFromMilliseconds = header.writtenMilliseconds
          }
        }
        // Only of copies the tables are wanted: which of them count.
        let isCopies = header.flags.contains(.relocated)
        let origins = isCopies ? GroupCheck(header, superblock, of: view).tables?.origins : []
        guard let origins else {
          status.unreadable += waiting.count(
            header.firstSequence..<header.end.sequence, origins: [])
          continue
        }
        count(header, origins, waiting, into: &status)
      }
    }
  }

  private static func count(
    _ header: GroupHeader, _ origins: [UInt64], _ waiting: WaitingEvents,
    into status: inout RingStatus
  ) {
    var isWaitedFor = false
    let sequences = header.firstSequence..<header.end.sequence
    for index in status.consumers.indices {
      let found = waiting.count(sequences, origins: origins, for: index)
      guard found > 0 else { continue }
      isWaitedFor = true
      status.consumers[index].found += found
      if status.consumers[index].oldestMilliseconds == nil {
        status.consumers[index].oldestMilliseconds = header.writtenMilliseconds
      }
    }
    if isWaitedFor {
      status.groups += 1
      status.rawBytes += header.rawBytes
      status.storedBytes += UInt64(header.lengthBytes)
    }
  }
}
