/// Reads the log's groups in order, between the cursor and what is durable.
///
/// Everything there was accepted once, so a group that does not hold is damage, never a torn tail: the reader goes on
/// at the next good header and says how many events lay between.
struct LogReader {
  enum Step {
    /// Its blocks, and of copies the origins.
    case group(GroupHeader, [BlockPlace], origins: [UInt64])
    /// Not readable. Sequences may jump forward over what was never given, so what lies between is at most too much.
    case gap(from: RingAnchor, to: RingAnchor)
    /// A SKIP, a range whose commit failed, copies that are not wanted: no events.
    case passed
    case end
  }

  /// What is read next.
  private(set) var next: RingAnchor
  let fileId: UInt64
  let dataSize: UInt64
  /// Whether groups of copies are read: who takes everything in order has had their origins.
  let readsCopies: Bool
  private var isDisplaced: Bool
  /// The group at hand follows a range that was jumped over.
  private var isBehindBurn = false
  private let openings: [LogOpening]

  init(
    at record: ConsumerRecord, fileId: UInt64, dataSize: UInt64, readsCopies: Bool,
    openings: [LogOpening]
  ) {
    self.openings = openings
    next = record.anchor
    self.fileId = fileId
    self.dataSize = dataSize
    self.readsCopies = readsCopies
    isDisplaced = record.flags & ConsumerRecord.flagDisplaced != 0
  }

  /// The next group, or what is in its place; `end` is behind the last durable group.
  mutating func step(to end: RingAnchor, burns: [BurnedRange], on disk: any Disk) -> Step {
    guard next.position < end.position else {
      // All that the cursor had before it was written over, and nothing came behind.
      return isDisplaced && next.sequence < end.sequence ? gap(to: end) : .end
    }
    if let burn = burns.holding(next.position) {
      next.position = burn.toPosition
      next.group = burn.toGroup
      isBehindBurn = true
      return .passed
    }
    guard let header = header(at: next.position, before: end, on: disk),
      header.group == next.group, isChained(header)
    else { return gap(to: nextGoodHeader(before: end, burns: burns, on: disk)) }
    isBehindBurn = false
    if header.firstSequence > next.sequence {
      // The cursor's own place was written over, or an opening jumped over sequences, which were never given.
      if isDisplaced { return gap(to: header.start) }
      (next.sequence, next.relocated) = (header.firstSequence, header.relocatedTotal)
    }
    if header.flags.contains(.skip) || header.flags.contains(.relocated) && !readsCopies {
      next = header.end
      return .passed
    }
    let tables = try? disk.bytes(
      at: physical(header.position) + UInt64(header.tablesAt),
      count: Int(header.lengthBytes - header.tablesAt))
    guard let tables, let parsed = GroupTables(tables, of: header) else {
      // What the header says is not believed either: it may be a leftover.
      return gap(to: nextGoodHeader(before: end, burns: burns, on: disk))
    }
    next = header.end
    return .group(header, places(header, parsed), origins: parsed.origins)
  }

  private mutating func gap(to end: RingAnchor) -> Step {
    let start = next
    next = end
    isDisplaced = false
    isBehindBurn = false
    return .gap(from: start, to: end)
  }

  /// The next place to go on: a later header that holds, or `end`.
  private func nextGoodHeader(
    before end: RingAnchor, burns: [BurnedRange], on disk: any Disk
  ) -> RingAnchor {
    var position = next.position + UInt64(RingLayout.pageBytes)
    var resume = ResumePoint()
    while position < end.position, !resume.isSettled(at: position) {
      while let burn = burns.holding(position) {
        position = burn.toPosition
      }
      if let found = header(at: position, before: end, on: disk), found.group > next.group,
        found.group < end.group, found.firstSequence >= next.sequence
      {
        resume.see(found)
      }
      position += UInt64(RingLayout.pageBytes)
    }
    return resume.header?.start ?? end
  }

  /// A good header that belongs here, of the opening that wrote here.
  private func header(
    at position: UInt64, before end: RingAnchor, on disk: any Disk
  ) -> GroupHeader? {
    // A sector that can not be read is as lost as one that reads wrong.
    guard
      let bytes = try? disk.bytes(at: physical(position), count: RingLayout.groupHeaderBytes),
      let header = GroupHeader(bytes, fileId: fileId, dataSize: dataSize),
      header.position == position, header.end.position <= end.position,
      LogOpening.allow(header.openNumber, at: position, by: openings)
    else { return nil }
    return header
  }

  /// Behind a burned range of which the group with BURN, or the SKIP before it, was lost, the chain is of that one.
  private func isChained(_ header: GroupHeader) -> Bool {
    next.chain == nil || header.previousChain == next.chain || isBehindBurn
  }

  private func places(_ header: GroupHeader, _ tables: GroupTables) -> [BlockPlace] {
    let start = physical(header.position)
    var sequence = header.firstSequence
    return zip(tables.rows, tables.itemsAt(of: header)).map { row, itemsAt in
      defer { sequence += UInt64(row.itemCount) }
      return BlockPlace(
        firstSequence: sequence, storedOffset: start + UInt64(row.storedAt),
        itemsOffset: start + UInt64(itemsAt), row: row)
    }
  }

  private func physical(_ position: UInt64) -> UInt64 {
    RingLayout.dataStart + position % dataSize
  }
}
