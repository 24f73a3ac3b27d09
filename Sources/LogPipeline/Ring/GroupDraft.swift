/// The open group: blocks as they come, tables when it closes. Pure memory; its place is known only at the end.
final class GroupDraft {
  let buffer: GroupBuffer
  let openedAt: MonotonicTime
  private(set) var eventCount = 0
  private(set) var rawBytes = 0
  private(set) var tickets: [IntakeTicket] = []
  private(set) var storedBytes = 0
  private var rows: [BlockRow] = []
  private var items: [[BlockItem]] = []

  init(buffer: GroupBuffer, openedAt: MonotonicTime) {
    buffer.clear()
    self.buffer = buffer
    self.openedAt = openedAt
  }

  var blockCount: Int { rows.count }

  /// On disk, if a block of at most `storedBytes` with `itemCount` items is added (0 and 0: as it is).
  func lengthBytes(adding storedBytes: Int, itemCount: Int) -> Int {
    RingLayout.roundedUpToPage(
      buffer.count + storedBytes + (rows.count + 1) * RingLayout.blockRowBytes
        + (eventCount + itemCount) * RingLayout.itemRowBytes + RingLayout.sectionLengthsBytes)
  }

  func append(_ block: RawBlock, with compressor: borrowing BlockCompressor) {
    let row = compressor.append(block, to: buffer)
    rows.append(row)
    items.append(block.items)
    eventCount += block.items.count
    rawBytes += block.bytes.count
    storedBytes += Int(row.storedLengthBytes)
    let ticket = IntakeTicket(intake: block.intake, ticket: block.ticket)
    if let known = tickets.firstIndex(where: { $0.intake == block.intake }) {
      tickets[known] = ticket
    } else {
      tickets.append(ticket)
    }
  }

  /// Appends the tables and the padding; the header's place stays zero.
  /// - Returns: where the tables start and their CRC32C.
  func finish() -> (tablesAt: Int, tablesCrc: UInt32) {
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
    // Rollup inputs and source checkpoints: none in this version, lengths 0.
    buffer.appendZeros(RingLayout.sectionLengthsBytes)
    buffer.appendZeros(RingLayout.roundedUpToPage(buffer.count) - buffer.count)
    return (tablesAt, unsafe Crc32c.of(buffer.bytes(tablesAt..<buffer.count)))
  }
}
