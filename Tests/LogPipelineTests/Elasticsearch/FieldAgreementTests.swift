import LogPipeline
import Testing

/// Goal: what a document holds, what docs/events.md says of it and what the template maps it to are the same.
/// Method: the template of every kind of server against a list of its own, against the document's table, and against
/// real documents.
@Suite struct FieldAgreementTests {
  /// What was agreed on with those who read the indices; not made from the program's table.
  private static let agreed: [String: [String]] = [
    "date": ["@timestamp"],
    "keyword": [
      "event_id", "request_id", "audit_id", "request_type", "model_raw", "model", "model_family",
      "model_requested", "model_served", "provider", "ab_arm", "cost.status", "cost.book",
      "cost.basis", "cost.price_version", "outcome", "error.type", "error.code", "team_id",
      "team_id_claimed", "request_tags", "tags", "feature", "cohort", "endpoint", "task_type",
      "finish_reason", "response_id", "schema_version", "environment", "user_id", "session_id",
      "trace_id", "circuit_state", "content_hmac",
    ],
    "long": [
      "usage.prompt_tokens", "usage.completion_tokens", "usage.total_tokens", "token_count",
      "usage.cached_tokens", "usage.cache_write_tokens", "usage.cache_write_1h_tokens",
      "usage.reasoning_tokens",
    ],
    "double": [
      "latency_ms", "ttft_ms", "cost_usd", "cost.input_usd", "cost.output_usd", "cost.cached_usd",
      "cost.input_per_mtok", "cost.output_per_mtok", "cost.reported_usd", "cost.drift_usd",
      "relay_overhead_ms", "saved_cache_cost",
    ],
    "short": ["status_code"], "integer": ["attempt", "request.max_tokens"],
    "float": ["request.temperature"], "text": ["error.message", "content"], "ip": ["client_ip"],
    "boolean": ["stream_complete", "fallback", "cache_hit", "stream"],
  ]

  private static let servers = [
    "elasticsearch-7.17", "elasticsearch-8", "elasticsearch-9", "opensearch-1", "opensearch-2.6",
    "opensearch-2.7", "opensearch-2", "opensearch-3",
  ]

  private func body(_ server: String) throws -> JsonValue {
    let product = try #require(ServerProduct(named: server))
    return AgentSettings(configuration: Configuration()).indexTemplate.body(
      TemplateDialect(
        flattened: product.flattened))
  }

  /// The leaves of a mapping, by dotted name.
  private func leaves(_ properties: JsonValue?, _ prefix: String = "") -> [String: JsonValue] {
    var found: [String: JsonValue] = [:]
    for (key, value) in properties?.members ?? [] {
      if let inner = value["properties"] {
        found.merge(leaves(inner, "\(prefix)\(key).")) { $1 }
      } else {
        found[prefix + key] = value
      }
    }
    return found
  }

  private func leaves(of server: String) throws -> [String: JsonValue] {
    leaves(try body(server)["template"]?["mappings"]?["properties"])
  }

  @Test(arguments: servers)
  func `the template of each server has every field with its type, and no other`(server: String)
    throws
  {
    let found = try leaves(of: server)
    for (type, names) in Self.agreed {
      for name in names { #expect(found[name]?["type"]?.string == type, "\(name) at \(server)") }
    }
    #expect(Set(found.keys) == Set(FieldTable.documentFields.map(\.name)))
    for (name, type, _) in FieldTable.documentFields where type != .flattened {
      #expect(found[name]?["type"]?.string == type.serverName, "\(name) at \(server)")
    }
    for (name, mapping) in found where mapping["type"]?.string == "keyword" {
      #expect(mapping["ignore_above"]?.integer == 8191, "\(name): longer values would be refused")
    }
  }

  /// Samples of real servers: what each kind takes, and that the other kinds refuse it.
  @Test func `the free-form field is mapped as each server can`() throws {
    let expected = [
      "elasticsearch-7.17": #"{"type":"flattened","ignore_above":8191,"depth_limit":40}"#,
      "elasticsearch-8": #"{"type":"flattened","ignore_above":8191,"depth_limit":40}"#,
      "elasticsearch-9": #"{"type":"flattened","ignore_above":8191,"depth_limit":40}"#,
      "opensearch-1": #"{"type":"object","enabled":false}"#,
      "opensearch-2.6": #"{"type":"object","enabled":false}"#,
      "opensearch-2.7": #"{"type":"flat_object"}"#, "opensearch-2": #"{"type":"flat_object"}"#,
      "opensearch-3": #"{"type":"flat_object"}"#,
    ]
    for server in Self.servers {
      #expect(try leaves(of: server)["extra"]?.text == expected[server], "\(server)")
      #expect(ServerProduct(named: server)?.flattened != nil)
    }
    #expect(ServerProduct(named: "opensearch-1")?.flattened == .disabledObject)
    for nonsense in ["elastic", "elasticsearch", "elasticsearch-x", "unknown-1", "opensearch-2."] {
      #expect(ServerProduct(named: nonsense) == nil, "\(nonsense)")
    }
  }

  @Test func `docs/events.md names each field with the type of the template`() throws {
    let text = try Repository.text("docs/events.md")
    let rows = text.split(separator: "\n").filter { $0.hasPrefix("| `") }
      .map { $0.split(separator: "|").map { $0.trimmed } }
    let documented = Dictionary(
      rows.filter { $0.count == 5 || $0.count == 4 }.map {
        ($0[0].replacing("`", with: ""), $0[1])
      },
      uniquingKeysWith: { first, _ in first })
    for (name, mapping) in try leaves(of: "elasticsearch-8") {
      #expect(documented[name] == mapping["type"]?.string, "\(name)")
    }
  }

  @Test func `the values of real documents are what the template expects`() throws {
    let bench = try EventBench()
    let types = Dictionary(
      uniqueKeysWithValues: FieldTable.documentFields.map { ($0.name, $0.type) })
    var seen: Set<String> = []
    var documents: [JsonValue] = []
    for fixture in ["relay", "litellm", "logstash"] {
      documents += try bench.process(FieldTableTests.fixture("events/\(fixture).ndjson")).map(
        \.document)
    }
    for document in documents {
      for (name, value) in values(document) where !name.hasPrefix("extra") {
        seen.insert(name)
        let type = try #require(types[name], "\(name)")
        #expect(fits(value, type), "\(name) is \(value.text) and not \(type)")
      }
    }
    #expect(seen.count > 40, "\(seen.count) fields seen")
  }

  private func values(_ value: JsonValue, _ path: String = "") -> [(String, JsonValue)] {
    switch value {
    case .object(let members):
      members.flatMap { values($0.value, path.isEmpty ? $0.key : "\(path).\($0.key)") }
    case .array(let elements): elements.flatMap { values($0, path) }
    default: [(path, value)]
    }
  }

  /// Stricter than servers, which read numbers out of texts.
  private func fits(_ value: JsonValue, _ type: FieldType) -> Bool {
    switch type {
    case .keyword, .text, .unsearchedText, .ip: return value.string != nil
    case .date: return value.string?.hasSuffix("Z") == true
    case .boolean: return value.bool != nil
    case .double, .float: return value.double != nil
    case .long: return value.integer != nil
    case .integer: return value.integer.map { Int32(exactly: $0) != nil } ?? false
    case .short: return value.integer.map { Int16(exactly: $0) != nil } ?? false
    case .flattened: return true
    }
  }
}

extension Substring {
  fileprivate var trimmed: String {
    var text = self
    while text.first == " " { text.removeFirst() }
    while text.last == " " { text.removeLast() }
    return String(text)
  }
}
