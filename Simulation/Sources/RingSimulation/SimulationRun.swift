import LogPipeline

/// One history: the ring driven step by step over a simulated disk, judged by the model after each.
package final class SimulationRun {
  static let consumerNames = ["delivery", "archive", "rollups"]

  let plan: SimulationPlan
  let disk: SimulatedDisk
  /// Changes only for the next opening: who is named as a consumer, and what they have seen.
  var configuration: RingConfiguration
  var model: RingModel
  var writer: RingWriter?
  /// By consumer.
  var held: [[StoredBlock]] = []
  /// Copies may be on their way of which the disk has seen no header.
  var areMovesInDoubt = false { didSet { if areMovesInDoubt { isDoubtCovered = false } } }
  /// The running sync began after the last doubt, so all was written anew before it.
  private var isDoubtCovered = false
  var now = MonotonicTime(nanoseconds: 1_000_000_000_000)
  private var syncBegan: (at: MonotonicTime, covered: UInt64)?
  /// The next opening stops after so many steps.
  var stepsOfNextRecovery: Int?
  /// How the process ends when the disk stops by itself.
  var endsInPowerCut = false
  var openings = 0
  /// The ring's own number of the last one.
  var openNumber: UInt32 = 0
  private var readOnlyOpening: UInt32 = 0
  /// The newest superblock that the disk said is durable, in any life of the process.
  var promised: Superblock?
  private(set) var failure: SimulationFailure?
  /// The file was refused, rightly: nothing more can happen.
  var isOver = false
  private var stepIndex = 0
  /// Hears of each step, for a replay.
  private(set) var tell: ((String) -> Void)?

  /// Runs a plan on a disk that earlier runs may have used: only what was written is cleared.
  package static func run(
    _ plan: SimulationPlan, on disk: SimulatedDisk, tell: ((String) -> Void)? = nil
  ) -> SimulationResult {
    disk.reset(sizeBytes: plan.sizeBytes, seed: plan.seed)
    let run = SimulationRun(plan, disk)
    run.tell = tell
    run.play()
    return SimulationResult(
      failure: run.failure, counts: disk.counts, stepsRun: run.stepIndex)
  }

  private init(_ plan: SimulationPlan, _ disk: SimulatedDisk) {
    self.plan = plan
    self.disk = disk
    configuration = RingConfiguration(
      path: "simulated", sizeBytes: plan.sizeBytes, compressionLevel: plan.compressionLevel,
      consumers: Array(Self.consumerNames.prefix(plan.consumerCount)), whenFull: plan.whenFull,
      isMovingAllowed: plan.isMovingAllowed)
    model = RingModel(
      oracle: DamageOracle(disk: disk, dataSize: plan.sizeBytes - RingLayout.dataStart),
      isDropping: plan.whenFull == .dropOldest)
  }

  private func play() {
    makeRing()
    open()
    for (index, step) in plan.steps.enumerated() where failure == nil && !isOver {
      stepIndex = index
      perform(step)
      look()
      tell?("\(index) \(step): \(summary)")
    }
    if failure == nil, !isOver { finish() }
  }

  /// Of a file of zeros; the same for the same seed.
  private func makeRing() {
    var superblock = Superblock(
      ringId: (plan.seed, ~plan.seed), fileId: plan.seed | 1, dataEnd: plan.sizeBytes)
    superblock.consumers = configuration.consumers.map { name in
      var record = ConsumerRecord(name: name)
      record.position = plan.startPosition
      return record
    }
    superblock.tail.position = plan.startPosition
    superblock.hint.position = plan.startPosition
    disk.overwrite(superblock.encoded(), at: 0)
  }

  func fail(_ found: @autoclosure () -> String) {
    if failure == nil { failure = SimulationFailure(step: stepIndex, found: found()) }
  }

  func require(_ objection: String?) {
    if let objection { fail(objection) }
  }

  /// After each step: what the disk saw, and whether it stopped.
  func look() {
    require(disk.violation)
    now = now + disk.takeDelay()
    noteGroups()
    for superblock in disk.takeSuperblocks() { require(model.objection(to: superblock)) }
    if let writer, writer.readOnlyReason != nil, readOnlyOpening != openNumber {
      readOnlyOpening = openNumber
      disk.counts[.readOnly] += 1
    }
    guard failure == nil, disk.hasStopped else { return }
    disk.counts[.crashMidStep] += 1
    restart(powerCut: endsInPowerCut)
  }

  func noteGroups() {
    for mark in disk.takeGroups() {
      if mark.isBurn { disk.counts[.burnedGroup] += 1 }
      if mark.isRelocated { disk.counts[mark.isRepacked ? .repackedGroup : .relocatedGroup] += 1 }
      require(model.wrote(mark))
    }
    if model.areCopiesUnknown {
      model.areCopiesUnknown = false
      areMovesInDoubt = true
    }
  }

  /// Where the ring stands, in a line.
  var summary: String {
    let groups = model.groups.suffix(4).map { group in
      let mark = group.mark
      let sort =
        (mark.isBurn ? "burn " : "") + (mark.isSkip ? "skip" : mark.isRelocated ? "copies" : "data")
      let events = mark.eventCount > 0 ? " \(mark.firstSequence)...\(mark.lastSequence)" : ""
      return "#\(mark.number) \(sort)\(events) at \(mark.position)+\(mark.lengthBytes)"
    }
    return
      "offered \(model.fingerprints.count), acknowledged \(model.acknowledgedEvents), cursors \(model.consumers.map(\.cursor)), life \(openings), head \(writer?.head.position ?? 0)\(writer?.readOnlyReason.map { ", read-only: \($0)" } ?? ""); \(groups.joined(separator: ", "))"
  }

  func judgeLedger() {
    guard let writer, failure == nil else { return }
    for index in model.consumers.indices {
      require(model.objection(to: writer.ledger(of: index), of: index))
    }
  }

  // MARK: Commits

  func closeGroup() { writer?.closeGroup(wallMilliseconds: 1_800_000_000_000) }

  func beginSync(isStarved: Bool, isClosing: Bool = false) {
    guard syncBegan == nil, let writer else { return }
    // What a failed commit left is written again first; that too lies before the sync.
    guard writer.beginSync(now: now, isStarved: isStarved, isClosing: isClosing) else { return }
    look()
    guard self.writer === writer else { return }
    let covered =
      writer.readOnlyReason == nil ? model.writtenSequence : model.durableSequence
    syncBegan = (now, covered)
    isDoubtCovered = true
    disk.beginSync()
  }

  func endSync() {
    guard let began = syncBegan, let writer else { return }
    syncBegan = nil
    var failed: SystemError?
    do throws(SystemError) { try disk.syncData() } catch { failed = error }
    let took = now.since(began.at)
    if took > .seconds(1) { disk.counts[.slowSync] += 1 }
    let before = model.durableSequence
    let moved = writer.endSync(error: failed, took: took, now: now)
    require(model.committed(moved, covered: failed == nil ? began.covered : nil))
    if failed == nil, writer.readOnlyReason == nil, isDoubtCovered { areMovesInDoubt = false }
    // What rotted or was hit by another's write meanwhile says nothing about the ring.
    if failed == nil, !disk.hasLiedInLastSync, disk.counts[.bitRot] == 0,
      disk.counts[.misdirectedWrite] == 0
    {
      require(model.objectionToDurable(from: before))
    }
    judgeLedger()
  }

  func forgetSync() { syncBegan = nil }
}
