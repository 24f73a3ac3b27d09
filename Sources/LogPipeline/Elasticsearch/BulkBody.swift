import CZlib

/// The body of one `_bulk` request.
///
/// Compressed it is one gzip member put together from pieces that are ready: the fixed header, the raw deflate
/// pieces (each ends in a full flush, so they can stand side by side), an empty last block, CRC32 and length.
package struct BulkBody {
  package private(set) var bytes: [UInt8]
  package let isGzip: Bool
  /// Of the lines, before compression.
  package private(set) var rawBytes = 0
  package private(set) var itemCount = 0
  private var crc: UInt = 0

  /// Deflate, no name, no time, made on Unix.
  private static let gzipHeader: [UInt8] = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3]
  private static let emptyLastBlock: [UInt8] = [3, 0]
  /// CRC32 and length.
  private static let gzipTrailerBytes = 8

  /// - Throws: ``DeliveryError/damagedBlock(id:reason:)`` when a block that must be unpacked can not be.
  package init(
    _ pieces: [Piece], isGzip: Bool, reader: BlockReader, deflater: borrowing PieceDeflater
  ) throws(DeliveryError) {
    self.isGzip = isGzip
    bytes = isGzip ? Self.gzipHeader : []
    bytes.reserveCapacity(pieces.reduce(32) { $0 + $1.held.block.stored.count })
    for piece in pieces {
      let block = piece.held.block
      itemCount += piece.items.count
      if isGzip, piece.isWholeBlock, block.codec == .deflate, !piece.held.mustBeRebuilt {
        append(
          block.stored, crc: UInt(block.rawCrc32), rawBytes: block.rawLengthBytes)
        continue
      }
      let lines = Self.cut(piece, from: try reader.lines(of: piece.held))
      if isGzip {
        append(
          deflater.piece(lines), crc: UInt(Deflater.crc32(lines)), rawBytes: lines.count)
      } else {
        bytes.append(contentsOf: lines)
        rawBytes += lines.count
      }
    }
    if isGzip { finishGzip() }
  }

  /// Inflates the body as the server has to. nil: it is what it was meant to be; else what is wrong with it.
  package var fault: String? {
    guard isGzip else { return nil }
    let content = Array(bytes[Self.gzipHeader.count..<bytes.count - Self.gzipTrailerBytes])
    guard let lines = Inflater.raw(content, rawLengthBytes: rawBytes) else {
      return "it does not inflate to \(rawBytes) bytes"
    }
    guard Deflater.crc32(lines) == UInt32(truncatingIfNeeded: crc) else {
      return "its checksum is wrong"
    }
    let lineCount = lines.count { $0 == UInt8(ascii: "\n") }
    return lineCount == 2 * itemCount && lines.last == UInt8(ascii: "\n")
      ? nil : "it has \(lineCount) lines for \(itemCount) events"
  }

  /// The lines of the piece's items alone.
  package static func cut(_ piece: Piece, from lines: [UInt8]) -> [UInt8] {
    if piece.isWholeBlock { return lines }
    var kept: [UInt8] = []
    kept.reserveCapacity(piece.rawBytes)
    for index in piece.items { kept.append(contentsOf: lines[piece.held.range(of: index)]) }
    return kept
  }

  private mutating func append(_ deflated: [UInt8], crc: UInt, rawBytes: Int) {
    bytes.append(contentsOf: deflated)
    self.crc = crc32_combine(self.crc, crc, rawBytes)
    self.rawBytes += rawBytes
  }

  private mutating func finishGzip() {
    bytes.append(contentsOf: Self.emptyLastBlock)
    for value in [UInt32(truncatingIfNeeded: crc), UInt32(truncatingIfNeeded: rawBytes)] {
      for shift in stride(from: UInt32(0), to: 32, by: 8) {
        bytes.append(UInt8(truncatingIfNeeded: value >> shift))
      }
    }
  }
}
