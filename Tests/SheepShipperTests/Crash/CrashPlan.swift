import LogPipeline
import TestSupport

/// What happens in one round, decided by the run's seed and the round's number alone.
struct CrashPlan {
  enum End {
    case kill
    /// SIGTERM, and -9 that much later.
    case terminateAndKill(after: Duration)
    case terminate
  }

  let senderSeed: UInt64
  let settings: [String]
  let faults: [FaultyBulkServer.Fault]
  let faultPercent: Int
  let eventsMax: Int
  /// How long the load runs.
  let load: Duration
  let end: End
  /// Then it is started and killed again after each of these, ready or not.
  let killedStarts: [Duration]
  let isSendingAgain: Bool
  let isReplayKilled: Bool
  /// Whether the counts are read once more before the end, to see that they do not go back.
  let isLookedAt: Bool

  init(seed: UInt64, round: Int) {
    var random = SeededRandom(seed: seed &+ UInt64(round) &* 0x9E37_79B9)
    func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &random) < percent }
    func milliseconds(_ range: ClosedRange<Int>) -> Duration {
      .milliseconds(Int.random(in: range, using: &random))
    }
    senderSeed = random.next()
    var settings = [
      "elasticsearch.senders=\(Int.random(in: 1...3, using: &random))",
      "elasticsearch.body_size=\(["64KiB", "256KiB", "5MB"].randomElement(using: &random) ?? "5MB")",
    ]
    let faults = FaultyBulkServer.Fault.allCases.filter { _ in chance(50) }
    self.faults = faults.isEmpty ? [.slow] : faults
    faultPercent = [0, 10, 30, 60, 100].randomElement(using: &random) ?? 30
    eventsMax = chance(20) ? 10_000 : 1500
    load = chance(15) ? milliseconds(0...40) : milliseconds(40...800)
    let kind = Int.random(in: 0..<10, using: &random)
    end =
      kind == 0
      ? .terminate : kind < 3 ? .terminateAndKill(after: milliseconds(0...120)) : .kill
    killedStarts = (0..<(chance(30) ? Int.random(in: 1...2, using: &random) : 0)).map { _ in
      milliseconds(0...90)
    }
    isSendingAgain = chance(50)
    isReplayKilled = chance(50)
    isLookedAt = chance(30)
    settings.append("intake.threads=\(Int.random(in: 1...2, using: &random))")
    self.settings = settings
  }
}
