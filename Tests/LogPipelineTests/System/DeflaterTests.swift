import LogPipeline
import Testing

@Suite struct DeflaterTests {
  /// Around one, two and five stripes of level 1, and a block's 256 KiB.
  private static let lengths = [
    0, 1, 100, 61_176, 61_177, 61_178, 65_272, 65_273, 65_274, 65_536, 122_354, 122_355, 262_144,
    305_885, 305_886, 1_000_003,
  ]

  @Test(arguments: [Int32(1), 2, 6])
  func `pieces side by side are one stream, at each length around the stripes`(level: Int32) {
    let deflater = Deflater(level: level)
    var stream: [UInt8] = []
    var content: [UInt8] = []
    for length in Self.lengths {
      let bytes = lines(length)
      stream += deflater.flushedPiece(bytes)
      content += bytes
    }
    #expect(stream.suffix(4) == [0, 0, 0xFF, 0xFF])
    #expect(Inflater.raw(stream, rawLengthBytes: content.count) == content)
  }

  @Test(arguments: [Int32(1), 6])
  func `a piece can be read without the one before`(level: Int32) {
    let deflater = Deflater(level: level)
    _ = deflater.flushedPiece(lines(200_000))
    let bytes = lines(200_000)
    let piece = deflater.flushedPiece(bytes)
    #expect(piece.count < bytes.count / 2)
    #expect(Inflater.raw(piece, rawLengthBytes: bytes.count) == bytes)
  }

  @Test(arguments: lengths)
  func `what does not compress fits into the room it is said to need`(length: Int) {
    var random = SeededRandom(seed: 11)
    let bytes = (0..<length).map { _ in UInt8.random(in: 0...255, using: &random) }
    for level in [Int32(1), 6] {
      let deflater = Deflater(level: level)
      let piece = deflater.flushedPiece(bytes)
      #expect(piece.count <= deflater.boundBytes(length))
      #expect(Inflater.raw(piece, rawLengthBytes: length) == bytes)
      #expect(Inflater.raw(deflater.wholeStream(bytes), rawLengthBytes: length) == bytes)
    }
  }

  /// Repetitive, but not so much that a stripe is nothing.
  private func lines(_ count: Int) -> [UInt8] {
    var random = SeededRandom(seed: UInt64(count))
    var bytes: [UInt8] = []
    while bytes.count < count {
      bytes += Array(
        "{\"create\":{\"_id\":\"\(UInt32.random(in: 0...UInt32.max, using: &random))\"}}\n".utf8)
    }
    return Array(bytes.prefix(count))
  }
}
