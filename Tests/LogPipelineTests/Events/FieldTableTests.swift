import LogPipeline
import Testing

/// Goal: every spelling in the table reaches its field, whatever its length, and every field of a document is known to
/// the template. Method: one event for each path, built from the table's own list.
@Suite struct FieldTableTests {
  /// Where a field shows in a document, and a value it takes. Fields that only feed others show through those.
  private static let shown: [String: (value: String, at: String, is: JsonValue)] = [
    "timestamp": ("\"2026-11-20T10:00:00Z\"", "@timestamp", .string("2026-11-20T10:00:00.000Z")),
    "loggedAt": ("\"2026-11-20T10:00:00Z\"", "@timestamp", .string("2026-11-20T10:00:00.000Z")),
    "startTime": ("\"2026-11-20T10:00:00Z\"", "@timestamp", .string("2026-11-20T10:00:00.000Z")),
    "eventId": ("\"e-1\"", "event_id", .string("e-1")),
    "requestId": ("\"r-1\"", "request_id", .string("r-1")),
    "auditId": ("\"a-1\"", "audit_id", .string("a-1")),
    "responseId": ("\"c-1\"", "response_id", .string("c-1")),
    "sessionId": ("\"s-1\"", "session_id", .string("s-1")),
    "traceId": ("\"t-1\"", "trace_id", .string("t-1")),
    "requestHash": ("\"9f86d081884c7d65\"", "request_hash", .string("9f86d081884c7d65")),
    "responseHash": ("\"9f86d081884c7d65\"", "response_hash", .string("9f86d081884c7d65")),
    "requestType": ("\"chat\"", "request_type", .string("chat")),
    "modelUsed": ("\"gpt-4.1\"", "model_raw", .string("gpt-4.1")),
    "modelRequested": ("\"gpt\"", "model_requested", .string("gpt")),
    "modelServed": ("\"gpt-4.1\"", "model", .string("gpt-4.1")),
    "provider": ("\"openai\"", "provider", .string("openai")),
    "endpoint": ("\"chat\"", "endpoint", .string("chat")),
    "environment": ("\"prod\"", "environment", .string("prod")),
    "teamKey": ("\"search\"", "team_id", .string("search")),
    "teamNamed": ("\"search\"", "team_id", .string("search")),
    "teamClaimed": ("\"search\"", "team_id_claimed", .string("search")),
    "userId": ("7", "user_id", .string("7")),
    "clientIp": ("\"203.0.113.7\"", "client_ip", .string("203.0.113.7")),
    "feature": ("\"assist\"", "feature", .string("assist")),
    "cohort": ("\"b\"", "cohort", .string("b")),
    "taskType": ("\"bulk\"", "task_type", .string("bulk")),
    "attempt": ("2", "attempt", .integer(2)),
    "tags": ("[\"a\",\"b\"]", "tags", .array([.string("a"), .string("b")])),
    "requestTags": ("[\"a\"]", "request_tags", .array([.string("a")])),
    "usageText": (
      "\"Usage(completion_tokens=20, prompt_tokens=10)\"", "token_count", .integer(30)
    ),
    "promptTokens": ("\"150\"", "usage.prompt_tokens", .integer(150)),
    "completionTokens": ("150.0", "usage.completion_tokens", .integer(150)),
    "totalTokens": ("150", "token_count", .integer(150)),
    "latency": ("\"150\"", "latency_ms", .integer(150)),
    "responseSeconds": ("0.25", "latency_ms", .integer(250)),
    "timeToFirstToken": ("12.5", "ttft_ms", .number(12.5)),
    "relayOverhead": ("12.5", "relay_overhead_ms", .number(12.5)),
    "reportedCost": ("0.25", "cost_usd", .number(0.25)),
    "status": ("\"failure\"", "outcome", .string("failure")),
    "success": ("true", "outcome", .string("success")),
    "statusCode": ("429", "status_code", .integer(429)),
    "errorType": ("\"RateLimit\"", "error.type", .string("RateLimit")),
    "errorCode": ("401", "error.code", .string("401")),
    "errorMessage": ("\"no route\"", "error.message", .string("no route")),
    "circuitState": ("\"open\"", "circuit_state", .string("open")),
    "fallback": ("true", "fallback", .bool(true)),
    "cacheHit": ("true", "cache_hit", .bool(true)),
    "stream": ("true", "stream", .bool(true)),
    "streamComplete": ("false", "outcome", .string("truncated")),
    "finishReason": ("\"eos\"", "finish_reason", .string("stop")),
    "temperature": ("0.7", "request.temperature", .number(0.7)),
    "maxTokens": ("256", "request.max_tokens", .integer(256)),
  ]
  /// These count beside tokens only.
  private static let beside: [String: String] = [
    "cachedTokens": "usage.cached_tokens", "cacheWriteTokens": "usage.cache_write_tokens",
    "cacheWrite5mTokens": "usage.cache_write_tokens",
    "cacheWrite1hTokens": "usage.cache_write_1h_tokens",
    "reasoningTokens": "usage.reasoning_tokens",
  ]
  /// These show in the cost of 1000 tokens of gpt-5.4 alone: 2.5 a million, 1.25 of flex, 2.75 in the EU.
  private static let priced: [String: (value: String, usd: Double)] = [
    "serviceTier": ("\"flex\"", 0.00125), "region": ("\"eu\"", 0.00275),
  ]

