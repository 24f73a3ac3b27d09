import LogPipeline
import Testing

/// A disk in memory that can do what disks do: forget unsynced sectors, fail a sync, stop at any step, rot.
///
/// Reads show the cache. What the platter has is known only after `losePower`.
final class SimulatedDisk: Disk, @unchecked Sendable {
  // @unchecked Sendable: each test uses its disk from one thread.
  static let sectorBytes = 512

  private(set) var cache: [UInt8]
  private var platter: [UInt8]
  private var dirty: Set<Int> = []
  /// What a sync that has begun will make durable: bytes by sector, as they were then.
  private var syncing: [Int: [UInt8]]?
  private(set) var steps = 0
  private(set) var syncs = 0
  private(set) var hasStopped = false
  /// From this step on (counted from 1) nothing works any more.
  var stopAtStep = Int.max
  /// Syncs (counted from 1) that fail. The kernel then calls the pages clean although they are not on the platter.
  var failingSyncs: Set<Int> = []
  /// Sectors that can not be read.
  var unreadable: Range<UInt64> = 0..<0

  init(sizeBytes: UInt64) {
    cache = [UInt8](repeating: 0, count: Int(sizeBytes))
    platter = cache
  }

  func read(into buffer: UnsafeMutableRawBufferPointer, at offset: UInt64) throws(SystemError) {
    if hasStopped || unreadable.overlaps(offset..<offset + UInt64(buffer.count)) {
      throw SystemError(code: SystemError.inputOutput, operation: "simulated read")
    }
    unsafe buffer.copyBytes(from: cache[Int(offset)..<Int(offset) + buffer.count])
  }

  func write(_ bytes: UnsafeRawBufferPointer, at offset: UInt64) throws(SystemError) {
    let isLast = try step("write")
    if unsafe !cache[Int(offset)..<Int(offset) + bytes.count].elementsEqual(bytes) {
      checkIsFree(offset..<offset + UInt64(bytes.count))
    }
    // At the step where it stops, a write may still reach the cache in part: the sectors decide at power loss.
    let start = Int(offset)
    unsafe cache.replaceSubrange(start..<start + bytes.count, with: bytes)
    let sector = Self.sectorBytes
    dirty.formUnion(start / sector...(start + bytes.count - 1) / sector)
    if isLast { throw SystemError(code: SystemError.inputOutput, operation: "simulated stop") }
  }

  /// The sync that is asked for now starts here, and ends with `syncData`: writes between are not part of it.
  func beginSync() { syncing = contents(of: dirty) }

  func syncData() throws(SystemError) {
    let isLast = try step("sync")
    syncs += 1
    if isLast { throw SystemError(code: SystemError.inputOutput, operation: "simulated stop") }
    if failingSyncs.contains(syncs) {
      dirty = []
      syncing = nil
      throw SystemError(code: SystemError.inputOutput, operation: "simulated fdatasync")
    }
    // Only what was written before it began; the rest may or may not be, and here it is not.
    for (sector, bytes) in syncing ?? contents(of: dirty) {
      let range = sectorRange(sector)
      platter.replaceSubrange(range, with: bytes)
      if cache[range] == platter[range] { dirty.remove(sector) }
    }
    syncing = nil
  }

  func dropCache() {}

  /// What is left is the platter, and of the unsynced sectors those the seed lets through.
  func losePower(seed: UInt64, keepingUnsynced: Bool = true) {
    var random = SeededRandom(seed: seed)
    let oddsOfTen = keepingUnsynced ? UInt64.random(in: 0...10, using: &random) : 0
    for sector in dirty.sorted() where UInt64.random(in: 0..<10, using: &random) < oddsOfTen {
      copy(sector, from: cache, to: &platter)
    }
    cache = platter
    restart()
  }

  /// The process died, the kernel lives: the cache is as it was.
  func restart() {
    syncing = nil
    dirty = dirty.filter { cache[sectorRange($0)] != platter[sectorRange($0)] }
    hasStopped = false
    stopAtStep = .max
    failingSyncs = []
  }

  func flipBit(at offset: UInt64, bit: UInt8 = 0) {
    cache[Int(offset)] ^= 1 << bit
    platter[Int(offset)] ^= 1 << bit
  }

  func overwrite(_ bytes: [UInt8], at offset: UInt64) {
    cache.replaceSubrange(Int(offset)..<Int(offset) + bytes.count, with: bytes)
    platter.replaceSubrange(Int(offset)..<Int(offset) + bytes.count, with: bytes)
  }

  /// Nothing between the tail and the hint of the newest superblock on the platter is written over (invariant b).
  private func checkIsFree(_ range: Range<UInt64>) {
    let found = RingLayout.superblockOffsets.compactMap { offset -> Superblock? in
      let slot = Array(platter[Int(offset)..<Int(offset) + RingLayout.pageBytes])
      if case .valid(let superblock) = Superblock.read(slot) { return superblock }
      return nil
    }
    guard range.lowerBound >= RingLayout.dataStart,
      let newest = found.max(by: { $0.generation < $1.generation })
    else { return }
    // The lap of the written place that is at or behind the tail.
    let size = newest.dataSize
    let place = range.lowerBound - RingLayout.dataStart
    let fromTail = (place + size - newest.tail.position % size) % size
    let live = newest.hint.position - newest.tail.position
    #expect(
      fromTail >= live && fromTail + UInt64(range.count) <= size,
      "a write at \(range) touches what lies between the durable tail and the head")
  }

  private func contents(of sectors: Set<Int>) -> [Int: [UInt8]] {
    Dictionary(uniqueKeysWithValues: sectors.map { ($0, Array(cache[sectorRange($0)])) })
  }

  private func sectorRange(_ sector: Int) -> Range<Int> {
    sector * Self.sectorBytes..<(sector + 1) * Self.sectorBytes
  }

  private func step(_ what: String) throws(SystemError) -> Bool {
    if hasStopped { throw SystemError(code: SystemError.inputOutput, operation: "stopped") }
    steps += 1
    hasStopped = steps >= stopAtStep
    return hasStopped
  }

  private func copy(_ sector: Int, from source: [UInt8], to target: inout [UInt8]) {
    target.replaceSubrange(sectorRange(sector), with: source[sectorRange(sector)])
  }
}
