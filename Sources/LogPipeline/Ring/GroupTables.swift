/// The block table of a group, checked against its header: every block and row lies inside the group.
struct GroupTables: Equatable, Sendable {
  let rows: [BlockRow]

  /// `bytes` reach from the header's `tablesAt` to the group's end; nil when checksum, counts or places do not hold.
  init?(_ bytes: [UInt8], of header: GroupHeader) {
    guard bytes.count == Int(header.lengthBytes - header.tablesAt),
      Crc32c.of(bytes) == header.tablesCrc
    else { return nil }
    var rows: [BlockRow] = []
    var itemsTotal: UInt64 = 0
    var storedEnd = UInt64(RingLayout.groupHeaderBytes)
    for index in 0..<Int(header.blockCount) {
      guard let row = BlockRow(bytes, at: index * RingLayout.blockRowBytes),
        row.itemCount > 0, row.itemCount <= header.eventCount, row.storedAt == storedEnd,
        row.codec == .deflate || row.rawLengthBytes == row.storedLengthBytes
      else { return nil }
      storedEnd = UInt64(row.storedAt) + UInt64(row.storedLengthBytes)
      guard storedEnd <= UInt64(header.tablesAt) else { return nil }
      itemsTotal += UInt64(row.itemCount)
      rows.append(row)
    }
    guard itemsTotal == UInt64(header.eventCount) else { return nil }
    self.rows = rows
  }

  /// Where the item rows of each block start, from the group's start.
  func itemsAt(of header: GroupHeader) -> [Int] {
    var at = Int(header.tablesAt) + rows.count * RingLayout.blockRowBytes
    return rows.map { row in
      defer { at += Int(row.itemCount) * RingLayout.itemRowBytes }
      return at
    }
  }
}
