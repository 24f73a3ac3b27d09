package import LogPipeline
import Testing

/// A real Elasticsearch or OpenSearch whose address the environment names.
package struct SearchServer: Sendable {
  package let name: String
  package let url: String
  package let port: UInt16
  package let client: HttpClient

  /// Those that are set; each run uses indices of its own.
  package static let all: [SearchServer] = [
    find("elasticsearch", "SHEEPSHIPPER_TEST_ELASTICSEARCH"),
    find("opensearch", "SHEEPSHIPPER_TEST_OPENSEARCH"),
  ].compactMap { $0 }

  package static let missing =
    "no server to test against: set SHEEPSHIPPER_TEST_ELASTICSEARCH or SHEEPSHIPPER_TEST_OPENSEARCH to its address"

  private static func find(_ name: String, _ variable: String) -> SearchServer? {
    guard let url = LogPipeline.Environment.value(of: variable), let client = HttpClient(url: url)
    else { return nil }
    return SearchServer(name: name, url: url, port: client.port, client: client)
  }

  /// Removes indices of an earlier run and the template, so that each test starts from nothing.
  package func clear(prefix: String) throws {
    try removeIndices(prefix: prefix)
    let template = IndexTemplate(indexPattern: "\(prefix)*", fields: [])
    _ = try client.send("DELETE", "/_index_template/\(template.name)")
  }

  package func removeIndices(prefix: String) throws {
    let names = try client.get("/_cat/indices/\(prefix)*?h=index&expand_wildcards=all").text
    for name in names.split(separator: "\n") { _ = try client.send("DELETE", "/\(name)") }
  }

  /// Starts from nothing with the program's template under a name of the test's own: the program's name is one for the
  /// whole server, and tests run side by side.
  /// - Returns: the settings of an agent that delivers here.
  package func prepare(prefix: String) throws -> [String] {
    try removeIndices(prefix: prefix)
    let template = IndexTemplate(
      indexPattern: "\(prefix)*",
      fields: FieldTable.documentFields.map { (name: $0.name, type: $0.type) })
    let own = template.body(
      TemplateDialect(flattened: name == "opensearch" ? .flatObject : .flattened))
    // Over the program's, which an earlier run may have left for the same indices.
    let body = JsonValue.object(
      (own.members ?? []).map { $0.key == "priority" ? ($0.key, .integer(400)) : $0 }
    ).text
    let answer = try client.send("PUT", "/_index_template/\(prefix)template", json: body)
    guard answer.status == 200 else { throw NotPrepared(answer: answer.text) }
    return [
      "elasticsearch.hosts=\(url)", "elasticsearch.index=\(prefix)%Y.%m.%d",
      "elasticsearch.template=false",
    ]
  }

  package struct NotPrepared: Error { package let answer: String }

  package func refresh(_ indices: String) throws {
    _ = try client.send("POST", "/\(indices)/_refresh")
  }

  package func count(_ indices: String) throws -> Int {
    try refresh(indices)
    return Int(try client.get("/\(indices)/_count").json()["count"]?.integer ?? -1)
  }

  package func search(_ indices: String, _ query: String) throws -> JsonValue {
    try client.send("POST", "/\(indices)/_search", json: query).json()
  }

  /// All documents, with their `_id` and `_index`.
  package func documents(_ indices: String) throws -> [JsonValue] {
    try refresh(indices)
    let answer = try search(indices, #"{"size": 10000, "query": {"match_all": {}}}"#)
    return answer["hits"]?["hits"]?.elements ?? []
  }
}

extension SearchServer: CustomTestStringConvertible {
  package var testDescription: String { name }
}
