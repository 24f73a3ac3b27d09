import LogPipeline
import RingSimulation
import Testing

/// Goal: the ring keeps its promises in any history of work, faults, crashes and restarts.
/// Method: the simulator's histories, a few hundred here in debug; `make simulate` runs as many as there is time for.
/// Each is judged step by step by a model that shares no code with the ring.
@Suite struct RingSimulationTests {
  @Test(arguments: [0, 1])
  func `the ring keeps its promises in simulated histories`(part: UInt64) {
    let disk = SimulatedDisk(sizeBytes: RingLayout.dataStart + (4 << 20))
    for seed in part * 100..<part * 100 + 100 {
      let result = SimulationRun.run(SimulationPlan(seed: seed), on: disk)
      #expect(
        result.failure == nil, "replay: make simulate REPLAY='--replay \(seed)'")
    }
  }

  /// Each has shown a fault of the ring, or of the model, once.
  @Test(
    arguments: [
      294_142, 523_151, 936_974, 721_847_356_112_814_040, 721_847_356_112_949_235,
      721_847_356_113_174_566, 721_847_356_113_244_337, 721_847_356_113_284_779,
      721_847_356_113_387_181, 900_000_000_000_177_326, 900_000_000_000_303_248,
      900_000_000_000_393_616, 228_423,
    ] as [UInt64])
  func `histories that failed once do not fail again`(seed: UInt64) {
    let disk = SimulatedDisk(sizeBytes: RingLayout.dataStart + (4 << 20))
    let result = SimulationRun.run(SimulationPlan(seed: seed), on: disk)
    #expect(result.failure == nil, "replay: make simulate REPLAY='--replay \(seed)'")
  }

  @Test func `the same seed is the same history`() {
    let disk = SimulatedDisk(sizeBytes: RingLayout.dataStart + (4 << 20))
    let runs = (0..<2).map { _ in
      var told: [String] = []
      let result = SimulationRun.run(SimulationPlan(seed: 7), on: disk) { told.append($0) }
      return (told, result.counts.counts)
    }
    #expect(runs[0].0 == runs[1].0)
    #expect(runs[0].1 == runs[1].1)
  }
}
