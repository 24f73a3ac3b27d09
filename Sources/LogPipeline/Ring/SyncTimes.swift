/// How long recent fdatasyncs took: a small histogram that forgets. Pure.
package struct SyncTimes: Equatable, Sendable {
  /// Of each doubling of the time.
  private static let stepsPerDoubling = 8
  /// Up to two minutes in microseconds.
  private static let steps = 27 * stepsPerDoubling
  /// From here on all counts are halved, so that the last few thousand decide.
  private static let recentMax: UInt32 = 4096

  private var counts = [UInt32](repeating: 0, count: steps)
  private var total: UInt32 = 0
  package private(set) var longest = Duration.zero

  package init() {}

  package var isEmpty: Bool { total == 0 }

  package mutating func add(_ time: Duration) {
    longest = max(longest, time)
    counts[Self.step(of: time)] += 1
    total += 1
    guard total >= Self.recentMax else { return }
    for index in counts.indices { counts[index] /= 2 }
    total = counts.reduce(0, +)
  }

  /// What this share (0 to 100) of them did not pass, to about a fifteenth; nil when there were none.
  package func percentile(_ percent: Int) -> Duration? {
    guard !isEmpty else { return nil }
    let rank = max(1, (UInt64(total) * UInt64(percent) + 99) / 100)
    var seen: UInt64 = 0
    for (step, count) in counts.enumerated() {
      seen += UInt64(count)
      if seen >= rank { return min(longest, Self.middle(of: step)) }
    }
    return longest
  }

  private static func step(of time: Duration) -> Int {
    let microseconds = UInt64(clamping: time.nanoseconds / 1000)
    guard microseconds >= 8 else { return Int(microseconds) }
    let doublings = 63 - microseconds.leadingZeroBitCount
    let eighth = Int(microseconds >> (doublings - 3)) & 7
    return min(steps - 1, (doublings - 2) * stepsPerDoubling + eighth)
  }

  private static func middle(of step: Int) -> Duration {
    guard step >= stepsPerDoubling else { return .microseconds(step) }
    let shift = step / stepsPerDoubling - 1
    let from = Int64(stepsPerDoubling + step % stepsPerDoubling) << shift
    return .nanoseconds(from * 1000 + (Int64(1000) << shift) / 2)
  }
}
