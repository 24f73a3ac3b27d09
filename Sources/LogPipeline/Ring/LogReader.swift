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

  /// The opening that serves, and where the log ended then: what lies before is older, what lies behind its own.
  private let openNumber: UInt32
  private let openedAt: UInt64

  init(at record: ConsumerRecord, of superblock: Superblock, readsCopies: Bool) {
    next = record.anchor
    fileId = superblock.fileId
    dataSize = superblock.dataSize
    openNumber = superblock.openNumber
    openedAt = superblock.hint.position
    self.readsCopies = readsCopies
  }

  /// The next group, or what is in its place; `end` is behind the last durable group.
  mutating func step(to end: RingAnchor, burns: [BurnedRange], on disk: any Disk) -> Step {
    guard next.position < end.position else { return .end }
    if let burn = burns.first(where: { $0.fromPosition == next.position }) {
      next.position = burn.toPosition
      next.group = burn.toGroup
      return .passed
    }
    guard let header = header(at: next.position, on: disk), header.group == next.group,
      header.end.position <= end.position,
      next.chain == nil || header.previousChain == next.chain
    else { return gap(to: nextGoodHeader(before: end, burns: burns, on: disk)) }
    if header.firstSequence > next.sequence {
      // Sequences that an opening jumped over were never given. But without a chain this is the cursor's own place,
      // written over: only a superblock older than the newest can say so.
      if next.chain == nil { return gap(to: header.start) }
      next.sequence = header.firstSequence
    }
    if header.flags.contains(.skip) || header.flags.contains(.relocated) && !readsCopies {
      next = header.end
      return .passed
    }
    let tables = try? disk.bytes(
      at: physical(header.position) + UInt64(header.tablesAt),
      count: Int(header.lengthBytes - header.tablesAt))
    guard let tables, let parsed = GroupTables(tables, of: header) else {
      return gap(to: header.end)
    }
    next = header.end
    return .group(header, places(header, parsed), origins: parsed.origins)
  }

  private mutating func gap(to end: RingAnchor) -> Step {
    let start = next
    next = end
    return .gap(from: start, to: end)
  }

  /// The next place to go on: a later header that holds, or `end`.
  private func nextGoodHeader(
    before end: RingAnchor, burns: [BurnedRange], on disk: any Disk
  ) -> RingAnchor {
    var position = next.position + UInt64(RingLayout.pageBytes)
    while position < end.position {
      if let burn = burns.first(where: { $0.fromPosition == position }) {
        position = burn.toPosition
      }
      if let found = header(at: position, on: disk), found.group > next.group,
        found.group < end.group, found.firstSequence >= next.sequence
      {
        return found.start
      }
      position += UInt64(RingLayout.pageBytes)
    }
    return end
  }

  private func header(at position: UInt64, on disk: any Disk) -> GroupHeader? {
    // A sector that can not be read is as lost as one that reads wrong.
    guard
      let bytes = try? disk.bytes(at: physical(position), count: RingLayout.groupHeaderBytes),
      let header = GroupHeader(bytes, fileId: fileId, dataSize: dataSize),
      header.position == position,
      // A group of an earlier life can lie where one was written since, with the same number and chain.
      position < openedAt ? header.openNumber < openNumber : header.openNumber == openNumber
    else { return nil }
    return header
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
