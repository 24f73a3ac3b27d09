import LogPipeline
import TestSupport
import Testing

/// Goal: what either library makes is what every gzip reads, alone, in a row and mixed.
/// Method: zlib's inflate for each piece, the system's gzip for bodies put together of them.
@Suite struct PieceDeflaterTests {
  /// Those that this machine has.
  static let libraries = CompressionLibrary.allCases.filter { library in
    if library == .zlib { return true }
    if case .ready = IsalLibrary.found { return true }
    return false
  }

  @Test(arguments: libraries)
  func `pieces of every kind read back, and fit into the room they are said to need`(
    library: CompressionLibrary
  ) {
    let deflater = PieceDeflater(library)
    for (index, bytes) in Self.contents.enumerated() {
      let piece = deflater.piece(bytes)
      #expect(piece.count <= deflater.boundBytes(bytes.count), "\(index)")
      #expect(piece.suffix(4) == [0, 0, 0xFF, 0xFF], "\(index)")
      #expect(Inflater.raw(piece, rawLengthBytes: bytes.count) == bytes, "\(index)")
    }
  }

  @Test(arguments: libraries)
  func `random lengths of noise and lines fit and read back`(library: CompressionLibrary) {
    let deflater = PieceDeflater(library)
    var random = SeededRandom(seed: 3)
    for round in 0..<60 {
      let length = Int(random.next() % 70_000)
      let bytes =
        round.isMultiple(of: 2) ? Self.noise(length, &random) : Self.lines(length, &random)
      let piece = deflater.piece(bytes)
      #expect(piece.count <= deflater.boundBytes(length), "\(length)")
      #expect(Inflater.raw(piece, rawLengthBytes: length) == bytes, "\(length)")
    }
  }

  @Test(arguments: libraries)
  func `a piece can be read without the one before`(library: CompressionLibrary) {
    let deflater = PieceDeflater(library)
    var random = SeededRandom(seed: 5)
    let bytes = Self.lines(200_000, &random)
    _ = deflater.piece(bytes)
    let piece = deflater.piece(bytes)
    #expect(piece.count < bytes.count / 2)
    #expect(Inflater.raw(piece, rawLengthBytes: bytes.count) == bytes)
  }

  @Test func `blocks of both libraries in one body are one member to the system's gzip`() throws {
    var pieces: [Piece] = []
    var expected: [UInt8] = []
    for (index, bytes) in Self.contents.enumerated() where !bytes.isEmpty {
      for library in Self.libraries {
        let block = StoredBlock(
          id: UInt64(pieces.count + 1), firstSequence: UInt64(index + 1), codec: .deflate,
          stored: PieceDeflater(library).piece(bytes), rawLengthBytes: bytes.count,
          rawCrc32: Deflater.crc32(bytes),
          items: [BlockItem(fingerprint: 1, rawLengthBytes: UInt32(bytes.count), day: 1)])
        pieces.append(Piece(held: HeldBlock(block), items: [0]))
        expected += bytes
      }
    }
    for library in Self.libraries {
      let body = try BulkBody(
        pieces, isGzip: true, reader: BlockReader(), deflater: PieceDeflater(library))
      #expect(GunzipSupport.gunzip(body.bytes) == expected)
      let folder = try FilesFolder()
      let packed = try folder.write("body.gz", body.bytes)
      let unpacked = "\(packed).out"
      let gzip = try ChildProcess("/bin/gzip", ["-dc", packed], output: .file(unpacked))
      let ending = gzip.wait(until: SystemClock().now() + .seconds(60))
      #expect(ending == .exited(0), "\(gzip.errorText)")
      #expect(try FileSystem.read(unpacked) == expected)
    }
  }

  @Test func `other levels than the first are zlib's, whichever library is asked for`() {
    var random = SeededRandom(seed: 9)
    let bytes = Self.lines(100_000, &random)
    for library in Self.libraries {
      #expect(
        PieceDeflater(library, level: 6).piece(bytes) == Deflater(level: 6).flushedPiece(bytes))
    }
  }

  @Test func `what was found of ISA-L is said with what to do`() {
    switch IsalLibrary.found {
    case .ready(let path):
      // By an absolute path of the system, whatever LD_LIBRARY_PATH or the working folder hold.
      #expect(path.hasPrefix("/usr/lib") || path.hasPrefix("/lib/"))
      #expect(IsalLibrary.found.explanation.contains(path))
    case .missing: #expect(IsalLibrary.found.explanation.contains("apt install libisal2"))
    case .unusable(let path, let reason): Issue.record("\(path): \(reason)")
    }
    let unusable = IsalLibrary.unusable(
      path: "/usr/lib/libisal.so.2", reason: "it lacks a function")
    #expect(unusable.explanation.contains("libisal2"))
  }

  /// Empty, one byte, a block, a block that does not compress, an event of 4 MiB, one of noise.
  private static let contents: [[UInt8]] = {
    var random = SeededRandom(seed: 7)
    return [
      [], [65], lines(RawBlock.rawBytesMax, &random), noise(RawBlock.rawBytesMax, &random),
      lines(4 << 20, &random), noise(RingLayout.blockBytesMax, &random), lines(16 << 10, &random),
      [UInt8](repeating: 0, count: RawBlock.rawBytesMax),
    ]
  }()

  private static func noise(_ count: Int, _ random: inout SeededRandom) -> [UInt8] {
    (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next() >> 13) }
  }

  private static func lines(_ count: Int, _ random: inout SeededRandom) -> [UInt8] {
    var bytes: [UInt8] = []
    while bytes.count < count {
      bytes += Array(
        "{\"create\":{\"_id\":\"\(random.next() >> 32)\"}}\n{\"token_count\":\(random.next() % 900)}\n"
          .utf8)
    }
    return Array(bytes.prefix(count))
  }
}
