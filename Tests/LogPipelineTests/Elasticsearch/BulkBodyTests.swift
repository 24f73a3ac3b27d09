import LogPipeline
import Testing

/// Goal: the server unpacks exactly the lines that are owed. Method: zlib reads each body back as one strict member.
@Suite struct BulkBodyTests {
  private func body(_ pieces: [Piece], isGzip: Bool = true) throws -> BulkBody {
    try BulkBody(pieces, isGzip: isGzip, reader: BlockReader(), deflater: PieceDeflater(.zlib))
  }

  private func lines(_ ids: [String]) -> [UInt8] {
    ids.flatMap {
      BlockFactory.lines(
        id: $0, document: "{\"token_count\":\($0.split(separator: "-").last ?? "")}")
    }
  }

  @Test func `whole blocks of both codecs make one gzip member of their lines`() throws {
    let pieces = try (UInt64(1)...40).map { id in
      let block = try BlockFactory.block(id: id, count: 50, codec: id % 3 == 0 ? .raw : .deflate)
      return Piece(held: HeldBlock(block), items: Array(0..<50))
    }
    let made = try body(pieces)
    let expected = lines((1...40).flatMap { id in (0..<50).map { "\(id)-\($0)" } })
    #expect(GunzipSupport.gunzip(made.bytes) == expected)
    #expect(made.rawBytes == expected.count)
    #expect(made.itemCount == 2000)
  }

  @Test func `only the items that are owed are cut out`() throws {
    let first = HeldBlock(try BlockFactory.block(id: 1, count: 4))
    let second = HeldBlock(
      try BlockFactory.block(id: 2, count: 3, settled: [true, false, true]))
    let third = HeldBlock(try BlockFactory.block(id: 3, count: 2, codec: .raw))
    let pieces = [
      Piece(held: first, items: [0, 3]), Piece(held: second, items: second.owedItems),
      Piece(held: third, items: [1]),
    ]
    let expected = lines(["1-0", "1-3", "2-1", "3-1"])
    let made = try body(pieces)
    #expect(GunzipSupport.gunzip(made.bytes) == expected)
    #expect(made.itemCount == 4)
    #expect(made.rawBytes == expected.count)
    let plain = try body(pieces, isGzip: false)
    #expect(plain.bytes == expected)
    #expect(plain.rawBytes == expected.count)
  }

  @Test func `a block that does not unpack to what it says is an error, not a body`() throws {
    let good = try BlockFactory.block(id: 9, count: 3)
    func block(_ stored: [UInt8], crc: UInt32) -> HeldBlock {
      HeldBlock(
        StoredBlock(
          id: 9, firstSequence: 0, codec: .deflate, stored: stored,
          rawLengthBytes: good.rawLengthBytes, rawCrc32: crc, items: good.items))
    }
    let damaged = [
      block(Array(good.stored.dropLast(20)), crc: good.rawCrc32),
      block([7] + good.stored, crc: good.rawCrc32), block(good.stored, crc: good.rawCrc32 ^ 1),
      block([], crc: good.rawCrc32),
    ]
    for held in damaged {
      #expect(throws: DeliveryError.self) { try body([Piece(held: held, items: [1])]) }
    }
  }

  @Test func `a broken body is told from a whole one, and put together anew from its lines`() throws
  {
    let good = try BlockFactory.block(id: 1, count: 50)
    // Whole on disk by its checksum there, and yet other lines: what a fault of memory leaves.
    let other = try BlockFactory.block(id: 1, count: 49)
    let swapped = StoredBlock(
      id: 1, firstSequence: 1, codec: .deflate, stored: other.stored,
      rawLengthBytes: good.rawLengthBytes, rawCrc32: good.rawCrc32, items: good.items)
    let raw = try BlockFactory.block(id: 2, count: 7, codec: .raw)
    func body(_ block: StoredBlock, rebuilt: Bool = false, isGzip: Bool = true) throws -> BulkBody {
      let pieces = [block, raw].map { stored in
        let held = HeldBlock(stored)
        held.mustBeRebuilt = rebuilt
        return Piece(held: held, items: held.owedItems)
      }
      return try BulkBody(
        pieces, isGzip: isGzip, reader: BlockReader(), deflater: PieceDeflater(.zlib))
    }
    #expect(try body(good).fault == nil)
    #expect(try body(good, rebuilt: true).fault == nil)
    #expect(try body(good, isGzip: false).fault == nil)
    let fault = try #require(try body(swapped).fault)
    #expect(fault.contains("does not inflate"), "\(fault)")
    #expect(throws: DeliveryError.self) { try body(swapped, rebuilt: true) }
  }
}
