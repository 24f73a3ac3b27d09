/// A row of a group's block table: one block, where it lies, and how to know that it is whole.
package struct BlockRow: Equatable, Sendable {
  package var codec: BlockCodec
  package var itemCount: UInt32
  package var rawLengthBytes: UInt32
  package var storedLengthBytes: UInt32
  /// From the group's start.
  package var storedAt: UInt32
  /// CRC32C of the stored bytes.
  package var storedCrc: UInt32
  /// zlib's CRC32 of the raw bytes, for a gzip trailer by crc32_combine.
  package var rawCrc: UInt32
  /// CRC32C of the block's rows in the item table, so that one block can be read without the others.
  package var itemsCrc: UInt32

  package init(
    codec: BlockCodec, itemCount: UInt32, rawLengthBytes: UInt32, storedLengthBytes: UInt32,
    storedAt: UInt32, storedCrc: UInt32, rawCrc: UInt32, itemsCrc: UInt32
  ) {
    self.codec = codec
    self.itemCount = itemCount
    self.rawLengthBytes = rawLengthBytes
    self.storedLengthBytes = storedLengthBytes
    self.storedAt = storedAt
    self.storedCrc = storedCrc
    self.rawCrc = rawCrc
    self.itemsCrc = itemsCrc
  }

  package func encode(into bytes: inout [UInt8], at offset: Int) {
    bytes[offset] = codec.rawValue
    bytes.store(itemCount, at: offset + 4)
    bytes.store(rawLengthBytes, at: offset + 8)
    bytes.store(storedLengthBytes, at: offset + 12)
    bytes.store(storedAt, at: offset + 16)
    bytes.store(storedCrc, at: offset + 20)
    bytes.store(rawCrc, at: offset + 24)
    bytes.store(itemsCrc, at: offset + 28)
  }

  /// nil when it names a codec that is not known.
  package init?(_ bytes: [UInt8], at offset: Int) {
    guard let codec = BlockCodec(rawValue: bytes[offset]) else { return nil }
    self.codec = codec
    itemCount = bytes.load(at: offset + 4)
    rawLengthBytes = bytes.load(at: offset + 8)
    storedLengthBytes = bytes.load(at: offset + 12)
    storedAt = bytes.load(at: offset + 16)
    storedCrc = bytes.load(at: offset + 20)
    rawCrc = bytes.load(at: offset + 24)
    itemsCrc = bytes.load(at: offset + 28)
  }
}
