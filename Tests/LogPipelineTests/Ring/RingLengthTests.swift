import LogPipeline
import Testing

/// Goal: groups of every length land whole, wherever the end of the data area is, and the largest event fits.
/// Method: a ring whose log starts at a chosen distance from the end, one group of a chosen length, a small one behind it,
/// a restart; both come out, and lie where the format says.
@Suite struct RingLengthTests {
  /// The largest that holds groups of several blocks up to 4 MiB.
  private static let sizeBytes: UInt64 = 64 << 20
  private static let page = RingLayout.pageBytes
  private static let dataPages = Int(sizeBytes - RingLayout.dataStart) / page
  private static let longest = RingLayout.groupBytesMax(fileBytes: sizeBytes) / page

  /// Every distance for these; a debug build takes each seventh of the longer ones.
  @Test(arguments: [1, 2, 3, 5, 16, 64, 65, 255, 256, 257, 1024])
  func `a group of this many pages lies whole at each distance from the end`(pages: Int) throws {
    #if DEBUG
      let step = pages > 60 ? 7 : 1
    #else
      let step = 1
    #endif
    let distances = Set(stride(from: 1, through: pages, by: step)).union(Self.around(pages))
    try place(pages: pages, at: distances.sorted())
  }

  @Test(arguments: [31, 32, 33, 127, 128, 129, 511, 512, 513, 767, 1022, 1023])
  func `and at the distances around its own length, and around none`(pages: Int) throws {
    try place(pages: pages, at: Self.around(pages).sorted())
  }

  @Test
  func `the largest event that fits is taken, at any distance from the end, and comes out whole`()
    throws
  {
    let bytes = RingLayout.blockBytesMax
    // One block of one item, as it does not compress: header, stored bytes, a row of each kind, lengths of sections.
    let disk = LengthDisk(sizeBytes: Self.sizeBytes)
    var random = SeededRandom(seed: 3)
    let event = RawBlock(
      bytes: (0..<bytes).map { _ in UInt8(truncatingIfNeeded: random.next()) },
      items: [BlockItem(fingerprint: 1, rawLengthBytes: UInt32(bytes), day: 1)], intake: 0,
      ticket: 1)
    for distance in [1, 2, 512, 1023, 1024, 1039, 1040, 1041, 1042, 1043, 1044, 1045] {
      let lap = try Lap(disk, distance: distance)
      #expect(lap.append(event), "it fits the ring at \(distance)")
      try lap.finish([event])
    }
    // The smallest ring takes it too, with all that it holds back.
    let small = try RingHarness(sizeBytes: RingConfiguration.sizeBytesMin)
    for round in 0..<6 {
      #expect(small.writer.append(event, now: small.now), "round \(round)")
      small.commit(isStarved: true)
      let blocks = small.lease()
      #expect(blocks.map(\.rawBytes) == [event.bytes])
      for block in blocks { small.settle(block) }
      small.pass(.seconds(2))
      small.commit(isStarved: true)
    }
  }

  /// One page less, as long, one more; the same around the very end.
  private static func around(_ pages: Int) -> Set<Int> {
    Set([1, 2, 3, pages - 2, pages - 1, pages, pages + 1, pages + 2].filter { $0 > 0 })
  }

  private func place(pages: Int, at distances: [Int]) throws {
    try #require(pages <= Self.longest)
    let disk = LengthDisk(sizeBytes: Self.sizeBytes)
    let blocks = Self.blocks(filling: pages)
    for distance in distances {
      let lap = try Lap(disk, distance: distance)
      for block in blocks { #expect(lap.append(block), "\(pages) pages at \(distance)") }
      #expect(lap.close() == pages, "the group's length")
      try lap.finish(blocks)
    }
  }

  /// Raw blocks, whose length is known, that make a group of exactly so many pages.
  private static func blocks(filling pages: Int) -> [RawBlock] {
    var left = pages * page - RingLayout.groupHeaderBytes - RingLayout.sectionLengthsBytes
    let rows = RingLayout.blockRowBytes + RingLayout.itemRowBytes
    var blocks: [RawBlock] = []
    while left > 0 {
      // The last takes the rest, and never only a row's bytes.
      let bytes = left <= 15_000 + rows ? left - rows : min(14_000, left - 2 * rows - 500)
      let byte = UInt8(truncatingIfNeeded: blocks.count)
      blocks.append(
        RawBlock(
          bytes: [UInt8](repeating: byte, count: bytes),
          items: [
            BlockItem(
              fingerprint: UInt64(blocks.count + 1), rawLengthBytes: UInt32(bytes), day: 1)
          ], intake: 0, ticket: UInt64(blocks.count + 1)))
      left -= bytes + rows
    }
    return blocks
  }

  /// One case: a ring of which the head stands at a distance from the end.
  private final class Lap {
    private let disk: LengthDisk
    private let configuration = RingConfiguration(path: "lengths", sizeBytes: sizeBytes)
    private let distance: Int
    private var writer: RingWriter
    private let start: UInt64
    private let now = MonotonicTime(nanoseconds: 1_000_000_000_000)

    init(_ disk: LengthDisk, distance: Int) throws {
      (self.disk, self.distance) = (disk, distance)
      var superblock = RingOpening.newSuperblock(configuration)
      start = superblock.dataSize - UInt64(distance * page)
      superblock.tail.position = start
      superblock.hint.position = start
      superblock.consumers[0].position = start
      try disk.put(superblock.encoded(), at: 0)
      try disk.put([UInt8](repeating: 0, count: page), at: RingLayout.superblockOffsets[1])
      let state = try RingOpening.recover(configuration, on: disk)
      writer = RingWriter(state: state, configuration: configuration, disk: disk, now: now)
      #expect(writer.head.position == start)
    }

    func append(_ block: RawBlock) -> Bool { writer.append(block, now: now) }

    /// Writes the group; how many pages it takes, without a SKIP before it.
    func close() -> Int {
      writer.closeGroup(wallMilliseconds: 1)
      let length = Int(writer.head.position - start) / page
      return length > distance ? length - distance : length
    }

    /// A small group behind it, a commit, a restart: all comes out, and nothing lies over the end.
    func finish(_ blocks: [RawBlock]) throws {
      writer.closeGroup(wallMilliseconds: 1)
      let small = RawBlock(
        bytes: [1, 2, 3], items: [BlockItem(fingerprint: 77, rawLengthBytes: 3, day: 1)], intake: 0,
        ticket: 99_999)
      var expected = blocks.map(\.bytes)
      if writer.append(small, now: now) { expected.append(small.bytes) }
      writer.closeGroup(wallMilliseconds: 1)
      while writer.beginSync(now: now) {
        _ = writer.endSync(error: nil, took: .zero, now: now)
      }
      let state = try RingOpening.recover(configuration, on: disk)
      writer = RingWriter(state: state, configuration: configuration, disk: disk, now: now)
      var found: [[UInt8]] = []
      while true {
        let leased = writer.lease(rawBytesMax: 16 << 20, itemsMax: 10_000, now: now)
        if leased.isEmpty { break }
        for place in leased {
          let block = try #require(LeasedBlockReader.read(place, on: disk), "distance \(distance)")
          found.append(try #require(block.rawBytes))
          writer.settle(.whole(block, .delivered))
        }
      }
      #expect(found == expected, "distance \(distance)")
      #expect(writer.ledger.quarantined == 0 && writer.ledger.waiting == 0)
      #expect(disk.isWithinBounds, "distance \(distance)")
    }
  }
}
