/// The lines of held blocks; remembers the last one, since items of one block are asked for in a row.
package final class BlockReader {
  private var last: (id: UInt64, lines: [UInt8])?

  package init() {}

  /// - Throws: ``DeliveryError/damagedBlock(id:reason:)``.
  package func lines(of held: HeldBlock) throws(DeliveryError) -> [UInt8] {
    if let last, last.id == held.block.id { return last.lines }
    let lines = try Self.lines(of: held.block)
    last = (held.block.id, lines)
    return lines
  }

  /// - Throws: ``DeliveryError/damagedBlock(id:reason:)``.
  package func event(_ index: Int, of held: HeldBlock) throws(DeliveryError) -> StoredEvent {
    StoredEvent(try lines(of: held)[held.range(of: index)])
  }

  /// Checked against the block's length and CRC32.
  private static func lines(of block: StoredBlock) throws(DeliveryError) -> [UInt8] {
    let lines =
      block.codec == .raw
      ? block.stored : Inflater.raw(block.stored, rawLengthBytes: block.rawLengthBytes)
    guard let lines, lines.count == block.rawLengthBytes else {
      throw .damagedBlock(
        id: block.id, reason: "its \(block.rawLengthBytes) bytes do not come out of what is stored")
    }
    guard Deflater.crc32(lines) == block.rawCrc32 else {
      throw .damagedBlock(id: block.id, reason: "the checksum of its lines is wrong")
    }
    return lines
  }
}
