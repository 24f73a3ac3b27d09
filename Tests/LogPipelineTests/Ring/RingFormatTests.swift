import LogPipeline
import Testing

/// The bytes on disk stay as docs/ring-format.md has them, offset by offset.
@Suite struct RingFormatTests {
  /// One number a field, so that each offset shows which field lies there.
  private var header: GroupHeader {
    var header = GroupHeader(
      fileId: 0x11, openNumber: 0x12, flags: [.data, .burn],
      at: RingAnchor(
        position: 3 << 12, group: 0x14, sequence: 0x16, relocated: 0x10, chain: 0x15),
      lengthBytes: 2 << 12, durableGroup: 0x13, tailPosition: 1 << 12, tailGroup: 0x18,
      writtenMilliseconds: 0x19)
    header.blockCount = 1
    header.eventCount = 2
    header.tablesAt = 0x200
    header.tablesCrc = 0x1A
    header.burnFrom = 1 << 12
    header.rawBytes = 0x1B
    header.refusedTotal = 0x1C
    return header
  }

  @Test func `the group header's offsets are those of the format's document`() throws {
    let bytes = header.encoded()
    #expect(bytes.count == 136)
    let fields = try documented("Group header")
    let expected: [String: UInt64] = [
      "magic": UInt64(RingLayout.groupMagic), "file_id": 0x11, "open_number": 0x12, "flags": 5,
      "block_count": 1, "position": 3 << 12, "group_number": 0x14, "prev_chain": 0x15,
      "first_sequence": 0x16, "event_count": 2, "length": 2 << 12, "tables_at": 0x200,
      "tables_crc": 0x1A, "durable_group": 0x13, "tail_position": 1 << 12, "tail_group": 0x18,
      "burn_from": 1 << 12, "written_ms": 0x19, "raw_bytes": 0x1B, "refused_total": 0x1C,
      "relocated_total": 0x10, "header_crc": UInt64(Crc32c.of(Array(bytes[8...]))),
    ]
    #expect(Set(fields.map(\.name)) == Set(expected.keys))
    for field in fields {
      #expect(number(bytes, field) == expected[field.name], "\(field.name) at \(field.offset)")
    }
    #expect(fields.reduce(0) { $0 + $1.size } == 136)
  }

  @Test func `the superblock's offsets are those of the format's document`() throws {
    var superblock = Superblock(ringId: (0x21, 0x22), fileId: 0x23, dataEnd: 1 << 20)
    superblock.flags = 1
    superblock.generation = 0x24
    superblock.openNumber = 0x25
    superblock.openNonce = 0x26
    superblock.tail = RingAnchor(position: 0x27, group: 0x28, sequence: 0x29, chain: nil)
    superblock.hint = RingAnchor(
      position: 0x2A, group: 0x2B, sequence: 0x2C, relocated: 0x34, chain: 0x2D)
    superblock.relocatedAtOpen = 0x35
    superblock.durableGroup = 0x2E
    superblock.accepted = 0x2F
    superblock.refused = 0x30
    superblock.burns = [BurnedRange(fromPosition: 0x31, toPosition: 0x32, toGroup: 0x33)]
    superblock.voids = [VoidedCopies(cursorSequence: 0x36, headSequence: 0x37)]
    superblock.openings = [LogOpening(number: 0x39, position: 0x38)]
    superblock.consumers = [ConsumerRecord(name: "A")]
    let bytes = superblock.encoded()
    let expected: [String: UInt64] = [
      "crc": UInt64(Crc32c.of(Array(bytes[4...]))), "version": 1,
      "magic": RingLayout.superblockMagic, "flags": 1, "page": 4096, "ring_id": 0x21,
      "file_id": 0x23, "data_start": 131_072, "data_end": 1 << 20, "generation": 0x24,
      "open_number": 0x25, "open_nonce": 0x26, "tail_position": 0x27, "tail_group": 0x28,
      "tail_sequence": 0x29, "hint_position": 0x2A, "hint_group": 0x2B, "hint_sequence": 0x2C,
      "hint_chain": 0x2D, "durable_group": 0x2E, "accepted": 0x2F, "refused": 0x30,
      "burn_count": 1, "consumer_count": 1, "void_count": 1, "hint_relocated": 0x34,
      "relocated_at_open": 0x35, "consumers": 0x41, "burns": 0x31, "voids": 0x36,
      "opening_count": 1, "openings": 0x38,
    ]
    let fields = try documented("Superblock")
    #expect(Set(fields.map(\.name)) == Set(expected.keys))
    for field in fields {
      #expect(number(bytes, field) == expected[field.name], "\(field.name) at \(field.offset)")
    }
    #expect(Superblock.read(bytes) == .valid(superblock))
  }

  @Test func `a header comes back from its bytes, and no flipped bit passes`() {
    let bytes = header.encoded()
    #expect(GroupHeader(bytes, fileId: 0x11, dataSize: 1 << 20) == header)
    #expect(GroupHeader(bytes, fileId: 0x12, dataSize: 1 << 20) == nil)
    for bit in 0..<bytes.count * 8 {
      var flipped = bytes
      flipped[bit / 8] ^= 1 << UInt8(bit % 8)
      #expect(GroupHeader(flipped, fileId: 0x11, dataSize: 1 << 20) == nil, "bit \(bit)")
    }
  }

  @Test func `all ways to a CRC32C agree with the standard's check value`() {
    #expect(Crc32c.of(Array("123456789".utf8)) == 0xE306_9283)
    var random = SeededRandom(seed: 1)
    // From 512 bytes on by folds of 128.
    for count in Array(0..<100) + Array(500..<700) + [4095, 4096, 70_001] {
      let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
      #expect(Crc32c.of(bytes) == Crc32c.portable(bytes), "\(count) bytes")
    }
  }

  private struct Field {
    let offset: Int
    let size: Int
    let name: String
  }

  /// The rows `| offset | size | name | … |` below a heading of docs/ring-format.md.
  private func documented(_ heading: String) throws -> [Field] {
    let root = #filePath.split(separator: "/").dropLast(4).joined(separator: "/")
    let text = String(
      decoding: try FileSystem.read("/\(root)/docs/ring-format.md"), as: UTF8.self)
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    let start = try #require(lines.firstIndex { $0.hasPrefix("## \(heading)") })
    return lines[(start + 1)...].prefix { !$0.hasPrefix("## ") }.compactMap { line in
      let cells = line.split(separator: "|").map { $0.split(separator: " ").joined(separator: " ") }
      guard cells.count >= 3, let offset = Int(cells[0]), let size = Int(cells[1]) else {
        return nil
      }
      return Field(offset: offset, size: size, name: cells[2])
    }
  }

  private func number(_ bytes: [UInt8], _ field: Field) -> UInt64 {
    (0..<min(8, field.size)).reduce(0) { $0 | UInt64(bytes[field.offset + $1]) << (8 * $1) }
  }
}
