import LogPipeline

/// Blocks of small events, as the ring would hand them over.
enum BlockFactory {
  static func lines(id: String, document: String, index: String = "holysheep-logs-2026.11.20")
    -> [UInt8]
  {
    Array("{\"create\":{\"_index\":\"\(index)\",\"_id\":\"\(id)\"}}\n\(document)\n".utf8)
  }

  static func block(
    id: UInt64, lines: [[UInt8]], codec: BlockCodec = .deflate, settled: [Bool]? = nil,
    day: Int32 = 20_777
  ) throws -> StoredBlock {
    let raw = lines.flatMap(\.self)
    let stored = codec == .raw ? raw : Deflater(level: 1).flushedPiece(raw)
    return StoredBlock(
      id: id, firstSequence: id * 1000, codec: codec, stored: stored, rawLengthBytes: raw.count,
      rawCrc32: Deflater.crc32(raw),
      items: lines.map {
        BlockItem(fingerprint: 0, rawLengthBytes: UInt32($0.count), day: day)
      }, settled: settled)
  }

  /// `count` events with ids `<block>-<index>`.
  static func block(
    id: UInt64, count: Int, codec: BlockCodec = .deflate, settled: [Bool]? = nil,
    day: Int32 = 20_777
  ) throws -> StoredBlock {
    try block(
      id: id,
      lines: (0..<count).map { lines(id: "\(id)-\($0)", document: "{\"token_count\":\($0)}") },
      codec: codec, settled: settled, day: day)
  }
}
