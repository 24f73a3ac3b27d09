/// How long to wait before another try: anything up to a ceiling that doubles with each failure (full jitter),
/// so that many agents do not come back at the same moment.
package struct Backoff: Sendable {
  package let base: Duration
  package let longest: Duration

  package init(base: Duration, longest: Duration) {
    self.base = base
    self.longest = longest
  }

  /// The longest wait after so many failures in a row, counted from 1.
  package func ceiling(failures: Int) -> Duration {
    let doublings = min(max(failures - 1, 0), 30)
    return min(base * (1 << doublings), longest)
  }

  package func wait(
    failures: Int, using random: inout some RandomNumberGenerator
  ) -> Duration {
    let ceilingNanoseconds = ceiling(failures: failures).nanoseconds
    return .nanoseconds(Int64.random(in: 0...max(0, ceilingNanoseconds), using: &random))
  }
}
