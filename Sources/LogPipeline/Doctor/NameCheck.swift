/// Whether the name of each host leads to an address.
package struct NameCheck: DoctorCheck {
  package static let name = "dns"

  private let hosts: DoctorHosts

  package init(_ hosts: DoctorHosts) { self.hosts = hosts }

  package func run() -> [DoctorFinding] {
    hosts.doors.map { host in
      do throws(SystemError) {
        return Self.judge(
          host, .success(try NetworkProbe.addresses(of: host.host, within: DoctorLimits.reach)),
          hosts.consequence)
      } catch {
        hosts.setBroken(host, by: Self.name)
        return Self.judge(host, .failure(error), hosts.consequence)
      }
    }
  }

  package static func judge(
    _ host: DoctorHost, _ found: Result<[String], SystemError>, _ consequence: String
  ) -> DoctorFinding {
    switch found {
    case .success(let addresses):
      let isAddress = addresses == [host.host]
      return .ok(
        name,
        isAddress
          ? "\(host.host) is an address" : "\(host.host) is \(addresses.joined(separator: ", "))")
    case .failure(let error):
      return .failed(
        name, "\(host.host) has no address: \(error.operation).", meanwhile: consequence,
        remedy: "Is the name in elasticsearch.hosts right? In a container only names of its own "
          + "network are known.", type: ["getent hosts \(host.host)"])
    }
  }
}
