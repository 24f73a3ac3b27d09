/// What answers at the hosts, as far as it tells.
package struct ServerProduct: Equatable, CustomStringConvertible {
  package enum Name: String { case elasticsearch, opensearch, unknown }
  package var name: Name = .unknown
  package var major = 0
  package var minor = 0

  package var description: String {
    name == .unknown ? "unknown" : "\(name.rawValue) \(major).\(minor)"
  }

  /// How free-form objects are kept there so that no key or value in them can make a mapping conflict.
  package var flattened: FlattenedKind {
    switch name {
    case .elasticsearch: .flattened
    case .opensearch where (major, minor) >= (2, 7): .flatObject
    case .opensearch, .unknown: .disabledObject
    }
  }

  /// From the answer to `GET /`.
  package static func fromRoot(_ answer: HttpAnswer) -> ServerProduct? {
    guard answer.status == 200, let tree = try? JsonValue.parse(answer.body),
      let number = tree["version"]?["number"]?.string
    else { return nil }
    let isOpenSearch = tree["version"]?["distribution"]?.string == "opensearch"
    return ServerProduct(name: isOpenSearch ? .opensearch : .elasticsearch, number: number)
  }

  /// From the answer to `GET /_nodes?filter_path=nodes.*.version`: the oldest node's. Some roles may ask only this.
  package static func fromNodes(_ answer: HttpAnswer) -> ServerProduct? {
    guard answer.status == 200, let tree = try? JsonValue.parse(answer.body),
      let nodes = tree["nodes"]?.members
    else { return nil }
    let isElasticsearch = answer.headers["x-elastic-product"] == "Elasticsearch"
    let products = nodes.compactMap { $0.value["version"]?.string }.map {
      ServerProduct(name: isElasticsearch ? .elasticsearch : .opensearch, number: $0)
    }
    return products.min { ($0.major, $0.minor) < ($1.major, $1.minor) }
  }

  package init() {}

  package init(name: Name, number: String) {
    let parts = number.split(separator: ".").map { Int($0) ?? 0 }
    self.name = name
    (major, minor) = (parts.first ?? 0, parts.dropFirst().first ?? 0)
  }
}
