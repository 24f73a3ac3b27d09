/// The ring's heart: alone gives sequences, and owns head, tail, cursor and every write. One thread calls it.
///
/// It never waits: `beginSync` says when a fdatasync is wanted, somebody else does it, `endSync` takes the answer. So
/// the whole of it can be driven step by step over a simulated disk.
package final class RingWriter {
  let disk: any Disk
  let configuration: RingConfiguration
  let groupBytesMax: Int
  let report: RecoveryReport

  // The log.
  package private(set) var head: RingAnchor
  var space: RingSpace
  let compressor: BlockCompressor
  private var draft: GroupDraft?
  private var buffers: [GroupBuffer] = []
  /// When the first event of the newest group came.
  private var newestOpenedAt: MonotonicTime
  /// Frames refused at the inputs; whoever counts them adds here.
  package var refused: UInt64

  // Commits; see RingWriter+Commit.
  /// Written, not durable, oldest first.
  var pending: [WrittenGroup] = []
  /// Behind the last durable group.
  var durable: RingAnchor
  var accepted: UInt64
  var durableTickets: [UInt64] = []
  var sync: CommitState
  var superblock: Superblock
  var nextSlot: Int

  // Delivery; see RingWriter+Delivery.
  /// The first is the primary.
  var consumers: [RingConsumer]
  var burns: [BurnedRange]
  /// Oldest first.
  var voids: [VoidedCopies]

  // Moving events on; see RingWriter+Moves.
  var moves = MoveDesk()
  /// The primary's record from the moment on when copies could not be made durable and were given up: they may be on
  /// disk all the same. With this record the originals come again after a restart, and those copies are void.
  var heldRecord: ConsumerRecord?

  var counters = RingSnapshot()

  package init(
    state: RingState, configuration: RingConfiguration, disk: any Disk, now: MonotonicTime
  ) {
    self.disk = disk
    self.configuration = configuration
    let superblock = state.superblock
    groupBytesMax = RingLayout.groupBytesMax(fileBytes: superblock.dataEnd)
    report = state.report
    head = state.end
    durable = state.end
    space = RingSpace(
      dataSize: superblock.dataSize, groupBytesMax: groupBytesMax, head: state.end.position,
      durableTail: superblock.tail.position)
    compressor = BlockCompressor(
      configuration.compression, level: configuration.compressionLevel)
    refused = superblock.refused
    accepted = superblock.accepted
    self.superblock = superblock
    nextSlot = state.nextSlot
    sync = CommitState(now: now)
    newestOpenedAt = now
    burns = superblock.burns
    voids = superblock.voids
    consumers = superblock.consumers.enumerated().map { index, record in
      RingConsumer(record: record, of: superblock, isPrimary: index == 0)
    }
  }

  package var fileId: UInt64 { superblock.fileId }

  /// Why nothing is taken in any more.
  package var readOnlyReason: String? { sync.readOnlyReason }

  /// When the open group must close; nil: none is open, or none may be written now.
  ///
  /// Not later than a commit may begin: what waits beyond that would wait for the one after it.
  package var groupDeadline: MonotonicTime? {
    guard let draft, !sync.isBurnWanted, readOnlyReason == nil else { return nil }
    let latest = draft.openedAt + configuration.groupDelay
    guard !sync.isInFlight else { return latest }
    var commit = max(draft.openedAt, sync.nextSyncAt)
    if let oldest = pending.first, !draft.isAwaited {
      commit = max(commit, oldest.openedAt + configuration.commitInterval)
    }
    return min(latest, commit)
  }

  /// Whether nothing is left that was taken in and is not durable.
  package var isAllDurable: Bool { draft == nil && pending.isEmpty }

  /// Takes the block into the open group, or says that there is no room now: wait for a commit or for freed space.
  package func append(_ block: RawBlock, now: MonotonicTime) -> Bool {
    invariant(
      !block.items.isEmpty && block.bytes.count <= RingLayout.blockBytesMax,
      "a block holds at least one event and at most \(RingLayout.blockBytesMax) bytes")
    guard readOnlyReason == nil, !sync.isBurnWanted else { return false }
    let storedMax = compressor.boundBytes(block.bytes.count)
    if let open = draft,
      open.blockCount >= RingLayout.groupBlocksMax
        || open.lengthBytes(adding: storedMax, itemCount: block.items.count) > groupBytesMax
    {
      return false
    }
    let group = draft ?? GroupDraft(buffer: takeBuffer(), openedAt: now)
    let length = group.lengthBytes(adding: storedMax, itemCount: block.items.count)
    guard space.fits(length), pendingBytes + length <= max(groupBytesMax, length) else {
      if draft == nil { giveBack(group.buffer) }
      return false
    }
    group.append(block, with: compressor)
    draft = group
    return true
  }

  /// Writes the open group. Its events are not accepted before a commit that begins after this.
  package func closeGroup(wallMilliseconds: Int64) {
    guard let group = draft, !sync.isBurnWanted, readOnlyReason == nil else { return }
    draft = nil
    counters.rawBytesWritten += UInt64(group.rawBytes)
    counters.storedBytesWritten += UInt64(group.storedBytes)
    write(group, flags: .data, wallMilliseconds: UInt64(clamping: wallMilliseconds))
  }

  /// Of copies always: what they free is wanted.
  private func isUrgent(_ group: GroupDraft) -> Bool {
    defer { newestOpenedAt = group.openedAt }
    return group.isAwaited || !group.origins.isEmpty
      || group.openedAt >= newestOpenedAt + commitPatience + configuration.commitInterval
  }

  /// Writes a group whose blocks are complete.
  func write(_ group: GroupDraft, flags: GroupHeader.Flags, wallMilliseconds: UInt64) {
    let (tablesAt, tablesCrc) = group.finish()
    write(
      buffer: group.buffer, tickets: group.tickets, origins: group.origins, flags: flags,
      openedAt: group.openedAt, isUrgent: isUrgent(group), wallMilliseconds: wallMilliseconds
    ) { header in
      header.blockCount = UInt16(group.blockCount)
      header.eventCount = UInt32(group.eventCount)
      header.tablesAt = UInt32(tablesAt)
      header.tablesCrc = tablesCrc
      header.rawBytes = UInt64(group.rawBytes)
    }
  }

  /// Writes all groups that wait for a commit again, behind the head, because the commit failed.
  /// - Returns: false when there is no room for them, or too many such ranges already.
  func burn() -> Bool {
    let burned = pending
    let from = durable
    pruneBurns()
    guard burns.count < RingLayout.burnsMax else { return false }
    pending = []
    (head.sequence, head.relocated, head.chain) = (from.sequence, from.relocated, from.chain)
    var flags: GroupHeader.Flags = [.burn]
    for old in burned {
      guard let buffer = old.buffer else { continue }
      guard space.fits(buffer.count, for: .failedCommit) else { return false }
      write(
        buffer: buffer, tickets: old.tickets, origins: old.origins,
        flags: flags.union(old.header.flags.subtracting(.burn)),
        burnFrom: flags.isEmpty ? 0 : from.position, openedAt: old.openedAt,
        isUrgent: old.isUrgent,
        wallMilliseconds: old.header.writtenMilliseconds
      ) { header in
        header.blockCount = old.header.blockCount
        header.eventCount = old.header.eventCount
        header.tablesAt = old.header.tablesAt
        header.tablesCrc = old.header.tablesCrc
        header.rawBytes = old.header.rawBytes
      }
      flags = []
    }
    if let first = pending.first {
      sync.burnInDoubt = BurnedRange(
        fromPosition: from.position, toPosition: first.header.position,
        toGroup: first.header.group)
    }
    return true
  }

  /// Places the group (behind a SKIP when it would span the end), writes its pages, the first one last.
  func write(
    buffer: GroupBuffer, tickets: [IntakeTicket], origins: [UInt64] = [], flags: GroupHeader.Flags,
    burnFrom: UInt64 = 0, openedAt: MonotonicTime, isUrgent: Bool, wallMilliseconds: UInt64,
    describe: (inout GroupHeader) -> Void
  ) {
    let skip = space.skipBytes(before: buffer.count)
    if skip > 0 {
      writeSkip(
        skip, flags: flags.intersection(.burn), burnFrom: burnFrom, openedAt: openedAt,
        wallMilliseconds: wallMilliseconds)
      // The first group behind it says the same: if the SKIP is lost, this one still ends what failed.
    }
    var header = newHeader(flags, lengthBytes: UInt32(buffer.count), wallMilliseconds)
    header.burnFrom = burnFrom
    describe(&header)
    space.take(UInt64(buffer.count))
    head = header.end
    buffer.overwrite(header.encoded(), at: 0)
    pending.append(
      WrittenGroup(
        header: header, buffer: buffer, tickets: tickets, origins: origins, openedAt: openedAt,
        isUrgent: isUrgent))
    let offset = physical(header.position)
    let page = RingLayout.pageBytes
    do throws(SystemError) {
      if buffer.count > page {
        try unsafe disk.write(buffer.bytes(page..<buffer.count), at: offset + UInt64(page))
      }
      try unsafe disk.write(buffer.bytes(0..<page), at: offset)
      counters.groupsWritten += 1
    } catch {
      sync.writeFailed(error)
    }
  }

  private func writeSkip(
    _ lengthBytes: UInt64, flags: GroupHeader.Flags, burnFrom: UInt64, openedAt: MonotonicTime,
    wallMilliseconds: UInt64
  ) {
    var header = newHeader(
      flags.union(.skip), lengthBytes: UInt32(lengthBytes), wallMilliseconds)
    header.burnFrom = burnFrom
    space.take(lengthBytes)
    head = header.end
    pending.append(
      WrittenGroup(
        header: header, buffer: nil, tickets: [], openedAt: openedAt, isUrgent: false))
    let zeros = [UInt8](
      repeating: 0, count: RingLayout.pageBytes - RingLayout.groupHeaderBytes)
    do throws(SystemError) {
      try disk.write(header.encoded() + zeros, at: physical(header.position))
    } catch {
      sync.writeFailed(error)
    }
  }

  private func newHeader(
    _ flags: GroupHeader.Flags, lengthBytes: UInt32, _ wallMilliseconds: UInt64
  ) -> GroupHeader {
    var header = GroupHeader(
      fileId: superblock.fileId, openNumber: superblock.openNumber, flags: flags, at: head,
      lengthBytes: lengthBytes, durableGroup: durable.group - 1,
      tailPosition: superblock.tail.position, tailGroup: superblock.tail.group,
      writtenMilliseconds: wallMilliseconds)
    header.refusedTotal = refused
    return header
  }

  /// Held in memory for groups that wait for their commit.
  var pendingBytes: Int { pending.reduce(0) { $0 + $1.lengthInMemory } }

  func takeBuffer() -> GroupBuffer { buffers.popLast() ?? GroupBuffer() }

  /// Keeps a few for use again; large ones go back to the system.
  func giveBack(_ buffer: GroupBuffer) {
    if buffers.count < 4, buffer.capacityBytes <= 1 << 20 { buffers.append(buffer) }
  }

  func physical(_ position: UInt64) -> UInt64 {
    RingLayout.dataStart + position % superblock.dataSize
  }
}
