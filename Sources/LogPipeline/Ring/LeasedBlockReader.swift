/// Reads leased blocks, on the thread of whoever leased them.
package enum LeasedBlockReader {
  /// The block, checked against its row; nil: the disk lost or changed it, and the ring must be told.
  package static func read(_ leased: LeasedBlock, on disk: any Disk) -> StoredBlock? {
    let place = leased.place
    let row = place.row
    // What can not be read is as lost as what reads wrong.
    guard
      let stored = try? disk.bytes(at: place.storedOffset, count: Int(row.storedLengthBytes)),
      Crc32c.of(stored) == row.storedCrc,
      let itemRows = try? disk.bytes(
        at: place.itemsOffset, count: Int(row.itemCount) * RingLayout.itemRowBytes),
      Crc32c.of(itemRows) == row.itemsCrc
    else { return nil }
    return StoredBlock(
      id: place.firstSequence, firstSequence: place.firstSequence, codec: row.codec,
      stored: stored, rawLengthBytes: Int(row.rawLengthBytes), rawCrc32: row.rawCrc,
      items: unsafe itemRows.withUnsafeBytes { unsafe ItemRows.read($0) },
      settled: leased.settled,
      isCopy: leased.isCopy)
  }
}
