/// The hosts of the cluster, a breaker before each. They are taken in turn; one that failed rests, longer each time,
/// and comes back with a single request; one that is much slower than another is asked now and then only. Pure.
package struct Hosts: Sendable {
  /// A host that a request goes to: `begin` hands it out, and one of `succeed`, `fail` and `withdraw` takes it back.
  package struct Choice: Equatable, Sendable {
    package let host: Int
    /// The one request that finds out whether the host is back.
    package let isProbe: Bool

    package init(host: Int, isProbe: Bool) { (self.host, self.isProbe) = (host, isProbe) }
  }

  private var hosts: [HostBreaker]
  private var turn: Int
  private let backoff: Backoff

  /// A host is slow when it takes so many times as long as the fastest does, and this much longer for a mebibyte.
  private static let slowFactor = 3.0
  private static let slowSeconds = 0.2
  /// While a probe is under way others look again after this time.
  private static let look = Duration.milliseconds(100)

  package init(_ urls: [String], first: Int = 0, backoff: Backoff) {
    hosts = urls.map { HostBreaker($0) }
    turn = first
    self.backoff = backoff
  }

  /// The host for a request that goes out now; nil when all rest, or their probes are under way.
  package mutating func begin(at now: MonotonicTime) -> Choice? {
    guard let at = best(at: now) else { return nil }
    turn = at + 1
    return Choice(host: at, isProbe: hosts[at].begin())
  }

  private func best(at now: MonotonicTime) -> Int? {
    let order = hosts.indices.map { (turn + $0) % hosts.count }
    let usable = order.filter { hosts[$0].isUsable(at: now) }
    // What has rested enough comes first, or it would never be asked while others work.
    if let rested = usable.first(where: { hosts[$0].state != .closed }) { return rested }
    let fastest = usable.compactMap { hosts[$0].slowness }.min() ?? 0
    return usable.first { !isSlow(hosts[$0], fastest) || hosts[$0].isDueAlthoughSlow(at: now) }
      ?? usable.first
  }

  private func isSlow(_ host: HostBreaker, _ fastest: Double) -> Bool {
    guard let slowness = host.slowness else { return false }
    return slowness > fastest * Self.slowFactor && slowness > fastest + Self.slowSeconds
  }

  /// When a request may go out at the earliest; not after `now`: at once.
  package func earliest(at now: MonotonicTime) -> MonotonicTime {
    let times = hosts.map { host in
      switch host.state {
      case .closed: now
      case .open(let until): until
      case .halfOpen: now + Self.look
      }
    }
    return times.min() ?? .distantFuture
  }

  /// Whether some host other than this one takes requests.
  package func isAnotherOpen(than host: Int) -> Bool {
    hosts.indices.contains { $0 != host && hosts[$0].state == .closed }
  }

  package func url(of host: Int) -> String { hosts[host].url }

  /// It answered. `rawBytes`: of lines, 0 for a request without.
  package mutating func succeed(
    _ choice: Choice, took: Duration, rawBytes: Int, at now: MonotonicTime
  ) {
    hosts[choice.host].succeed(took: took, rawBytes: rawBytes, at: now)
  }

  /// It failed, and rests at least as long as it asked for.
  package mutating func fail(
    _ choice: Choice, at now: MonotonicTime, atLeast: Duration?,
    using random: inout some RandomNumberGenerator
  ) {
    let wait = backoff.wait(failures: hosts[choice.host].failures + 1, using: &random)
    hosts[choice.host].fail(until: now + max(wait, atLeast ?? .zero))
  }

  /// Nothing came of the request, and the host is not to blame.
  package mutating func withdraw(_ choice: Choice, at now: MonotonicTime) {
    hosts[choice.host].withdraw(at: now)
  }

  package var snapshot: [DeliverySnapshot.Host] {
    hosts.map { host in
      let state: DeliverySnapshot.Host.State =
        switch host.state {
        case .closed: .closed
        case .open: .open
        case .halfOpen: .halfOpen
        }
      return DeliverySnapshot.Host(
        url: host.url, state: state, requests: host.requests, failuresInARow: host.failures)
    }
  }

  /// Checks and tidies configured hosts: no slash at the end, a scheme, no credentials inside.
  package static func checked(_ hosts: [String]) throws(DeliveryError) -> [String] {
    guard !hosts.isEmpty else { throw .noHosts }
    var tidy: [String] = []
    for host in hosts {
      let name = host.hasPrefix("https://") ? host.dropFirst(8) : host.dropFirst(7)
      guard host.hasPrefix("http://") || host.hasPrefix("https://"), !name.isEmpty,
        !name.hasPrefix("/"), name.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }),
        !name.contains("@"), !name.contains("?"), !name.contains("#")
      else {
        // What stands before an @ may be a password.
        throw .badHost(host.lastIndex(of: "@").map { "…\(host[$0...])" } ?? host)
      }
      tidy.append(String(host.reversed().drop { $0 == "/" }.reversed()))
    }
    return tidy
  }
}
