/// Cuts steps out of a failing history as long as it fails in the same way.
package struct HistoryShrinker {
  /// Runs a plan, and says how it failed; nil: it did not.
  private let failure: (SimulationPlan) -> SimulationFailure?
  private let attemptsMax: Int

  package init(
    attemptsMax: Int = 2000, failure: @escaping (SimulationPlan) -> SimulationFailure?
  ) {
    self.attemptsMax = attemptsMax
    self.failure = failure
  }

  /// The indices of the steps that are left, and the failure they lead to.
  package func shortest(_ plan: SimulationPlan, _ first: SimulationFailure)
    -> (kept: [Int], failure: SimulationFailure)
  {
    // What lies behind the failing step did not bring it about.
    var kept = Array(0...min(first.step, max(0, plan.steps.count - 1)))
    var last = first
    if failure(plan.keeping(kept))?.sort != first.sort { kept = Array(plan.steps.indices) }
    var attempts = 0
    var chunk = max(1, kept.count / 2)
    while attempts < attemptsMax {
      var hasCut = false
      var start = 0
      while start < kept.count, attempts < attemptsMax {
        var shorter = kept
        shorter.removeSubrange(start..<min(start + chunk, kept.count))
        attempts += 1
        if let found = failure(plan.keeping(shorter)), found.sort == first.sort {
          (kept, last, hasCut) = (shorter, found, true)
        } else {
          start += chunk
        }
      }
      if chunk == 1, !hasCut { break }
      if !hasCut { chunk = max(1, chunk / 2) }
    }
    return (kept, last)
  }
}
