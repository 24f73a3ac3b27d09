import LogPipeline
import RingSimulation

/// A ring of which every byte that it ever uses lies in 64 KiB: both superblocks and fourteen pages of groups, with whatever
/// kinds of groups there are, and which events each byte may cost.
struct BitImage {
  static let dataPages = 14
  static let sizeBytes = RingLayout.dataStart + UInt64(dataPages * RingLayout.pageBytes)
  static let configuration = RingConfiguration(path: "simulated", sizeBytes: sizeBytes)
  static let now = MonotonicTime(nanoseconds: 1_000_000_000_000)
  private static let fileId: UInt64 = 0x5EED_0F17_C0DE_D00D

  let isHintLast: Bool
  let bytes: [UInt8]
  /// The fingerprints of the events that wait.
  private(set) var waiting: Set<UInt64> = []
  /// What comes out with all bits right, checked against the lines that went in; by the fingerprint of the first event.
  private(set) var blocks: [UInt64: StoredBlock] = [:]
  private(set) var accepted: UInt64 = 0
  /// What the last group holds, if nothing behind it says that it was durable: it can pass for a torn tail.
  private(set) var unwitnessed: Set<UInt64> = []
  /// For each place of the file, the index of what a wrong bit there may cost; -1: nothing.
  private var costs: [Int16]
  private var sets: [Set<UInt64>] = []

  /// `isHintLast`: the superblock was written after the last group; else before all that wait.
  init(isHintLast: Bool) throws(RingError) {
    var superblock = RingOpening.newSuperblock(Self.configuration)
    (superblock.fileId, superblock.ringId) = (Self.fileId, (1, 2))
    let first = superblock.encoded()
    let disk = MemoryDisk(
      first + [UInt8](repeating: 0, count: Int(Self.sizeBytes) - first.count))
    let state = try RingOpening.recover(Self.configuration, on: disk)
    var story = Story(
      disk: disk,
      writer: RingWriter(
        state: state, configuration: Self.configuration, disk: disk, now: Self.now))
    story.run(isHintLast: isHintLast)
    self.isHintLast = isHintLast
    bytes = disk.content
    (waiting, accepted) = (Set(story.lines.keys), story.count)
    costs = [Int16](repeating: -1, count: Int(Self.sizeBytes))
    var last: UInt64 = 0
    for page in 0..<Self.dataPages {
      let start = Int(RingLayout.dataStart) + page * RingLayout.pageBytes
      let head = Array(bytes[start..<start + RingLayout.groupHeaderBytes])
      guard
        let header = GroupHeader(
          head, fileId: Self.fileId, dataSize: Self.sizeBytes - RingLayout.dataStart),
        header.flags.contains(.data), header.firstSequence > story.settled
      else { continue }
      let all = addCosts(of: header, at: start)
      if header.group >= last { (last, unwitnessed) = (header.group, all) }
    }
    if isHintLast { unwitnessed = [] }
    try readBlocks(story.lines)
  }

  private mutating func readBlocks(_ lines: [UInt64: [UInt8]]) throws(RingError) {
    let disk = MemoryDisk(bytes)
    let state = try RingOpening.recover(Self.configuration, on: disk)
    let writer = RingWriter(
      state: state, configuration: Self.configuration, disk: disk, now: Self.now)
    for leased in writer.lease(rawBytesMax: 1 << 20, itemsMax: 10_000, now: Self.now) {
      guard let block = LeasedBlockReader.read(leased, on: disk), let first = block.items.first
      else { continue }
      let written = block.items.flatMap { lines[$0.fingerprint] ?? [] }
      invariant(block.rawBytes == written, "the story's ring holds what went in")
      blocks[first.fingerprint] = block
    }
  }

  /// What a wrong bit at this place may cost.
  func cost(at offset: Int) -> Set<UInt64> { costs[offset] < 0 ? [] : sets[Int(costs[offset])] }

