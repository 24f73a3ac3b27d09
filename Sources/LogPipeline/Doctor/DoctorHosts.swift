/// The hosts, and which of them later checks need not try again.
package final class DoctorHosts {
  package let hosts: [DoctorHost]
  /// Through which all of them are reached; nil: none.
  package let proxy: DoctorHost?
  private var broken: [String: String] = [:]

  package init(_ hosts: [DoctorHost], proxy: DoctorHost? = nil) {
    (self.hosts, self.proxy) = (hosts, proxy)
  }

  /// What a connection is made to: the proxy alone, where there is one.
  package var doors: [DoctorHost] { proxy.map { [$0] } ?? hosts }

  package func setBroken(_ host: DoctorHost, by check: String) {
    if broken[host.url] == nil { broken[host.url] = check }
  }

  /// The check that found it broken; nil: none did.
  package func breaker(of host: DoctorHost) -> String? {
    broken[host.url] ?? proxy.flatMap { broken[$0.url] }
  }

  /// Why no host needs to be asked; nil: one may answer.
  package var obstacle: String? {
    let checks = hosts.map(breaker)
    guard !checks.isEmpty, let first = checks.first, let check = first, !checks.contains(nil) else {
      return nil
    }
    return "no host can be reached; see \(check)"
  }

  /// What becomes of the data while this one does not work.
  var consequence: String {
    hosts.count > 1 && proxy == nil
      ? "Delivery goes to the other hosts, as long as one of them works; else events are kept in the "
        + "ring." : DoctorWords.keptInRing
  }
}
