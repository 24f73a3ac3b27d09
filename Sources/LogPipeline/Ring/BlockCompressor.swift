/// Turns blocks into raw deflate pieces that end in a full flush, so that they can be put side by side on the wire.
struct BlockCompressor: ~Copyable {
  /// Smaller blocks stay raw: they compress badly alone, and better with others when they are sent.
  static let rawBytesMin = 16 << 10

  private let deflater: PieceDeflater

  init(_ library: CompressionLibrary, level: Int32) {
    deflater = PieceDeflater(library, level: level)
  }

  /// What `rawBytes` need at the most.
  func boundBytes(_ rawBytes: Int) -> Int {
    rawBytes < Self.rawBytesMin ? rawBytes : deflater.boundBytes(rawBytes)
  }

  /// Appends the block's stored form and answers its row, without the CRC of its items.
  func append(_ block: RawBlock, to buffer: GroupBuffer) -> BlockRow {
    let storedAt = buffer.count
    let codec: BlockCodec = block.bytes.count < Self.rawBytesMin ? .raw : .deflate
    if codec == .raw {
      buffer.append(block.bytes)
    } else {
      let room = unsafe buffer.room(deflater.boundBytes(block.bytes.count))
      buffer.add(
        unsafe block.bytes.withUnsafeBytes { unsafe deflater.piece(of: $0, into: room) })
    }
    let stored = unsafe buffer.bytes(storedAt..<buffer.count)
    return BlockRow(
      codec: codec, itemCount: UInt32(block.items.count),
      rawLengthBytes: UInt32(block.bytes.count), storedLengthBytes: UInt32(stored.count),
      storedAt: UInt32(storedAt), storedCrc: unsafe Crc32c.of(stored),
      rawCrc: Deflater.crc32(block.bytes), itemsCrc: 0)
  }
}