  /// A block's bytes cost the block, all others the group. - Returns: the group's events.
  private mutating func addCosts(of header: GroupHeader, at start: Int) -> Set<UInt64> {
    var itemsAt =
      start + Int(header.tablesAt) + Int(header.blockCount) * RingLayout.blockRowBytes
    var ofBlocks: [(Range<Int>, Set<UInt64>)] = []
    for index in 0..<Int(header.blockCount) {
      let rowAt = start + Int(header.tablesAt) + index * RingLayout.blockRowBytes
      guard let row = BlockRow(bytes, at: rowAt) else { continue }
      let events = (0..<Int(row.itemCount)).map { item in
        fingerprint(at: itemsAt + item * RingLayout.itemRowBytes)
      }
      itemsAt += Int(row.itemCount) * RingLayout.itemRowBytes
      let storedAt = start + Int(row.storedAt)
      ofBlocks.append((storedAt..<storedAt + Int(row.storedLengthBytes), Set(events)))
    }
    let all = ofBlocks.reduce(into: Set<UInt64>()) { $0.formUnion($1.1) }
    set(start..<start + Int(header.lengthBytes), to: all)
    for (range, events) in ofBlocks { set(range, to: events) }
    return all
  }

  private mutating func set(_ range: Range<Int>, to events: Set<UInt64>) {
    sets.append(events)
    for offset in range { costs[offset] = Int16(sets.count - 1) }
  }

  private func fingerprint(at offset: Int) -> UInt64 {
    (0..<8).reduce(0) { $0 | UInt64(bytes[offset + $1]) << UInt64(8 * $1) }
  }
}

extension BitImage {
  /// What happened to the ring before.
  private struct Story {
    let disk: MemoryDisk
    let writer: RingWriter
    var now = BitImage.now
    var count: UInt64 = 0
    /// Up to this sequence, which is also the count: delivered and behind the durable cursor.
    var settled: UInt64 = 0
    var lines: [UInt64: [UInt8]] = [:]
    private var random = SeededRandom(seed: 20_261_127)

    init(disk: MemoryDisk, writer: RingWriter) {
      self.disk = disk
      self.writer = writer
    }

    /// Most of a lap that is delivered; then what waits: a group of two pages with a compressed block, a SKIP at the end,
    /// another such group, one whose commit failed with its second copy, one of two blocks, one of a single event.
    mutating func run(isHintLast: Bool) {
      for _ in 0..<11 {
        append([300, 200])
        commit()
        deliver()
        writeSuperblock()
      }
      (settled, lines) = (count, [:])
      writeSuperblock()
      append([Int](repeating: 700, count: 28))
      commit()
      append([Int](repeating: 690, count: 27))
      commit()
      disk.failsNextSync = true
      append([150, 250, 350])
      commit()
      append([800, 100])
      append([60, 70, 80])
      commit()
      append([500])
      commit()
      if isHintLast {
        writeSuperblock()
        writeSuperblock()
      }
    }

    private mutating func append(_ lengths: [Int]) {
      var block = RawBlock(bytes: [], items: [], intake: 0, ticket: count + 1)
      for length in lengths {
        count += 1
        let line = line(length)
        lines[count] = line
        block.bytes += line
        block.items.append(
          BlockItem(fingerprint: count, rawLengthBytes: UInt32(line.count), day: 20_000, flags: 0))
      }
      let isTaken = writer.append(block, now: now)
      invariant(isTaken, "the story fits its ring")
    }

    /// Compresses to a third or so.
    private mutating func line(_ length: Int) -> [UInt8] {
      var line = Array("{\"create\":\(count)}\n".utf8)
      while line.count < length {
        line += Array("\"field\":\(random.next() % 100_000_000),".utf8)
      }
      return line + [10]
    }

    private func commit() {
      writer.closeGroup(wallMilliseconds: 1_800_000_000_000)
      for _ in 0..<3 {
        guard writer.beginSync(now: now) else { return }
        var failure: SystemError?
        do throws(SystemError) { try disk.syncData() } catch { failure = error }
        _ = writer.endSync(error: failure, took: .milliseconds(1), now: now)
      }
    }

    /// Into the slot whose turn it is.
    private mutating func writeSuperblock() {
      now = now + .seconds(2)
      writer.refused += 1
      commit()
    }

    private func deliver() {
      for leased in writer.lease(rawBytesMax: 1 << 20, itemsMax: 1_000, now: now) {
        guard let block = LeasedBlockReader.read(leased, on: disk) else { continue }
        writer.settle(.whole(block, .delivered))
      }
    }
  }
}
