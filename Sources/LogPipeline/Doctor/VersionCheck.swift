/// Whether the server is one of those that the agent is made for.
package struct VersionCheck: DoctorCheck {
  package static let name = "version"

  private let server: DoctorServer

  package init(_ server: DoctorServer) { self.server = server }

  package func run() -> [DoctorFinding] {
    if let obstacle = server.obstacle { return [.skipped(Self.name, obstacle)] }
    return [Self.judge(server.product)]
  }

  package static func judge(_ product: ServerProduct) -> DoctorFinding {
    let made = "Elasticsearch 7.17, 8 and 9, and OpenSearch 1, 2 and 3"
    switch product.name {
    case .unknown:
      return .skipped(
        name, "the server does not tell this user what it is (the privilege monitor lets it)")
    case .elasticsearch where product.major == 0:
      return .skipped(
        name, "Elasticsearch; it does not tell this user which (the privilege monitor lets it)")
    case .elasticsearch where (product.major, product.minor) < (7, 17),
      .opensearch where product.major < 1:
      return .failed(
        name, "\(product) is older than what the agent is tried with (\(made)).",
        meanwhile: "Delivery may work or not: template, retention and answers differ.",
        remedy: "Upgrade the server; events wait in the ring meanwhile.")
    case .elasticsearch where product.major > 9, .opensearch where product.major > 3:
      return .warning(
        name, "\(product) is newer than what the agent is tried with (\(made)).",
        meanwhile: "Delivery is tried all the same; what is refused is kept, never thrown away.",
        remedy: "Look whether there is a newer sheepshipper.", type: ["sheepshipper version"])
    default: return .ok(name, "\(product)")
    }
  }
}
