/// Makes a ring ready to serve: reads both superblocks, finds the log's end, repairs, counts the opening.
///
/// Crashing anywhere in it and starting over comes to the same state: until the last step the disk is only given bytes
/// it already has.
package struct RingOpening {
  private let disk: any Disk
  private let configuration: RingConfiguration
  private var path: String { configuration.path }

  /// - Throws: when it must not serve; the events on disk stay as they are.
  package static func recover(
    _ configuration: RingConfiguration, on disk: any Disk
  ) throws(RingError) -> RingState {
    let opening = RingOpening(disk: disk, configuration: configuration)
    do throws(SystemError) {
      // What an earlier process wrote is made durable, or its error seen, before anything is believed.
      try disk.syncData()
      disk.dropCache()
    } catch {
      throw .system(path: configuration.path, error)
    }
    let (slot, superblock, isOtherBad) = try opening.newest()
    var outcome = try opening.findEnd(superblock)
    opening.jumpSequence(&outcome, of: superblock)
    outcome.report.isSuperblockRepaired = isOtherBad && superblock.openNumber > 0
    do throws(SystemError) {
      try opening.rewrite(outcome, dataSize: superblock.dataSize)
      return try opening.begin(superblock, slot: slot, outcome)
    } catch {
      throw .system(path: configuration.path, error)
    }
  }

  /// A disk that lied, or a file put back from a copy: sequences that a consumer has seen are not given again.
  private func jumpSequence(_ outcome: inout RingRecovery.Outcome, of superblock: Superblock) {
    let stream = StreamId(high: superblock.ringId.0, low: superblock.ringId.1)
    let known = configuration.lastKnownSequence?(stream) ?? 0
    guard known >= outcome.end.sequence else { return }
    outcome.report.sequencesJumped = known + 1 - outcome.end.sequence
    outcome.end.sequence = known + 1
    // Numbers without an accepted event, as those of copies.
    outcome.end.relocated += outcome.report.sequencesJumped
    Log.error(
      "A consumer has events that the ring does not know any more: the disk lost the newest commits, or the file was put back from a copy. Numbering goes on behind them",
      ("path", path), ("events", "\(outcome.report.sequencesJumped)"))
  }

  /// Of a file of zeros.
  package static func newSuperblock(_ configuration: RingConfiguration) -> Superblock {
    let page = UInt64(RingLayout.pageBytes)
    let dataSize = (configuration.sizeBytes - RingLayout.dataStart) / page * page
    var superblock = Superblock(
      ringId: (.random(in: 0 ... .max), .random(in: 0 ... .max)), fileId: .random(in: 1 ... .max),
      dataEnd: RingLayout.dataStart + dataSize)
    superblock.consumers = configuration.consumers.map { ConsumerRecord(name: $0) }
    return superblock
  }

  /// The events from the cursor on are delivered again, so copies of them are void from here on.
  private func noteVoidCopies(in next: inout Superblock, jumped: UInt64) {
    let cursor = next.consumers[0].sequence
    next.voids.removeAll { $0.headSequence <= cursor }
    if next.hint.relocated - jumped > next.relocatedAtOpen, cursor < next.hint.sequence {
      next.voids.append(VoidedCopies(cursorSequence: cursor, headSequence: next.hint.sequence))
    }
    next.relocatedAtOpen = next.hint.relocated
  }

  /// As configured now: new ones start at the head, and what is no longer named does not hold the tail.
  private func seatConsumers(in next: inout Superblock) {
    let known = next.consumers
    for gone in known.dropFirst() where !configuration.consumers.contains(gone.name) {
      Log.warning(
        "The ring had a consumer that is no longer configured: it is forgotten, and what it had not read goes to the others only",
        ("path", path), ("consumer", gone.name),
        ("events_not_read", "\(next.accepted - gone.base - gone.settled)"))
    }
    next.consumers = configuration.consumers.map { name in
      if let record = known.first(where: { $0.name == name }) { return record }
      var record = ConsumerRecord(name: name)
      record.sequence = next.hint.sequence
      record.position = next.hint.position
      record.group = next.hint.group
      record.relocated = next.hint.relocated
      record.base = next.accepted
      return record
    }
  }

  private func newest() throws(RingError) -> (slot: Int, Superblock, isOtherBad: Bool) {
    var readings: [Superblock.Reading] = []
    var failures: [SystemError] = []
    for offset in RingLayout.superblockOffsets {
      do throws(SystemError) {
        readings.append(Superblock.read(try disk.bytes(at: offset, count: RingLayout.pageBytes)))
      } catch {
        failures.append(error)
        readings.append(.damaged)
      }
    }
    if failures.count == readings.count { throw .system(path: path, failures[0]) }
    var best: (slot: Int, Superblock)?
    for (slot, reading) in readings.enumerated() {
      switch reading {
      case .valid(let found):
        if let known = best, known.1.generation >= found.generation { continue }
        best = (slot, found)
      case .otherVersion(let version):
        throw .otherVersion(path: path, found: version, known: RingLayout.version)
      case .damaged, .foreign: continue
      }
    }
    guard let best else {
      let hasMark = readings.contains(.damaged)
      guard let rebuilt = SuperblockRebuild.superblock(from: disk, configuration) else {
        throw hasMark ? .damagedSuperblocks(path: path) : .notARing(path: path)
      }
      return (0, rebuilt, true)
    }
    try check(best.1)
    var isOtherBad = true
    if case .valid = readings[1 - best.slot] { isOtherBad = false }
    return (best.slot, best.1, isOtherBad)
  }

  private func check(_ superblock: Superblock) throws(RingError) {
    guard superblock.dataEnd <= configuration.sizeBytes else {
      throw .sizeDiffers(
        path: path, foundBytes: superblock.dataEnd, configuredBytes: configuration.sizeBytes)
    }
    guard let consumer = superblock.consumers.first else { throw .damagedSuperblocks(path: path) }
    guard consumer.name == configuration.consumers[0] else {
      throw .unknownConsumer(
        path: path, wanted: configuration.consumers[0], found: consumer.name)
    }
  }

  private func findEnd(_ superblock: Superblock) throws(RingError) -> RingRecovery.Outcome {
    var recovery = RingRecovery(superblock: superblock)
    while case .bytes(let position, let count) = recovery.need {
      let offset = RingLayout.dataStart + position % superblock.dataSize
      do throws(SystemError) {
        recovery.take(try disk.bytes(at: offset, count: count))
      } catch {
        // A sector that can not be read is judged like one that reads wrong; a disk that is away is not judged.
        guard disk.isReadable else { throw .system(path: path, error) }
        recovery.take(
          recovery.isLookingAhead ? disk.readableBytes(at: offset, count: count) : nil)
      }
    }
    return recovery.result
  }

  /// The kernel may call pages clean that never reached the disk: give it the same bytes again.
  private func rewrite(_ outcome: RingRecovery.Outcome, dataSize: UInt64) throws(SystemError) {
    var position = outcome.rewriteFrom
    while position < outcome.end.position {
      let inDisk = position % dataSize
      let count = Int(min(256 << 10, outcome.end.position - position, dataSize - inDisk))
      let offset = RingLayout.dataStart + inDisk
      let page = RingLayout.pageBytes
      if let bytes = try? disk.bytes(at: offset, count: count) {
        try disk.write(bytes, at: offset)
      } else {
        // Only the pages that can not be read are left as they are.
        for start in stride(from: 0, to: count, by: page) {
          guard let bytes = try? disk.bytes(at: offset + UInt64(start), count: page) else {
            continue
          }
          try disk.write(bytes, at: offset + UInt64(start))
        }
      }
      position += UInt64(count)
    }
  }

  /// Both slots, each with its own sync, so that losing any one of them still leaves this opening's number.
  private func begin(
    _ found: Superblock, slot: Int, _ outcome: RingRecovery.Outcome
  ) throws(SystemError) -> RingState {
    var next = found
    next.flags &= Superblock.flagJumped
    next.openNumber += 1
    next.openNonce = .random(in: 0 ... .max)
    next.hint = outcome.end
    next.openings = LogOpening.adding(
      next.openNumber, at: outcome.end.position, to: found.openings)
    next.durableGroup = outcome.end.group - 1
    next.accepted += outcome.end.accepted(since: found.hint)
    if outcome.report.sequencesJumped > 0 { next.flags |= Superblock.flagJumped }
    // Who has had all stands behind the jump, too; not who was displaced to there by an opening before.
    for index in next.consumers.indices
    where next.consumers[index].position == next.hint.position
      && next.consumers[index].flags & ConsumerRecord.flagDisplaced == 0
    {
      next.consumers[index].sequence = next.hint.sequence
      next.consumers[index].relocated = next.hint.relocated
    }
    next.refused = outcome.refused
    next.burns = outcome.burns.suffix(RingLayout.burnsMax)
    if outcome.tailPosition > next.tail.position {
      // This superblock is older than what was freed since: the cursor's place is gone, the reader counts the gap.
      (next.tail.position, next.tail.group) = (outcome.tailPosition, outcome.tailGroup)
      for index in next.consumers.indices
      where next.consumers[index].position < outcome.tailPosition {
        next.consumers[index].position = outcome.tailPosition
        next.consumers[index].group = outcome.tailGroup
        next.consumers[index].flags |= ConsumerRecord.flagDisplaced
      }
    }
    noteVoidCopies(in: &next, jumped: outcome.report.sequencesJumped)
    seatConsumers(in: &next)
    for target in [1 - slot, slot] {
      next.generation += 1
      try disk.write(next.encoded(), at: RingLayout.superblockOffsets[target])
      try disk.syncData()
    }
    return RingState(
      superblock: next, nextSlot: 1 - slot, end: outcome.end, report: outcome.report)
  }
}
