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

  /// From what the server says of itself; `unknown` when this user may not ask. Some roles may ask for nothing at all.
  package static func ask(_ desk: SetupDesk) -> Result<ServerProduct, TransportFailure> {
    desk.ask("/").flatMap { root in
      if let product = fromRoot(root) { return .success(product) }
      return desk.ask("/_nodes?filter_path=nodes.*.version").map { nodes in
        if let product = fromNodes(nodes) { return product }
        // The header may tell.
        let isElasticsearch =
          [root, nodes].contains { $0.headers["x-elastic-product"] == "Elasticsearch" }
        return ServerProduct(name: isElasticsearch ? .elasticsearch : .unknown, number: "")
      }
    }
  }

  /// As people write it: `elasticsearch-8`, `opensearch-2.19`; nil: no such product.
  package init?(named text: String) {
    let parts = text.split(separator: "-", maxSplits: 1)
    guard parts.count == 2, let name = Name(rawValue: String(parts[0])), name != .unknown,
      parts[1].split(separator: ".", omittingEmptySubsequences: false).allSatisfy({ Int($0) != nil }
      )
    else { return nil }
    // Of a major version alone the newest is meant.
    self.init(name: name, number: parts[1].contains(".") ? String(parts[1]) : "\(parts[1]).99")
  }

  package init() {}

  package init(name: Name, number: String) {
    let parts = number.split(separator: ".").map { Int($0) ?? 0 }
    self.name = name
    (major, minor) = (parts.first ?? 0, parts.dropFirst().first ?? 0)
  }
}
