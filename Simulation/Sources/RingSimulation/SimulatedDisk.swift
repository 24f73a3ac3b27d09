package import LogPipeline

/// A disk in memory that can do what disks do: forget unsynced sectors, fail a sync or lie about it, put a write at
/// another place, stop at any step, rot.
///
/// Three layers: what reads show (the kernel's cache), what the platter has, and what the ring meant to be there.
/// The third is the judge's: comparing it with the others says which bytes are damaged. The disk also checks each
/// write: none may touch what lies between the durable tail and the head, nor the newest superblock.
package final class SimulatedDisk: Disk, @unchecked Sendable {
  // @unchecked Sendable: each run uses its disk from one thread.
  package static let sectorBytes = 512
  static let pageBytes = RingLayout.pageBytes
  /// errno values, for messages alone.
  static let outOfSpace: Int32 = 28

  package private(set) var sizeBytes: Int
  let cache: DiskImage
  let platter: DiskImage
  let intended: DiskImage
  /// By page, the number of the last write that the ring meant for it; they only grow, also from run to run.
  private var intendedWrites: [Int]
  private(set) var writes = 0
  /// Pages ever written, to be zeroed before the next run.
  var touched: SectorSet
  /// Newer in the cache than on the platter, and the kernel knows.
  var dirty: SectorSet
  /// In the drive's own memory, and the drive has said that it is on the platter.
  var volatile: SectorSet
  /// Where cache and platter may differ.
  var differing: SectorSet
  /// What the running sync covers.
  var syncing: SectorSet
  var isSyncing = false

  package private(set) var steps = 0
  package private(set) var syncs = 0
  package private(set) var writesFailed = 0
  package internal(set) var hasStopped = false
  /// From this step on (counted from 1) nothing works any more.
  package var stopAtStep = Int.max
  /// Nothing is to be read or written meanwhile.
  package var isAway = false
  /// It goes away in the middle of the read or write with this number from now, counted from 1.
  package var awayAfter: Int?
  /// The write with this number from now, counted from 1, takes so long.
  package var slowWrite: (after: Int, time: Duration)?
  /// What slow writes have taken, for whoever keeps the time.
  package private(set) var delay = Duration.zero
  /// Dropping the cache does nothing: somebody else holds its pages.
  package var isCacheHeld = false
  package var unreadable: Range<UInt64> = 0..<0
  /// By number, counted from 1; the older tests name them so.
  package var failingSyncs: Set<Int> = []
  package var nextSyncFault: SyncFault?
  /// With how many writes before it.
  package var nextWriteFault: (fault: WriteFault, after: Int)?
  package var random = SeededRandom(seed: 0)

  package var counts = FaultCounts()
  /// The first broken promise that a write showed.
  package internal(set) var violation: String?
  /// The last successful sync may have left something behind.
  package internal(set) var hasLiedInLastSync = false
  var guardian = WriteGuardian()
  /// Superblocks written since they were last taken, oldest first.
  package internal(set) var superblocksWritten: [Superblock] = []
  /// Group headers written since they were last taken, oldest first.
  package internal(set) var groupsWritten: [GroupMark] = []

  package init(sizeBytes: UInt64) {
    let size = Int(sizeBytes)
    self.sizeBytes = size
    cache = DiskImage(count: size)
    platter = DiskImage(count: size)
    intended = DiskImage(count: size)
    intendedWrites = [Int](repeating: 0, count: size / Self.pageBytes)
    touched = SectorSet(count: size / Self.pageBytes)
    dirty = SectorSet(count: size / Self.sectorBytes)
    (volatile, differing, syncing) = (dirty, dirty, dirty)
  }

  /// A disk of zeros again, of at most the size it was made with; costs only what was written.
  package func reset(sizeBytes: UInt64, seed: UInt64) {
    touched.forEach { page in
      let range = page * Self.pageBytes..<(page + 1) * Self.pageBytes
      cache.clear(range)
      platter.clear(range)
      intended.clear(range)
    }
    touched.removeAll()
    for set in [\SimulatedDisk.dirty, \.volatile, \.differing, \.syncing] {
      self[keyPath: set].removeAll()
    }
    self.sizeBytes = Int(sizeBytes)
    (steps, syncs, stopAtStep) = (0, 0, .max)
    (isSyncing, hasStopped, isAway, isCacheHeld) = (false, false, false, false)
    (awayAfter, slowWrite, delay) = (nil, nil, .zero)
    (unreadable, failingSyncs, nextSyncFault, nextWriteFault) = (0..<0, [], nil, nil)
    random = SeededRandom(seed: seed)
    counts = FaultCounts()
    (violation, hasLiedInLastSync) = (nil, false)
    guardian = WriteGuardian()
    superblocksWritten = []
    groupsWritten = []
  }

  package func read(
    into buffer: UnsafeMutableRawBufferPointer, at offset: UInt64
  ) throws(SystemError) {
    if hasStopped || isAway || unreadable.overlaps(offset..<offset + UInt64(buffer.count)) {
      throw Self.failure("read")
    }
    let isCut = goesAway()
    let count = isCut ? random.below(buffer.count) : buffer.count
    unsafe buffer.copyMemory(from: cache.slice(Int(offset)..<Int(offset) + count))
    if isCut {
      counts[.diskAwayInRead] += 1
      throw Self.failure("read")
    }
  }

  package func write(_ bytes: UnsafeRawBufferPointer, at offset: UInt64) throws(SystemError) {
    if hasStopped || isAway { writesFailed += 1 }
    let isLast = try step("write")
    let start = Int(offset)
    let isChange = unsafe !cache.isEqual(bytes, at: start)
    if isChange { unsafe check(bytes, at: start) }
    var kept = bytes.count
    var failure: SystemError?
    if isLast {
      kept = random.below(3) == 0 ? random.below(bytes.count + 1) : bytes.count
      failure = Self.failure("stop")
    } else if let fault = takeWriteFault() {
      kept = fault == .short ? random.below(bytes.count) : 0
      failure = SystemError(
        code: fault == .error ? SystemError.inputOutput : Self.outOfSpace,
        operation: "simulated write")
    } else if goesAway() {
      counts[.diskAwayInWrite] += 1
      kept = random.below(bytes.count)
      failure = Self.failure("write")
    }
    takeTime()
    let range = start..<start + bytes.count
    // An opening gives the disk the bytes it has, good or bad; that says nothing of what they should be.
    if isChange || guardian.promised != nil {
      unsafe intended.write(bytes, at: start)
      noteIntended(start..<start + bytes.count)
    }
    touched.insert(start / Self.pageBytes..<(range.upperBound - 1) / Self.pageBytes + 1)
    unsafe note(bytes, at: start, isWhole: failure == nil)
    unsafe store(UnsafeRawBufferPointer(rebasing: bytes[..<kept]), at: start)
    if unreadable.overlaps(UInt64(range.lowerBound)..<UInt64(range.upperBound)), failure == nil {
      unreadable = 0..<0
    }
    if let failure {
      writesFailed += 1
      throw failure
    }
  }

  /// The sync that is asked for now starts here, and ends with `syncData`: writes between are not part of it.
  package func beginSync() {
    syncing = dirty
    isSyncing = true
    guardian.syncBegan()
  }

  package func syncData() throws(SystemError) {
    if !isSyncing { beginSync() }
    isSyncing = false
    hasLiedInLastSync = false
    if isAway { guardian.syncFailed() }
    let isLast = try step("sync")
    syncs += 1
    if isLast {
      persistPart(of: syncing)
      throw Self.failure("stop")
    }
    if failingSyncs.contains(syncs) { nextSyncFault = .fails(.markedClean, isOutOfSpace: false) }
    let fault = nextSyncFault
    nextSyncFault = nil
    guard let fault else {
      persist(syncing)
      persist(volatile)
      volatile.removeAll()
      return guardian.syncSucceeded()
    }
    if case .fails = fault { guardian.syncFailed() }
    try apply(fault)
    guardian.syncSucceeded()
  }

  package func dropCache() {
    if isCacheHeld {
      counts[.warmCache] += 1
      return
    }
    differing.forEach { sector in
      if !dirty.contains(sector), !volatile.contains(sector) { revert(sector) }
    }
  }

  /// The number of the newest write that the ring meant for any page of this range.
  func lastWrite(in range: Range<Int>) -> Int {
    intendedWrites[pages(of: range)].max() ?? 0
  }

  private func noteIntended(_ range: Range<Int>) {
    writes += 1
    for page in pages(of: range) { intendedWrites[page] = writes }
  }

  private func pages(of range: Range<Int>) -> Range<Int> {
    range.lowerBound / Self.pageBytes..<(range.upperBound - 1) / Self.pageBytes + 1
  }

  /// What reads would show once the cache is dropped.
  func bytesAfterDrop(at offset: Int, count: Int) -> [UInt8] {
    var bytes = unsafe [UInt8](cache.slice(offset..<offset + count))
    if isCacheHeld { return bytes }
    for sector in offset / Self.sectorBytes..<(offset + count) / Self.sectorBytes
    where differing.contains(sector) && !dirty.contains(sector) && !volatile.contains(sector) {
      let range = sectorRange(sector)
      let place = range.lowerBound - offset
      unsafe bytes.replaceSubrange(place..<place + range.count, with: platter.slice(range))
    }
    return bytes
  }

  func sectorRange(_ sector: Int) -> Range<Int> {
    sector * Self.sectorBytes..<(sector + 1) * Self.sectorBytes
  }

  static func failure(_ what: String) -> SystemError {
    SystemError(code: SystemError.inputOutput, operation: what)
  }

  /// Into the cache, as the kernel takes it.
  private func store(_ bytes: UnsafeRawBufferPointer, at start: Int) {
    guard unsafe !bytes.isEmpty else { return }
    let sectors = start / Self.sectorBytes..<(start + bytes.count - 1) / Self.sectorBytes + 1
    for sector in sectors {
      // What the running sync covers goes out as it was when the sync began.
      if isSyncing, syncing.contains(sector) {
        platter.copy(sectorRange(sector), from: cache)
        syncing.remove(sector)
      }
      dirty.insert(sector)
      differing.insert(sector)
      volatile.remove(sector)
    }
    unsafe cache.write(bytes, at: start)
  }

  /// What slow writes have taken since it was last asked.
  package func takeDelay() -> Duration {
    defer { delay = .zero }
    return delay
  }

  private func takeTime() {
    guard let slow = slowWrite else { return }
    guard slow.after <= 1 else {
      slowWrite = (slow.after - 1, slow.time)
      return
    }
    slowWrite = nil
    delay += slow.time
    counts[.slowWrite] += 1
  }

  private func goesAway() -> Bool {
    guard let left = awayAfter else { return false }
    awayAfter = left > 1 ? left - 1 : nil
    isAway = left <= 1
    return isAway
  }

  private func takeWriteFault() -> WriteFault? {
    guard let planned = nextWriteFault else { return nil }
    guard planned.after <= 0 else {
      nextWriteFault = (planned.fault, planned.after - 1)
      return nil
    }
    nextWriteFault = nil
    switch planned.fault {
    case .error: counts[.writeError] += 1
    case .outOfSpace: counts[.writeOutOfSpace] += 1
    case .short: counts[.shortWrite] += 1
    }
    return planned.fault
  }

  private func step(_ what: StaticString) throws(SystemError) -> Bool {
    if hasStopped || isAway { throw Self.failure("away") }
    steps += 1
    hasStopped = steps >= stopAtStep
    return hasStopped
  }
}
