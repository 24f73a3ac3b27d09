/// The least an agent needs, and what setup needs beyond it, as each server writes roles.
package struct AccessRoles {
  private let template: IndexTemplate
  package init(_ template: IndexTemplate) { self.template = template }

  /// Of the agent: it appends documents, and lets an index come into being by that. It can not read, overwrite, delete,
  /// look at anything, or touch the cluster. `auto_configure` lets it add fields to a mapping too; nothing smaller lets an
  /// index come into being.
  package var agent: JsonValue {
    .object([
      ("cluster", .array([])),
      ("indices", .array([indices(["create_doc", "auto_configure"])])),
    ])
  }

  /// Of whoever runs setup, once.
  package var setup: JsonValue {
    .object([
      ("cluster", .array(setupCluster.map { .string($0) })),
      ("indices", .array(setupIndices.isEmpty ? [] : [indices(setupIndices)])),
    ])
  }

  /// The body of `POST /_security/api_key`: a key that can do what the role can.
  package var keyRequest: JsonValue {
    .object([
      ("name", .string("sheepshipper")),
      ("role_descriptors", .object([(key: template.name, value: agent)])),
    ])
  }

  /// Asks Elasticsearch whether a user may run setup.
  var question: JsonValue {
    .object([
      ("cluster", .array(setupCluster.map { .string($0) })),
      ("index", .array(setupIndices.isEmpty ? [] : [indices(setupIndices)])),
    ])
  }

  /// Asks Elasticsearch whether a user may do what an agent does.
  var agentQuestion: JsonValue {
    .object([("cluster", .array([])), ("index", agent["indices"] ?? .array([]))])
  }

  private var setupCluster: [String] {
    ["monitor", "manage_index_templates"] + (template.retention == nil ? [] : ["manage_ilm"])
  }

  private var setupIndices: [String] {
    (template.isDataStream ? ["create_index", "view_index_metadata"] : [])
      + (template.retention == nil ? [] : ["manage"])
  }

  private func indices(_ privileges: [String]) -> JsonValue {
    .object([
      ("names", .array([.string(template.indexPattern)])),
      ("privileges", .array(privileges.map { .string($0) })),
    ])
  }

  /// OpenSearch's security plugin has no privilege that appends and does not overwrite.
  package var openSearchAgent: JsonValue {
    openSearch(
      cluster: ["indices:data/write/bulk"],
      index: [
        "indices:data/write/bulk*", "indices:data/write/index", "indices:admin/create",
        "indices:admin/mapping/put",
      ])
  }

  package var openSearchSetup: JsonValue {
    openSearch(
      cluster: ["cluster:monitor/main", "cluster_manage_index_templates"]
        + (template.retention == nil
          ? []
          : [
            "cluster:admin/opendistro/ism/policy/get", "cluster:admin/opendistro/ism/policy/write",
            "cluster:admin/opendistro/ism/managedindex/explain",
            "cluster:admin/opendistro/ism/managedindex/add",
          ]),
      index: (template.isDataStream ? ["indices:admin/data_stream/create"] : [])
        + ["indices:admin/data_stream/get", "indices:monitor/settings/get"])
  }

  private func openSearch(cluster: [String], index: [String]) -> JsonValue {
    .object([
      ("cluster_permissions", .array(cluster.map { .string($0) })),
      (
        "index_permissions",
        .array([
          .object([
            ("index_patterns", .array([.string(template.indexPattern)])),
            ("allowed_actions", .array(index.map { .string($0) })),
          ])
        ])
      ),
    ])
  }

  /// The requests that make the role and a key, ready to be sent.
  package func requests(for product: ServerProduct) -> [(
    title: String, line: String, body: JsonValue
  )] {
    if product.name == .opensearch {
      let path = "PUT /_plugins/_security/api/roles/"
      return [
        ("The least the agent needs", path + template.name, openSearchAgent),
        ("What setup needs, once", "\(path)\(template.name)-setup", openSearchSetup),
      ]
    }
    return [
      ("The least the agent needs", "PUT /_security/role/\(template.name)", agent),
      ("The same as an API key", "POST /_security/api_key", keyRequest),
      ("What setup needs, once", "PUT /_security/role/\(template.name)-setup", setup),
    ]
  }
}
