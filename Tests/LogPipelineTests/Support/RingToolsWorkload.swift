import LogPipeline
import RingSimulation

/// A seeded life of a ring: events of all sizes, partial settlement, copies, failed commits, restarts, many laps.
enum RingToolsWorkload {
  /// `look` is taken after each restart and now and then.
  static func run(
    seed: UInt64, steps: Int = 240, _ look: (RingHarness) throws -> Void
  ) throws -> RingHarness {
    let ring = try RingHarness(sizeBytes: 1 << 20)
    var random = SeededRandom(seed: seed)
    for step in 0..<steps {
      switch UInt64.random(in: 0..<12, using: &random) {
      case 0..<5:
        let count = Int.random(in: 1...20, using: &random)
        ring.append(
          (0..<count).map { _ in Int.random(in: 30...1500, using: &random) }, random: &random)
      case 5..<7: ring.commit(isStarved: true)
      case 7: relocate(ring, &random)
      case 8:
        ring.disk.failingSyncs = [ring.disk.syncs + 1]
        ring.commit()
      case 9 where step % 3 == 0:
        ring.commit()
        ring.disk.losePower(seed: seed &+ UInt64(step))
        try ring.reopen()
        try look(ring)
      default: settle(ring, &random)
      }
      if step % 20 == 19 {
        ring.makeCursorDurable()
        try look(ring)
      }
    }
    ring.makeCursorDurable()
    return ring
  }

  private static func settle(_ ring: RingHarness, _ random: inout SeededRandom) {
    for block in ring.lease(rawBytesMax: 200_000) {
      if UInt64.random(in: 0..<5, using: &random) == 0 {
        ring.settle(block, where: { $0 % 2 == 0 })
        ring.writer.release([block.id])
      } else {
        ring.settle(block)
      }
    }
  }

  /// The first of a block are set aside, the rest is settled.
  private static func relocate(_ ring: RingHarness, _ random: inout SeededRandom) {
    guard let block = ring.lease(rawBytesMax: 1).first else { return }
    let items = block.items.indices.filter { $0 < 3 && block.settled?[$0] != true }
    ring.writer.relocate(block: block.id, items: items, now: ring.now)
    ring.settle(block, where: { $0 >= 3 })
    ring.pass(.seconds(1))
    ring.writer.housekeep(
      now: ring.now, wallMilliseconds: RingHarness.writtenAt, isStarved: false)
    ring.commit()
  }
}
