/// The hosts of the cluster, taken in turn; one that failed rests for a while, longer each time.
package struct Hosts {
  private struct Host {
    let url: String
    var failures = 0
    var restsUntil = MonotonicTime(nanoseconds: 0)
  }
  private var hosts: [Host]
  private var turn: Int
  private let backoff: Backoff

  /// `first` begins, so that senders spread over them.
  package init(_ urls: [String], first: Int, backoff: Backoff) {
    hosts = urls.map { Host(url: $0) }
    turn = first
    self.backoff = backoff
  }

  /// The next host that does not rest; nil when all do.
  package mutating func next(at now: MonotonicTime) -> Int? {
    for step in hosts.indices {
      let at = (turn + step) % hosts.count
      if hosts[at].restsUntil <= now {
        turn = at + 1
        return at
      }
    }
    return nil
  }

  /// When the first of them has rested enough.
  package var earliest: MonotonicTime { hosts.map(\.restsUntil).min() ?? .distantFuture }

  package func url(of host: Int) -> String { hosts[host].url }

  package mutating func noteSuccess(_ host: Int) { hosts[host].failures = 0 }

  /// It rests at least as long as the server asked for.
  package mutating func noteFailure(
    _ host: Int, at now: MonotonicTime, atLeast: Duration?,
    using random: inout some RandomNumberGenerator
  ) {
    hosts[host].failures += 1
    let wait = backoff.wait(failures: hosts[host].failures, using: &random)
    hosts[host].restsUntil = now + max(wait, atLeast ?? .zero)
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
