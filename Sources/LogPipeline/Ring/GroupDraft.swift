/// The open group: blocks as they come, tables when it closes. Pure memory; its place is known only at the end.
final class GroupDraft {
  let buffer: GroupBuffer
  let openedAt: MonotonicTime
  private(set) var eventCount = 0
  private(set) var rawBytes = 0
  private(set) var tickets: [IntakeTicket] = []
  private(set) var storedBytes = 0
  /// Somebody waits for it to be durable.
  private(set) var isAwaited = false
  /// Of copies, by event: the sequence it was copied from. Empty in a group of new events.
  private(set) var origins: [UInt64] = []
  private var rows: [BlockRow] = []
  private var items: [[BlockItem]] = []

  init(buffer: GroupBuffer, openedAt: MonotonicTime) {
    buffer.clear()
    self.buffer = buffer
    self.openedAt = openedAt
  }

  var blockCount: Int { rows.count }

  /// On disk, if a block of at most `storedBytes` with `itemCount` items is added (0 and 0: as it is).
  func lengthBytes(adding storedBytes: Int, itemCount: Int, isCopy: Bool = false) -> Int {
    let events = eventCount + itemCount
    return RingLayout.roundedUpToPage(
      buffer.count + storedBytes + (rows.count + 1) * RingLayout.blockRowBytes
        + events * RingLayout.itemRowBytes
        + GroupHeader.sectionBytes(eventCount: events, isRelocated: isCopy))
  }

  func append(_ block: RawBlock, with compressor: borrowing BlockCompressor) {
    add(compressor.append(block, to: buffer), block.items)
    if block.isAwaited { isAwaited = true }
    let ticket = IntakeTicket(intake: block.intake, ticket: block.ticket)
    if let known = tickets.firstIndex(where: { $0.intake == block.intake }) {
      tickets[known] = ticket
    } else {
      tickets.append(ticket)
    }
  }

  /// Copies, whose origins are named by event.
  func append(
    copies block: RawBlock, of origins: [UInt64], with compressor: borrowing BlockCompressor
  ) {
    add(compressor.append(block, to: buffer), block.items)
    self.origins += origins
  }

  /// A copy of a whole block as it lies on disk.
  func append(copy block: StoredBlock, row: BlockRow, of origins: [UInt64]) {
    var row = row
    row.storedAt = UInt32(buffer.count)
    buffer.append(block.stored)
    add(row, block.items)
    self.origins += origins
  }

  private func add(_ row: BlockRow, _ newItems: [BlockItem]) {
    rows.append(row)
    items.append(newItems)
    eventCount += newItems.count
    rawBytes += Int(row.rawLengthBytes)
    storedBytes += Int(row.storedLengthBytes)
  }

  /// Appends the tables and the padding; the header's place stays zero.
  /// - Returns: where the tables start and their CRC32C.
  func finish() -> (tablesAt: Int, tablesCrc: UInt32) {
    invariant(
      origins.isEmpty || origins.count == eventCount, "each copy of a group names its origin")
    let tablesAt = buffer.count
    let rowsBytes = rows.count * RingLayout.blockRowBytes
    buffer.appendZeros(rowsBytes)
    var table = [UInt8](repeating: 0, count: rowsBytes)
    for index in rows.indices {
      let room = unsafe buffer.room(items[index].count * RingLayout.itemRowBytes)
      unsafe ItemRows.write(items[index], to: room)
      rows[index].itemsCrc = unsafe Crc32c.of(UnsafeRawBufferPointer(room))
      buffer.add(room.count)
      rows[index].encode(into: &table, at: index * RingLayout.blockRowBytes)
    }
    buffer.overwrite(table, at: tablesAt)
    appendSections()
    buffer.appendZeros(RingLayout.roundedUpToPage(buffer.count) - buffer.count)
    return (tablesAt, unsafe Crc32c.of(buffer.bytes(tablesAt..<buffer.count)))
  }

  /// Rollup inputs and source checkpoints: none in this version, lengths 0. Then the origins.
  private func appendSections() {
    let bytes = origins.count * RingLayout.originBytes
    var sections = [UInt8](repeating: 0, count: RingLayout.sectionLengthsBytes + bytes)
    sections.store(UInt32(bytes), at: RingLayout.sectionLengthsBytes - 4)
    for (index, origin) in origins.enumerated() {
      sections.store(
        origin, at: RingLayout.sectionLengthsBytes + index * RingLayout.originBytes)
    }
    buffer.append(sections)
  }
}