  @Test func `every path of the table reaches its field`() throws {
    let bench = try EventBench()
    #expect(FieldTable.knownPaths.count > 330)
    for wrapper in [[], ["extra"], ["relay"]] {
      for (path, field, isWrapped) in FieldTable.knownPaths where wrapper.isEmpty || isWrapped {
        if let (value, at, expected) = Self.shown[field] {
          let event = try bench.one(Self.event(wrapper + path, value))
          #expect(event[at] == expected, "\(wrapper)\(path) -> \(at) in \(event.text)")
        } else if let at = Self.beside[field] {
          let usage = "{\"prompt_tokens\":9000,\"completion_tokens\":8000,"
          let body = usage + Self.event(path, "\"70\"").dropFirst()
          let event = try bench.one(Self.event(wrapper, body))
          #expect(event.integer(at) == 70, "\(wrapper)\(path) -> \(at) in \(event.text)")
        } else if let (value, usd) = Self.priced[field] {
          let call = "{\"model\":\"gpt-5.4\",\"prompt_tokens\":1000,\"completion_tokens\":0,"
          let body = call + Self.event(path, value).dropFirst()
          let event = try bench.one(Self.event(wrapper, body))
          #expect(event.double("cost_usd") == usd, "\(wrapper)\(path) in \(event.text)")
        } else {
          // The end and the first token of a call need its start; saved costs need more.
          #expect(["endTime", "completionStartTime", "savedCacheCost"].contains(field))
        }
      }
    }
    #expect(bench.processor.counters.unreadableFields == 0)
  }

  @Test func `every field a document holds is declared once for the template`() throws {
    let names = FieldTable.documentFields.map(\.name)
    #expect(Set(names).count == names.count)
    let bench = try EventBench()
    for fixture in ["relay", "litellm", "logstash"] {
      for event in try bench.process(Self.fixture("events/\(fixture).ndjson")) {
        for name in Self.paths(event.document) where name.prefix(6) != "extra." {
          #expect(names.contains(name), "\(name) of \(fixture)")
        }
      }
    }
    #expect(bench.refusals.isEmpty)
  }

  static func fixture(_ name: String, file: String = #filePath) throws -> [UInt8] {
    let tests = FileSystem.parent(of: FileSystem.parent(of: file))
    return try FileSystem.read("\(tests)/Fixtures/\(name)")
  }

  private static func paths(_ value: JsonValue, _ prefix: String = "") -> [String] {
    guard case .object(let members) = value else { return [prefix] }
    return members.flatMap { member in
      paths(member.value, prefix.isEmpty ? member.key : "\(prefix).\(member.key)")
    }
  }

  /// `{"a":{"b":value}}` for two keys; "[]" is an array's only element.
  private static func event(_ keys: [String], _ value: String) -> String {
    keys.reversed().reduce(value) { inner, key in
      key == "[]" ? "[\(inner)]" : "{\"\(key)\":\(inner)}"
    }
  }
}
