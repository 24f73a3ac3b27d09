/// Lets one message of a kind about an address through in ten minutes, for what would otherwise fill the log: one sender's
/// fault does not hide another's.
package struct PeerPace {
  private var told: [String: MonotonicTime] = [:]
  private static let interval: Duration = .seconds(600)
  /// More than so many at a time are counted alone.
  private static let toldMax = 1024

  package init() {}

  package mutating func isDue(_ kind: String, about host: String, at now: MonotonicTime) -> Bool {
    let name = "\(kind) \(host)"
    if let last = told[name], now.since(last) < Self.interval { return false }
    if told.count >= Self.toldMax {
      told = told.filter { now.since($0.value) < Self.interval }
      if told.count >= Self.toldMax { return false }
    }
    told[name] = now
    return true
  }
}
