/// Whether somebody takes a TCP connection at each host's port.
package struct ReachCheck: DoctorCheck {
  package static let name = "tcp"

  private let hosts: DoctorHosts

  package init(_ hosts: DoctorHosts) { self.hosts = hosts }

  package func run() -> [DoctorFinding] {
    hosts.doors.map { host in
      if let check = hosts.breaker(of: host) {
        return .skipped(Self.name, "\(host.place): no address; see \(check)")
      }
      let addresses =
        (try? NetworkProbe.addresses(of: host.host, within: DoctorLimits.reach)) ?? []
      var tries: [(address: String, error: SystemError?)] = []
      for address in addresses {
        let error = NetworkProbe.connect(
          to: address, port: host.port, within: DoctorLimits.reach)
        tries.append((address, error))
        if error == nil { break }
      }
      let finding = Self.judge(host, tries, hosts.consequence)
      if finding.status == .failed { hosts.setBroken(host, by: Self.name) }
      return finding
    }
  }

  /// `tries`: in their order, up to the first address that took the connection.
  package static func judge(
    _ host: DoctorHost, _ tries: [(address: String, error: SystemError?)], _ consequence: String
  ) -> DoctorFinding {
    if let reached = tries.first(where: { $0.error == nil }) {
      let refused = tries.count - 1
      return .ok(
        name, "\(host.place) takes connections (\(reached.address))",
        refused == 0 ? "" : "\(refused) other addresses of it do not; the next one is tried.")
    }
    let causes = tries.map { "\($0.address): \(SystemError.text(of: $0.error?.code ?? 0))" }
    let isRefused = tries.contains { $0.error?.code == SystemError.refused }
    return .failed(
      name, "\(host.place) takes no connection.", causes.joined(separator: "; ") + ".",
      meanwhile: consequence, remedy: isRefused ? refusedRemedy(host) : silentRemedy(host),
      type: isRefused ? [] : ["traceroute -T -p \(host.port) \(host.host)"])
  }

  private static func refusedRemedy(_ host: DoctorHost) -> String {
    let usual: UInt16 = 9200
    let port =
      host.port == usual ? "" : " Elasticsearch's own port is \(usual), and this is \(host.port)."
    return "The machine is there and nobody listens on that port: start Elasticsearch, or correct "
      + "elasticsearch.hosts.\(port)"
  }

  private static func silentRemedy(_ host: DoctorHost) -> String {
    "No answer comes back: a firewall or security group drops it, or the machine is down. Let this "
      + "machine reach \(host.place)."
  }
}
