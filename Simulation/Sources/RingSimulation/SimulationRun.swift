import LogPipeline

/// One history: the ring driven step by step over a simulated disk, judged by the model after each.
package final class SimulationRun {
  let plan: SimulationPlan
  let disk: SimulatedDisk
  let configuration: RingConfiguration
  var model: RingModel
  var writer: RingWriter?
  var held: [StoredBlock] = []
  var now = MonotonicTime(nanoseconds: 1_000_000_000_000)
  private var syncBegan: (at: MonotonicTime, covered: Int)?
  /// The next opening stops after so many steps.
  var stepsOfNextRecovery: Int?
  /// How the process ends when the disk stops by itself.
  var endsInPowerCut = false
  var openings = 0
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
      path: "simulated", sizeBytes: plan.sizeBytes, compressionLevel: plan.compressionLevel)
    model = RingModel(
      oracle: DamageOracle(disk: disk, dataSize: plan.sizeBytes - RingLayout.dataStart))
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
    superblock.consumers = [ConsumerRecord(name: configuration.consumers[0])]
    superblock.consumers[0].position = plan.startPosition
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
    for mark in disk.takeGroups() { model.wrote(mark) }
    for superblock in disk.takeSuperblocks() {
      require(model.passed(superblock.consumers[0]))
      if superblock.accepted != UInt64(model.acknowledgedEvents)
        || superblock.hint.sequence != superblock.accepted + 1
      {
        fail("a superblock calls \(superblock.accepted) events accepted, not those acknowledged")
      }
    }
    guard failure == nil, disk.hasStopped else { return }
    disk.counts[.crashMidStep] += 1
    restart(powerCut: endsInPowerCut)
  }

  /// Where the ring stands, in a line.
  var summary: String {
    let groups = model.groups.suffix(4).map { group in
      let mark = group.mark
      let sort = mark.isSkip ? "skip" : mark.isBurn ? "burn" : "data"
      return "#\(mark.number) \(sort) at \(mark.position)+\(mark.lengthBytes)"
    }
    return
      "offered \(model.fingerprints.count), acknowledged \(model.acknowledgedEvents), cursor \(model.cursor), life \(openings), head \(writer?.head.position ?? 0)\(writer?.readOnlyReason.map { ", read-only: \($0)" } ?? ""); \(groups.joined(separator: ", "))"
  }

  func judgeLedger() {
    guard let writer, failure == nil else { return }
    require(model.objection(to: writer.ledger))
  }

  // MARK: Commits

  func closeGroup() { writer?.closeGroup(wallMilliseconds: 1_800_000_000_000) }

  func beginSync(isStarved: Bool, isClosing: Bool = false) {
    guard syncBegan == nil, let writer else { return }
    // What a failed commit left is written again first; that too lies before the sync.
    guard writer.beginSync(now: now, isStarved: isStarved, isClosing: isClosing) else { return }
    look()
    guard self.writer === writer else { return }
    let covered = model.groups.reduce(0) { max($0, Int($1.mark.lastSequence)) }
    syncBegan = (now, max(covered, model.acknowledgedEvents))
    disk.beginSync()
  }

  func endSync() {
    guard let began = syncBegan, let writer else { return }
    syncBegan = nil
    var failed: SystemError?
    do throws(SystemError) { try disk.syncData() } catch { failed = error }
    let took = now.since(began.at)
    if took > .seconds(1) { disk.counts[.slowSync] += 1 }
    let before = model.acknowledgedEvents
    let moved = writer.endSync(error: failed, took: took, now: now)
    if failed != nil, !moved.isEmpty { fail("a commit that failed acknowledged something") }
    require(model.acknowledged(moved, covered: began.covered))
    // What rotted or was hit by another's write meanwhile says nothing about the ring.
    if failed == nil, !disk.hasLiedInLastSync, disk.counts[.bitRot] == 0,
      disk.counts[.misdirectedWrite] == 0
    {
      require(model.objectionToAcknowledged(from: before))
    }
    judgeLedger()
  }

  func forgetSync() { syncBegan = nil }
}
