import LogPipeline
import RingSimulation

/// Runs histories in this process. A broken invariant of the ring ends the process; whoever started it sees that.
struct SeedWorker {
  private let disk = SimulatedDisk(sizeBytes: RingLayout.dataStart + (4 << 20))

  /// One line a failed seed, then how many ran, then one with the counts of faults.
  func run(_ seeds: Range<UInt64>, isTelling: Bool, isShort: Bool) {
    var counts = FaultCounts()
    var seedsRun = 0
    for seed in seeds {
      let plan = SimulationPlan(seed: seed)
      if isShort, !plan.isShort { continue }
      seedsRun += 1
      if isTelling { StandardStreams.write("seed \(seed)\n") }
      let result = SimulationRun.run(plan, on: disk)
      counts.add(result.counts)
      if let failure = result.failure { StandardStreams.write("failed \(seed) \(failure)\n") }
    }
    StandardStreams.write("ran \(seedsRun)\n")
    let numbers = counts.counts.map { "\($0)" }.joined(separator: " ")
    StandardStreams.write("counts \(numbers)\n")
  }

  /// Tells the history; true when it holds.
  func replay(_ seed: UInt64, _ history: [Int]?, isTelling: Bool) -> Bool {
    let plan = SimulationPlan(seed: seed)
    let chosen = history.map { plan.keeping($0) } ?? plan
    let result = SimulationRun.run(chosen, on: disk) { line in
      if isTelling { StandardStreams.write("  \(line)\n") }
    }
    if let failure = result.failure { StandardStreams.write("seed \(seed) \(failure)\n") }
    return result.failure == nil
  }

  /// One line: the steps of the shortest failing history that was found.
  func shrink(_ seed: UInt64) {
    let plan = SimulationPlan(seed: seed)
    guard let failure = SimulationRun.run(plan, on: disk).failure else { return }
    let shortest = HistoryShrinker { SimulationRun.run($0, on: disk).failure }
      .shortest(plan, failure)
    StandardStreams.write("history \(SimulatorOptions.text(of: shortest.kept))\n")
  }
}
