import LogPipeline
import Testing

/// Goal: real captures of LiteLLM and python-logstash-async arrive whole and right. Method: the folder named by
/// SHEEPSHIPPER_TEST_SAMPLES, against fields worked out by hand from the raw lines (Fixtures/expected-fields.json).
@Suite(
  .enabled(
    if: Environment.value(of: "SHEEPSHIPPER_TEST_SAMPLES") != nil,
    "set SHEEPSHIPPER_TEST_SAMPLES to the folder with the captured *.ndjson files"))
struct SampleFileTests {
  private let folder = Environment.value(of: "SHEEPSHIPPER_TEST_SAMPLES") ?? ""

  @Test(arguments: [("litellm-generic-api.ndjson", 42), ("python-logstash-async.ndjson", 54)])
  func `all lines are events, with the fields worked out by hand`(file: String, lines: Int) throws {
    let bench = try EventBench()
    let events = try bench.process(try FileSystem.read("\(folder)/\(file)"))
    #expect(events.count == lines)
    #expect(bench.refusals.isEmpty)
    #expect(Set(events.map(\.id)).count == lines)
    let table = try JsonValue.parse(FieldTableTests.fixture("expected-fields.json"))
    let chosen = try #require(table[file]?.members)
    #expect(chosen.count >= 18)
    for (line, fields) in chosen {
      let event = events[try #require(Int(line)) - 1]
      for (path, expected) in fields.members ?? [] {
        let found = path == "index" ? .string(event.index) : Self.value(event, path)
        #expect(Self.same(found, expected), "\(file):\(line) \(path): \(event.text)")
      }
    }
  }

  @Test(arguments: ["litellm-generic-api.ndjson", "python-logstash-async.ndjson"])
  func `no message text is in any document`(file: String) throws {
    let raw = try FileSystem.read("\(folder)/\(file)")
    let bench = try EventBench()
    let events = try bench.process(raw)
    for (index, line) in raw.split(separator: 10).enumerated() {
      var texts: [String] = []
      Self.texts(try JsonValue.parse(Array(line)), false, &texts)
      #expect(!texts.isEmpty)
      for text in texts where text.utf8.count > 8 {
        #expect(!events[index].text.contains(text), "\(file):\(index + 1)")
      }
    }
  }

  @Test func `all spans are priced events, whole and without a word of their content`() throws {
    let bench = try TracesBench()
    let lines = try FileSystem.read("\(folder)/otlp-genai-spans.ndjson").split(separator: 10)
    for line in lines {
      #expect(try bench.post(Array(line), type: "application/json")?.body == "{}")
    }
    let events = try bench.takeEvents()
    #expect(events.count == lines.count)
    for event in events {
      Self.expectSound(event)
      for word in ["question", "Short answer", "Be brief", "example.com", "lookup_order"] {
        #expect(!event.text.contains(word), "\(event.text)")
      }
      #expect(event.string("content_hmac") != nil)
      #expect(event.double("latency_ms") != nil)
      #expect(event.string("trace_id")?.utf8.count == 32)
      #expect(["success", "failure"].contains(event.string("outcome")))
    }
    #expect(events.filter { $0.string("outcome") == "failure" }.count == 4)
    let statuses = Dictionary(grouping: events) { $0.string("cost.status") ?? "" }
    #expect(statuses["priced"]?.count == 20)
    // Four failed, four streams said nothing of their tokens.
    #expect(statuses["no_usage"]?.count == 8)
  }

  /// Each request of LiteLLM's callback is answered over the connection it keeps, with 200 and for all its events: any
  /// other status, and it drops them.
  @Test func `LiteLLM's requests are answered as it needs`() throws {
    let bench = try TracesBench {
      $0.webhook?.paths = ["/webhook/litellm", "/nd", "/single", "/v1"]
      $0.webhook?.bearer = [webhookKey("relay-shared-secret")]
    }
    let client = try bench.harness.http()
    var counts: [Int64] = []
    for line in try FileSystem.read("\(folder)/litellm-generic-api.requests.ndjson")
      .split(separator: 10)
    {
      let request = try JsonValue.parse(Array(line))
      let headers = (request["headers"]?.elements ?? []).compactMap { header in
        header[0]?.string.flatMap { name in header[1]?.string.map { (name, $0) } }
      }.filter { !["Host", "Content-Length"].contains($0.0) }
      let answer = client.post(
        request["path"]?.string ?? "", request["body"]?.string ?? "",
        headers: headers.map { "\($0.0): \($0.1)" })
      #expect(answer?.status == 200)
      #expect(answer?.headers["content-type"] == "application/json")
      #expect(answer?.headers["connection"]?.lowercased() != "close")
      #expect(answer?.json?["refused"]?.elements?.isEmpty == true)
      counts.append(answer?.json?["accepted"]?.integer ?? -1)
    }
    #expect(counts == [3, 2, 3, 6, 1, 1, 5])
    let events = try bench.takeEvents()
    #expect(Int64(events.count) == counts.reduce(0, +))
    for event in events {
      Self.expectSound(event)
      #expect(event.string("cost.book") ?? "direct" == "direct")
    }
    // The first format writes its usage as the text of a Python object: 10 x 2.00 + 20 x 8.00 micro-dollars.
    let old = events.suffix(5)
    #expect(old.allSatisfy { $0.integer("token_count") ?? 0 > 0 })
    #expect(old.first?.double("cost_usd") == 0.00018)
  }

  @Test(arguments: ["litellm-generic-api.ndjson", "python-logstash-async.ndjson"])
  func `sums, types and statuses hold in every document`(file: String) throws {
    for event in try EventBench().process(try FileSystem.read("\(folder)/\(file)")) {
      Self.expectSound(event)
    }
  }

  /// What holds of every document.
  private static func expectSound(_ event: EventBench.Event) {
    let counts = ["prompt_tokens", "completion_tokens", "total_tokens", "cached_tokens"]
      .map { event.integer("usage.\($0)") }
    if let prompt = counts[0], let completion = counts[1] {
      #expect(counts[2] == prompt + completion, "\(event.text)")
    }
    #expect(counts[3] ?? 0 <= counts[0] ?? .max, "\(event.text)")
    #expect(event.integer("token_count") == counts[2])
    for path in ["latency_ms", "cost_usd", "ttft_ms", "relay_overhead_ms"] {
      #expect(event[path] == nil || event.double(path) ?? -1 >= 0, "\(path): \(event.text)")
    }
    for path in ["stream", "fallback", "cache_hit"] {
      #expect(event[path] == nil || event.bool(path) != nil, "\(path): \(event.text)")
    }
    let status = event.string("cost.status") ?? ""
    switch status {
    case "priced", "reported", "estimated", "cache_hit": #expect(event.double("cost_usd") != nil)
    case "unpriced", "no_usage": #expect(event["cost_usd"] == nil)
    default: Issue.record("a status of its own: \(event.text)")
    }
  }

  private static func value(_ event: EventBench.Event, _ path: String) -> JsonValue? {
    var value: JsonValue? = event.document
    for key in path.split(separator: "/") { value = value?[String(key)] }
    return value
  }

  private static func same(_ found: JsonValue?, _ expected: JsonValue) -> Bool {
    if expected == .null { return found == nil }
    if let number = expected.double { return found?.double == number }
    return found == expected
  }

  /// Strings below keys that hold what people and models wrote.
  private static func texts(_ value: JsonValue, _ isContent: Bool, _ found: inout [String]) {
    let keys = [
      "content", "message", "arguments", "traceback", "stack_trace", "text",
      "user_api_key_user_email",
    ]
    switch value {
    case .string(let text) where isContent: found.append(text)
    case .array(let values): for value in values { texts(value, isContent, &found) }
    case .object(let members):
      for member in members {
        texts(member.value, isContent || keys.contains(member.key), &found)
      }
    default: break
    }
  }
}
