/// How long to wait before another try: anything up to a ceiling that doubles with each failure (full jitter),
/// so that many agents do not come back at the same moment.
struct Backoff {
  let base: Duration
  let longest: Duration

  /// - Parameter failures: in a row, from 1.
  func ceiling(failures: Int) -> Duration {
    let doublings = min(max(failures - 1, 0), 30)
    return min(base * (1 << doublings), longest)
  }

  func wait(
    failures: Int, using random: inout some RandomNumberGenerator
  ) -> Duration {
    let ceilingNanoseconds = ceiling(failures: failures).nanoseconds
    return .nanoseconds(Int64.random(in: 0...max(0, ceilingNanoseconds), using: &random))
  }
}
