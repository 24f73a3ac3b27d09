/// Reads the log's groups in order, between the cursor and what is durable.
///
/// Everything there was accepted once, so a group that does not hold is damage, never a torn tail: the reader goes on
/// at the next good header and says how many events lay between.
struct LogReader {
  enum Step {
    case group(GroupHeader, [BlockPlace])
    case gap(from: RingAnchor, to: RingAnchor, events: UInt64)
    /// A SKIP, or a range whose commit failed: no events.
    case passed
    case end
  }

  /// What is read next.
  private(set) var next: RingAnchor
  let fileId: UInt64
  let dataSize: UInt64

  init(at record: ConsumerRecord, fileId: UInt64, dataSize: UInt64) {
    next = RingAnchor(
      position: record.position, group: record.group, sequence: record.sequence, chain: nil)
    self.fileId = fileId
    self.dataSize = dataSize
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
      next.chain == nil || header.previousChain == next.chain
    else { return gap(to: nextGoodHeader(before: end, burns: burns, on: disk)) }
    if header.firstSequence > next.sequence {
      // The cursor's own place was written over: only a superblock older than the newest can say so.
      var start = next
      start.sequence = header.firstSequence
      return gap(to: start)
    }
    if header.flags.contains(.skip) {
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
    return .group(header, places(header, parsed))
  }

  private mutating func gap(to end: RingAnchor) -> Step {
    let start = next
    next = end
    // Sequences may jump forward over what was never accepted, so the count is at most too high, never too low.
    let events = end.sequence > start.sequence ? end.sequence - start.sequence : 0
    return .gap(from: start, to: end, events: events)
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
        return RingAnchor(
          position: position, group: found.group, sequence: found.firstSequence,
          chain: found.previousChain)
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
      header.position == position
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
