/// Lets one message through a minute, for what would otherwise fill the log.
struct LogPace {
  private var last: MonotonicTime?
  private static let interval: Duration = .seconds(60)

  mutating func isDue(at now: MonotonicTime) -> Bool {
    if let last, now.since(last) < Self.interval { return false }
    last = now
    return true
  }
}
