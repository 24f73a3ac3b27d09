import LogPipeline

/// A whole history, worked out from one seed before anything runs.
package struct SimulationPlan: Sendable {
  package let seed: UInt64
  package let sizeBytes: UInt64
  /// Where in the data area the empty ring starts, so that short histories wrap around too.
  let startPosition: UInt64
  let compressionLevel: Int32
  /// Whether blocks are compressed often, or stay small.
  let isLarge: Bool
  /// How many consumers the ring has at first, and which of them are seldom there.
  let consumerCount: Int
  let lazyConsumers: UInt64
  let whenFull: WhenFull
  let isMovingAllowed: Bool
  /// Before any were cut out.
  private let stepCount: Int
  package private(set) var steps: [SimulationStep]

  /// What each kind weighs: ordinary work, and of the faults those that the seed lets happen.
  private static let work: [(SimulationStep.Kind, Int)] = [
    (.append, 26), (.close, 10), (.beginSync, 11), (.endSync, 11), (.commit, 6), (.lease, 8),
    (.settle, 9), (.release, 3), (.pass, 5), (.refuse, 1), (.housekeep, 3),
  ]
  private static let faults: [[(SimulationStep.Kind, Int)]] = [
    [(.burst, 6)], [(.relocate, 6)], [(.relocate, 4), (.burst, 4), (.housekeep, 3)],
    [(.quarantine, 1)], [(.reseat, 2)], [(.ahead, 2)], [(.awaySoon, 2)], [(.slow, 3)],
    [(.powerCut, 3), (.kill, 2)], [(.stopLater, 4)], [(.stopInRecovery, 2), (.powerCut, 2)],
    [(.cleanStop, 3)], [(.syncFault, 6)], [(.lie, 4)], [(.writeFault, 5)], [(.rot, 3)],
    [(.unreadable, 2)], [(.away, 2)], [(.writeBack, 4)], [(.holdCache, 1)],
  ]

  package init(seed: UInt64) {
    self.seed = seed
    var random = SeededRandom(seed: seed)
    let shape = random.below(100)
    // Short histories in small rings for the most part; a few long ones in larger rings.
    let dataBytes: UInt64 =
      switch shape {
      case ..<80: 256 << 10
      case ..<92: 512 << 10
      case ..<97: 1 << 20
      default: 4 << 20
      }
    let count =
      switch shape % 20 {
      case ..<16: 12 + random.below(40)
      case ..<19: 60 + random.below(120)
      default: 300 + random.below(500)
      }
    sizeBytes = RingLayout.dataStart + dataBytes
    let pages = Int(dataBytes) / RingLayout.pageBytes
    startPosition = UInt64(
      (random.below(3) == 0 ? 0 : pages - random.below(24)) * RingLayout.pageBytes)
    compressionLevel = 1
    isLarge = random.below(12) == 0
    consumerCount = [1, 1, 1, 2, 2, 3][random.below(6)]
    lazyConsumers = random.next()
    whenFull = random.below(4) == 0 ? .dropOldest : .block
    isMovingAllowed = random.below(8) > 0
    stepCount = count
    // Of what ends most of what can be judged, a share of its own; it changes no other seed.
    var rare = SeededRandom(seed: ~seed)
    let isWrecked = rare.below(16) == 0
    steps = Self.steps(count, isWrecked ? [(.wreck, 2)] : [], &random)
  }

  /// A small ring and at most 51 steps: most histories, and those that cost least.
  package var isShort: Bool { sizeBytes <= RingLayout.dataStart + (256 << 10) && stepCount < 60 }

  /// Only the steps with these indices.
  package func keeping(_ indices: [Int]) -> SimulationPlan {
    var plan = self
    plan.steps = indices.filter { steps.indices.contains($0) }.map { steps[$0] }
    return plan
  }

  private static func steps(
    _ count: Int, _ more: [(SimulationStep.Kind, Int)], _ random: inout SeededRandom
  ) -> [SimulationStep] {
    var choices = work + more
    for family in faults where random.below(3) == 0 { choices += family }
    let total = choices.reduce(0) { $0 + $1.1 }
    return (0..<count).map { _ in
      var rest = random.below(total)
      let kind = choices.first { choice in
        rest -= choice.1
        return rest < 0
      }
      return SimulationStep(kind: kind?.0 ?? .append, entropy: random.next())
    }
  }
}
