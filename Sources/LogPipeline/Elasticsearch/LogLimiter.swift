/// Lets the same matter into the log once in half a minute.
struct LogLimiter {
  private static let pause: Duration = .seconds(30)
  private static let mattersMax = 256
  private var last: [String: MonotonicTime] = [:]

  mutating func allows(_ matter: String, at now: MonotonicTime) -> Bool {
    if let before = last[matter], now.since(before) < Self.pause { return false }
    if last.count >= Self.mattersMax { last.removeAll() }
    last[matter] = now
    return true
  }
}
