import LogPipeline

/// A real Elasticsearch with TLS and users, whose files of roles the test may write.
///
/// SHEEPSHIPPER_TEST_ELASTICSEARCH_TLS is its address, SHEEPSHIPPER_TEST_ELASTICSEARCH_CONFIG its folder of settings, with
/// certs/ca.crt, roles.yml and users_roles. It knows admin (password admin-secret) and shipper (shipper-secret).
struct SecuredSearchServer: Sendable {
  let url: String
  let folder: String

  static let found: SecuredSearchServer? = {
    guard let url = Environment.value(of: "SHEEPSHIPPER_TEST_ELASTICSEARCH_TLS"),
      let folder = Environment.value(of: "SHEEPSHIPPER_TEST_ELASTICSEARCH_CONFIG")
    else { return nil }
    return SecuredSearchServer(url: url, folder: folder)
  }()

  static let missing =
    "no server with users: set SHEEPSHIPPER_TEST_ELASTICSEARCH_TLS and SHEEPSHIPPER_TEST_ELASTICSEARCH_CONFIG"

  /// For `--set`.
  func settings(user: String) -> [String] {
    [
      "elasticsearch.hosts=\(url)", "elasticsearch.tls.ca=\(folder)/certs/ca.crt",
      "elasticsearch.user=\(user)", "elasticsearch.password=\(user)-secret",
    ]
  }

  /// One request as that user.
  func send(
    _ method: HttpRequest.Method, _ path: String, _ body: String = "", as user: String
  ) throws -> HttpAnswer {
    var settings = ElasticsearchConfiguration(hosts: [url])
    settings.tls.caFile = "\(folder)/certs/ca.crt"
    settings.credentials = .basic(user: user, password: .value("\(user)-secret"))
    var request = HttpRequest(method: method, path: path)
    if !body.isEmpty {
      request.contentType = path.hasPrefix("/_bulk") ? "application/x-ndjson" : "application/json"
      request.body = Array(body.utf8)
    }
    return try ServerConnection(settings).send(request).get()
  }

  /// Gives the user `shipper` this role and no other for as long as `body` runs.
  func withRole(_ name: String, _ role: JsonValue, _ body: () throws -> Void) throws {
    let (roles, users) = (try text("roles.yml"), try text("users_roles"))
    defer {
      try? write(roles, to: "roles.yml")
      try? write(users, to: "users_roles")
    }
    // JSON is YAML.
    try write("\(roles)\n\(name): \(role.text)\n", to: "roles.yml")
    let others = users.split(separator: "\n").filter { !$0.contains("shipper") }
    try write(others.joined(separator: "\n") + "\n\(name):shipper\n", to: "users_roles")
    // The server looks at its files every few seconds.
    let hasIt = CommandSupport.wait(within: .seconds(60)) {
      let answer = try? send(.get, "/_security/_authenticate", as: "shipper")
      let tree = answer.flatMap { try? JsonValue.parse($0.body) }
      return tree?["roles"]?.elements == [.string(name)] && mayDoWhatItSays(role)
    }
    guard hasIt else { throw NotTaken(name: name) }
    try body()
  }

  struct NotTaken: Error { let name: String }

  private func mayDoWhatItSays(_ role: JsonValue) -> Bool {
    let question = JsonValue.object([
      ("cluster", role["cluster"] ?? .array([])), ("index", role["indices"] ?? .array([])),
    ])
    let answer = try? send(
      .post, "/_security/user/_has_privileges", question.text, as: "shipper")
    let tree = answer.flatMap { try? JsonValue.parse($0.body) }
    return tree?["has_all_requested"]?.bool == true
  }

  private func text(_ name: String) throws -> String {
    String(decoding: try FileSystem.read("\(folder)/\(name)"), as: UTF8.self)
  }

  private func write(_ text: String, to name: String) throws {
    try FileSystem.replace("\(folder)/\(name)", with: Array(text.utf8), mode: 0o644)
  }
}
