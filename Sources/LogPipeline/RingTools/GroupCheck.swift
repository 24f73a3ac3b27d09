/// Checks what a group's header covers: its tables, and of each block the stored bytes, the item rows, the raw bytes.
struct GroupCheck {
  private let header: GroupHeader
  private let view: RingView
  private let start: UInt64

  init(_ header: GroupHeader, _ superblock: Superblock, of view: RingView) {
    self.header = header
    self.view = view
    start = RingLayout.dataStart + header.position % superblock.dataSize
  }

  /// The block table; nil when it, or what lies around it, does not hold.
  var tables: GroupTables? {
    let bytes = try? view.disk.bytes(
      at: start + UInt64(header.tablesAt), count: Int(header.lengthBytes - header.tablesAt))
    return bytes.flatMap { GroupTables($0, of: header) }
  }

  /// One block, whole, with the sequence of its first event.
  struct Block {
    let firstSequence: UInt64
    let row: BlockRow
    /// Of copies, by event; else empty.
    let origins: [UInt64]
    /// nil: see ``fault``.
    var stored: StoredBlock?
    var raw: [UInt8] = []
    var fault: RingFault?

    var sequences: Range<UInt64> { firstSequence..<firstSequence + UInt64(row.itemCount) }
  }

  /// Everything that is wrong. `inflates`: the compressed bytes are checked by what comes out of them, too.
  func faults(inflates: Bool) -> [RingFault] {
    guard let tables else { return [tablesFault] }
    var faults: [RingFault] = []
    blocks(tables, inflates: inflates) { if let fault = $0.fault { faults.append(fault) } }
    return faults
  }

  /// What is wrong when ``tables`` is nil: all its events at once.
  var tablesFault: RingFault {
    var fault = RingFault(
      "the checksum of the group's tables is wrong, or they can not be read",
      at: start + UInt64(header.tablesAt))
    (fault.position, fault.group) = (header.position, header.group)
    (fault.firstSequence, fault.eventCount) = (header.firstSequence, UInt64(header.eventCount))
    return fault
  }

  /// One block after the other; only one is in memory.
  func blocks(_ tables: GroupTables, inflates: Bool, _ body: (Block) -> Void) {
    var sequence = header.firstSequence
    for (index, (row, itemsAt)) in zip(tables.rows, tables.itemsAt(of: header)).enumerated() {
      let end = sequence + UInt64(row.itemCount)
      let first = Int(sequence - header.firstSequence)
      let origins =
        tables.origins.isEmpty ? [] : Array(tables.origins[first..<first + Int(row.itemCount)])
      let empty = Block(firstSequence: sequence, row: row, origins: origins)
      body(checked(empty, index, itemsAt: itemsAt, inflates: inflates))
      sequence = end
    }
  }

  private func checked(
    _ empty: Block, _ index: Int, itemsAt: Int, inflates: Bool
  ) -> Block {
    var block = empty
    let (row, firstSequence) = (block.row, block.firstSequence)
    func broken(_ what: String, at offset: UInt64) -> Block {
      var fault = RingFault(
        "block \(index + 1) of \(header.blockCount): \(what)", at: start + offset)
      (fault.position, fault.group) = (header.position, header.group)
      (fault.firstSequence, fault.eventCount) = (firstSequence, UInt64(row.itemCount))
      block.fault = fault
      return block
    }
    let storedAt = UInt64(row.storedAt)
    guard let stored = bytes(at: storedAt, Int(row.storedLengthBytes)) else {
      return broken("the disk can not read it", at: storedAt)
    }
    guard Crc32c.of(stored) == row.storedCrc else {
      return broken("the checksum of its stored bytes is wrong", at: storedAt)
    }
    let rowBytes = Int(row.itemCount) * RingLayout.itemRowBytes
    guard let rows = bytes(at: UInt64(itemsAt), rowBytes), Crc32c.of(rows) == row.itemsCrc else {
      return broken("the checksum of its item rows is wrong", at: UInt64(itemsAt))
    }
    let items = unsafe rows.withUnsafeBytes { unsafe ItemRows.read($0) }
    guard items.reduce(0, { $0 + Int($1.rawLengthBytes) }) == Int(row.rawLengthBytes) else {
      return broken("its item rows do not add up to its length", at: UInt64(itemsAt))
    }
    if inflates {
      let raw =
        row.codec == .raw
        ? stored : Inflater.raw(stored, rawLengthBytes: Int(row.rawLengthBytes))
      guard let raw else { return broken("its bytes do not inflate to its length", at: storedAt) }
      guard Deflater.crc32(raw) == row.rawCrc else {
        return broken("the checksum of its raw bytes is wrong", at: storedAt)
      }
      block.raw = raw
    }
    block.stored = StoredBlock(
      id: firstSequence, firstSequence: firstSequence, codec: row.codec, stored: stored,
      rawLengthBytes: Int(row.rawLengthBytes), rawCrc32: row.rawCrc, items: items)
    return block
  }

  private func bytes(at offset: UInt64, _ count: Int) -> [UInt8]? {
    // A sector that can not be read is a fault like any other; which it was, the caller says.
    try? view.disk.bytes(at: start + offset, count: count)
  }
}
