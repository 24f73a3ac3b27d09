import LogPipeline
import RingSimulation
import Synchronization

/// What the threads of a run share: which seeds are next, and what was found.
final class SeedShare: Sendable {
  struct State {
    var waiting: [Range<UInt64>]
    var counts = FaultCounts()
    var seedsRun: UInt64 = 0
    var failed: [UInt64] = []
  }
  private static let seedsAtOnce: UInt64 = 2000
  private let state: Mutex<State>
  private let deadline: MonotonicTime
  private let failuresMax: Int

  init(_ seeds: [Range<UInt64>], until deadline: MonotonicTime, failuresMax: Int) {
    self.failuresMax = failuresMax
    state = Mutex(State(waiting: seeds))
    self.deadline = deadline
  }

  var result: State { state.withLock { $0 } }

  /// The next few seeds; nil: none are left, or there is no time, or enough failed.
  func next() -> Range<UInt64>? {
    if SystemClock().now() >= deadline { return nil }
    return state.withLock { state in
      guard let first = state.waiting.first, state.failed.count < failuresMax else {
        return nil
      }
      let end = first.lowerBound + min(Self.seedsAtOnce, UInt64(first.count))
      if end == first.upperBound {
        state.waiting.removeFirst()
      } else {
        state.waiting[0] = end..<first.upperBound
      }
      return first.lowerBound..<end
    }
  }

  func add(_ counts: FaultCounts, seeds: UInt64, failed: [UInt64]) {
    state.withLock { state in
      state.counts.add(counts)
      state.seedsRun += seeds
      state.failed += failed
    }
  }
}
