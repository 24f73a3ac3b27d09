import LogPipeline

/// What becomes of bytes between cache and platter.
extension SimulatedDisk {
  /// What is left is the platter, and of the unsynced sectors those that chance lets through.
  ///
  /// - Parameter eighths: how many of eight unsynced sectors get through; nil: all, none, or any part of them.
  package func losePower(keeping eighths: Int? = nil) {
    counts[.powerCut] += 1
    let odds = eighths ?? [0, 0, 8, 8, 1, 4, 7][random.below(7)]
    var unsynced = dirty
    unsynced.formUnion(volatile)
    var page = (number: -1, kept: 0, lost: 0)
    unsynced.forEach { sector in
      if sector / 8 != page.number {
        if page.kept > 0, page.lost > 0 { counts[.tornPage] += 1 }
        page = (sector / 8, 0, 0)
      }
      if random.below(8) < odds {
        platter.copy(sectorRange(sector), from: cache)
        counts[.sectorKept] += 1
        page.kept += 1
      } else {
        counts[.sectorLost] += 1
        page.lost += 1
      }
    }
    if page.kept > 0, page.lost > 0 { counts[.tornPage] += 1 }
    differing.forEach { cache.copy(sectorRange($0), from: platter) }
    differing.removeAll()
    dirty.removeAll()
    volatile.removeAll()
    restart()
  }

  package func losePower(seed: UInt64) {
    random = SeededRandom(seed: seed)
    losePower()
  }

  /// The process died, the kernel lives: the cache is as it was.
  package func restart() {
    isSyncing = false
    hasStopped = false
    stopAtStep = .max
    failingSyncs = []
    nextSyncFault = nil
    nextWriteFault = nil
    awayAfter = nil
    guardian = WriteGuardian()
  }

  /// Rot, in what is on the platter; the cache may still show the old byte. A bit that is wrong already stays so: a second
  /// flip would heal it, and nobody could tell any more why a block was given up.
  package func rot(at offset: Int, bit: UInt8, isCached: Bool) {
    let isHealing = platter.isSet(bit: bit, at: offset) != intended.isSet(bit: bit, at: offset)
    guard !isHealing else { return }
    counts[.bitRot] += 1
    let sector = offset / Self.sectorBytes
    platter.flip(bit: bit, at: offset)
    touched.insert(offset / Self.pageBytes)
    if isCached || differing.contains(sector) {
      differing.insert(sector)
    } else {
      cache.flip(bit: bit, at: offset)
    }
  }

  package func flipBit(at offset: UInt64, bit: UInt8 = 0) {
    cache.flip(bit: bit, at: Int(offset))
    platter.flip(bit: bit, at: Int(offset))
    touched.insert(Int(offset) / Self.pageBytes)
    guardian = WriteGuardian()
  }

  /// Puts bytes there as if they had always been; what was promised before holds no more.
  package func overwrite(_ bytes: [UInt8], at offset: UInt64) {
    guard !bytes.isEmpty else { return }
    let start = Int(offset)
    guardian = WriteGuardian()
    unsafe bytes.withUnsafeBytes { buffer in
      unsafe cache.write(buffer, at: start)
      unsafe platter.write(buffer, at: start)
    }
    touched.insert(start / Self.pageBytes..<(start + bytes.count - 1) / Self.pageBytes + 1)
  }

  /// What reads show of a range.
  package func shown(_ range: Range<Int>) -> [UInt8] { unsafe [UInt8](cache.slice(range)) }

  /// All that reads show.
  package var content: [UInt8] { shown(0..<sizeBytes) }

  /// The kernel writes some of what is dirty, unasked.
  package func writeBack() {
    counts[.earlyWriteback] += 1
    dirty.forEach { sector in
      if random.below(2) == 0 { persist(sector) }
    }
  }

  func persist(_ sectors: SectorSet) {
    sectors.forEach { persist($0) }
  }

  func persistPart(of sectors: SectorSet) {
    let odds = [0, 2, 4, 6, 8][random.below(5)]
    sectors.forEach { if random.below(8) < odds { persist($0) } }
  }

  func revert(_ sector: Int) {
    cache.copy(sectorRange(sector), from: platter)
    differing.remove(sector)
  }

  func apply(_ fault: SyncFault) throws(SystemError) {
    switch fault {
    case .fails(let shows, let isOutOfSpace):
      let before = syncing
      persistPart(of: syncing)
      before.forEach { settleFailed($0, shows) }
      count(shows, isOutOfSpace: isOutOfSpace)
      throw SystemError(
        code: isOutOfSpace ? Self.outOfSpace : SystemError.inputOutput, operation: "fdatasync")
    case .liesDropped:
      let before = syncing
      persistPart(of: syncing)
      before.forEach { dirty.remove($0) }
      counts[.syncLiedDropped] += 1
    case .liesVolatile:
      let before = syncing
      persistPart(of: syncing)
      before.forEach { sector in
        guard dirty.contains(sector) else { return }
        dirty.remove(sector)
        volatile.insert(sector)
      }
      counts[.syncLiedVolatile] += 1
    case .misdirects: misdirect()
    }
    hasLiedInLastSync = true
  }

  private func persist(_ sector: Int) {
    platter.copy(sectorRange(sector), from: cache)
    dirty.remove(sector)
    differing.remove(sector)
  }

  private func settleFailed(_ sector: Int, _ shows: SyncFault.Cache) {
    guard dirty.contains(sector) else { return }
    switch shows {
    case .staysDirty: break
    case .markedClean: dirty.remove(sector)
    case .reverted:
      dirty.remove(sector)
      revert(sector)
    }
  }

  private func count(_ shows: SyncFault.Cache, isOutOfSpace: Bool) {
    if isOutOfSpace { counts[.syncOutOfSpace] += 1 }
    switch shows {
    case .staysDirty: counts[.syncFailedStaysDirty] += 1
    case .markedClean: counts[.syncFailedMarkedClean] += 1
    case .reverted: counts[.syncFailedReverted] += 1
    }
  }

  /// One page of the sync goes to another page of the data area; its own place keeps what it had.
  private func misdirect() {
    let before = syncing
    let pages = Set(before.members.map { $0 / 8 }).sorted().filter { page in
      UInt64(page * Self.pageBytes) >= RingLayout.dataStart
    }
    guard !pages.isEmpty else { return persist(syncing) }
    counts[.misdirectedWrite] += 1
    let source = pages[random.below(pages.count)] * Self.pageBytes
    let first = Int(RingLayout.dataStart)
    // Near by, where other groups are, or anywhere.
    let near = source + (random.below(9) - 4) * Self.pageBytes
    let anywhere =
      first + random.below((sizeBytes - first) / Self.pageBytes) * Self.pageBytes
    let isNear = random.below(2) == 0 && near >= first && near + Self.pageBytes <= sizeBytes
    let target = isNear ? near : anywhere
    guard target != source else { return persist(syncing) }
    let range = source..<source + Self.pageBytes
    before.forEach { sector in
      if range.contains(sector * Self.sectorBytes) { dirty.remove(sector) } else { persist(sector) }
    }
    platter.copy(range, from: cache, to: target)
    touched.insert(target / Self.pageBytes)
    differing.insert(target / Self.sectorBytes..<target / Self.sectorBytes + 8)
  }
}
