import LogPipeline

/// A disk in memory that can do what disks do: forget unsynced sectors, fail a sync, stop at any step, rot.
///
/// Reads show the cache. What the platter has is known only after `losePower`.
final class SimulatedDisk: Disk, @unchecked Sendable {
  // @unchecked Sendable: each test uses its disk from one thread.
  static let sectorBytes = 512

  private(set) var cache: [UInt8]
  private var platter: [UInt8]
  private var dirty: Set<Int> = []
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
    // At the step where it stops, a write may still reach the cache in part: the sectors decide at power loss.
    let start = Int(offset)
    unsafe cache.replaceSubrange(start..<start + bytes.count, with: bytes)
    let sector = Self.sectorBytes
    dirty.formUnion(start / sector...(start + bytes.count - 1) / sector)
    if isLast { throw SystemError(code: SystemError.inputOutput, operation: "simulated stop") }
  }

  func syncData() throws(SystemError) {
    let isLast = try step("sync")
    syncs += 1
    if isLast { throw SystemError(code: SystemError.inputOutput, operation: "simulated stop") }
    if failingSyncs.contains(syncs) {
      dirty = []
      throw SystemError(code: SystemError.inputOutput, operation: "simulated fdatasync")
    }
    for sector in dirty { copy(sector, from: cache, to: &platter) }
    dirty = []
  }

  func dropCache() {}

  /// What is left is the platter, and of the unsynced sectors those the seed lets through.
  func losePower(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    let oddsOfTen = UInt64.random(in: 0...10, using: &random)
    for sector in dirty.sorted() where UInt64.random(in: 0..<10, using: &random) < oddsOfTen {
      copy(sector, from: cache, to: &platter)
    }
    cache = platter
    restart()
  }

  /// The process died, the kernel lives: the cache is as it was.
  func restart() {
    dirty = losesNothing()
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

  private func losesNothing() -> Set<Int> {
    dirty.filter { sector in
      let range = sector * Self.sectorBytes..<(sector + 1) * Self.sectorBytes
      return cache[range] != platter[range]
    }
  }

  private func step(_ what: String) throws(SystemError) -> Bool {
    if hasStopped { throw SystemError(code: SystemError.inputOutput, operation: "stopped") }
    steps += 1
    hasStopped = steps >= stopAtStep
    return hasStopped
  }

  private func copy(_ sector: Int, from source: [UInt8], to target: inout [UInt8]) {
    let start = sector * Self.sectorBytes
    target.replaceSubrange(
      start..<start + Self.sectorBytes, with: source[start..<start + Self.sectorBytes])
  }
}
