/// The tables of a group, checked against its header: every block and row lies inside the group.
struct GroupTables: Equatable, Sendable {
  let rows: [BlockRow]
  /// Of a group of copies, by event: the sequence it was copied from. Else empty.
  let origins: [UInt64]

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
    let sectionsAt =
      rows.count * RingLayout.blockRowBytes
      + Int(header.eventCount) * RingLayout.itemRowBytes
    guard let origins = Self.origins(bytes, sectionsAt: sectionsAt, of: header) else { return nil }
    self.origins = origins
  }

  /// Where the item rows of each block start, from the group's start.
  func itemsAt(of header: GroupHeader) -> [Int] {
    var at = Int(header.tablesAt) + rows.count * RingLayout.blockRowBytes
    return rows.map { row in
      defer { at += Int(row.itemCount) * RingLayout.itemRowBytes }
      return at
    }
  }

  /// Behind the item rows: rollup inputs, source checkpoints, origins; each its length, then its bytes.
  private static func origins(
    _ bytes: [UInt8], sectionsAt: Int, of header: GroupHeader
  ) -> [UInt64]? {
    var offset = sectionsAt
    for _ in 0..<2 {
      guard offset + 4 <= bytes.count else { return nil }
      offset += 4 + Int(bytes.load(UInt32.self, at: offset))
    }
    guard offset + 4 <= bytes.count else { return nil }
    let length = Int(bytes.load(UInt32.self, at: offset))
    offset += 4
    let count = header.flags.contains(.relocated) ? Int(header.eventCount) : 0
    guard length == count * RingLayout.originBytes, offset + length <= bytes.count else {
      return nil
    }
    var origins: [UInt64] = []
    origins.reserveCapacity(count)
    for index in 0..<count {
      let origin = bytes.load(UInt64.self, at: offset + index * RingLayout.originBytes)
      guard origin > 0, origin < header.firstSequence else { return nil }
      origins.append(origin)
    }
    return origins
  }
}
