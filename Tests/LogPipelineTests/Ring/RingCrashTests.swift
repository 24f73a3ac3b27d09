import LogPipeline
import RingSimulation
import Testing

/// Goal: what was acknowledged survives, and nothing is invented, whatever step the power fails at.
/// Method: one seeded workload (events of all sizes, commits that overlap writes, partial settlements, several laps)
/// stopped at each of its I/O steps; any subset of the unsynced sectors lost; then opened again and read to its end.
@Suite struct RingCrashTests {
  @Test(arguments: SimulationSeeds.from(1, count: 2))
  func `acknowledged events survive a power cut at any step`(seed: UInt64) throws {
    let whole = try RingHarness(sizeBytes: 640 << 10)
    work(whole, seed: seed)
    let steps = whole.disk.steps
    #expect(steps > 100)
    for step in stride(from: 5 + Int(seed), through: steps, by: 11) {
      let ring = try RingHarness(sizeBytes: 640 << 10)
      ring.disk.stopAtStep = step
      work(ring, seed: seed)
      let replay = "replay: seed \(seed), step \(step)"
      ring.disk.losePower(seed: seed &* 1000 &+ UInt64(step))
      try ring.reopen()
      ring.checkPromises(replay)
    }
  }

  @Test(arguments: SimulationSeeds.from(11, count: 2))
  func `a crash while recovering, again and again, changes nothing`(seed: UInt64) throws {
    let ring = try RingHarness(sizeBytes: 640 << 10)
    ring.disk.stopAtStep = 150
    work(ring, seed: seed)
    ring.disk.losePower(seed: seed)
    for step in 1...12 {
      ring.disk.stopAtStep = ring.disk.steps + step
      _ = try? ring.reopen()
      ring.disk.losePower(seed: seed &+ UInt64(step))
    }
    try ring.reopen()
    let ledger = ring.writer.ledger
    let head = ring.writer.head
    try ring.reopen()
    #expect(ring.writer.head == head)
    #expect(ring.writer.ledger == ledger)
    ring.checkPromises("replay: seed \(seed)")
  }

  @Test(arguments: SimulationSeeds.from(21, count: 2))
  func `a killed process loses nothing that was acknowledged`(seed: UInt64) throws {
    for step in stride(from: 10, to: 300, by: 29) {
      let ring = try RingHarness(sizeBytes: 640 << 10)
      ring.disk.stopAtStep = step
      work(ring, seed: seed)
      ring.disk.restart()
      try ring.reopen()
      ring.checkPromises("replay: seed \(seed), step \(step)")
    }
  }

  @Test(arguments: SimulationSeeds.from(53, count: 2))
  func `a failed commit at any place loses nothing that was acknowledged`(seed: UInt64) throws {
    for failing in stride(from: 4, to: 60, by: 3) {
      let ring = try RingHarness(sizeBytes: 640 << 10)
      ring.disk.failingSyncs = [failing, failing + 9]
      ring.disk.stopAtStep = 40 + failing * 5
      work(ring, seed: seed)
      ring.disk.losePower(seed: seed &+ UInt64(failing))
      try ring.reopen()
      ring.checkPromises("replay: seed \(seed), failing sync \(failing)")
    }
  }

  /// Ends early once the disk has stopped.
  private func work(_ ring: RingHarness, seed: UInt64) {
    var random = SeededRandom(seed: seed)
    for _ in 0..<400 {
      if ring.disk.hasStopped { return }
      ring.pass(.milliseconds(Int.random(in: 1...200, using: &random)))
      switch Int.random(in: 0..<12, using: &random) {
      case 0..<3:
        let count = Int.random(in: 1...12, using: &random)
        let most = Bool.random(using: &random) ? 200 : 4000
        let lengths = (0..<count).map { _ in Int.random(in: 20...most, using: &random) }
        if !ring.append(lengths, random: &random) { ring.commit(isStarved: true) }
      case 3, 4: ring.closeGroup()
      case 5, 6, 7: ring.beginSync()
      case 8, 9, 10: ring.endSync()
      default:
        let blocks = ring.lease(rawBytesMax: 20_000)
        let keeps = Int.random(in: 1...4, using: &random)
        for block in blocks { ring.settle(block) { keeps == 1 || $0 % keeps != 0 } }
        ring.writer.release(blocks.map(\.id))
      }
    }
    ring.commit()
  }
}
