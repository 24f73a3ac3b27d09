import LogPipeline
import Testing

/// Goal: what is explained is what happens: the same documents, costs whose lines add up, sources that hold the value.
/// Method: sample events of all shapes, explained and taken through a processor of the agent's own.
@Suite struct ExplainTests {
  private struct FixedClock: Clock {
    func now() -> MonotonicTime { MonotonicTime(nanoseconds: 0) }
    func wallMilliseconds() -> Int64 { EventBench.arrivalMilliseconds }
  }

  static let samples = ["relay", "litellm", "logstash"]

  private func explain(
    _ text: String, as way: ExplainRun.Way? = nil, _ configuration: Configuration = Configuration()
  ) throws -> [EventExplanation] {
    var found: [EventExplanation] = []
    let bytes = Array(text.utf8)
    let run = try ExplainRun(configuration, clock: FixedClock())
    let counts = try run.run(bytes, as: way ?? ExplainRun.way(of: bytes)) { found.append($0) }
    #expect(Int(counts.taken) == found.count { $0.isTaken })
    #expect(Int(counts.refused) == found.count { !$0.isTaken })
    return found
  }

  private func one(_ text: String, as way: ExplainRun.Way? = nil) throws -> EventExplanation {
    try #require(try explain(text, as: way).first)
  }

  /// Without what depends on the key.
  private static func keyless(_ document: JsonValue?) -> JsonValue {
    .object((document?.members ?? []).filter { !$0.key.hasPrefix("content_hmac") })
  }

  @Test(arguments: samples)
  func `documents, ids and indices are the agent's own`(sample: String) throws {
    let text = try Repository.text("Tests/LogPipelineTests/Fixtures/events/\(sample).ndjson")
    let own = AgentSettings(configuration: Configuration()).eventRules(
      try EventBench.rules().contentKey)
    let bench = try EventBench { $0 = own }
    let events = try bench.process(text)
    let explained = try explain(text, as: .lines(.tcp)).filter(\.isTaken)
    try #require(events.count == explained.count && events.count >= 3)
    for (event, found) in zip(events, explained) {
      #expect(Self.keyless(event.document) == Self.keyless(found.document))
      #expect(event.index == found.index)
      // An event without a time of its own gets a new id each time.
      if event["timestamp_source"] == nil { #expect(event.id == found.id) }
    }
  }

  @Test(arguments: samples)
  func `the lines of a cost add up to the document's`(sample: String) throws {
    let text = try Repository.text("Tests/LogPipelineTests/Fixtures/events/\(sample).ndjson")
    for found in try explain(text, as: .lines(.tcp)) {
      guard found.document?["cost"]?["status"]?.string == "priced" else { continue }
      let sum = Int128(try #require(found.cost?.picoUsd))
      let exact = try #require(found.document?["cost_usd"]).text
      #expect(sum == PriceOracle.scaled(exact, by: 12), "\(found.text)")
    }
  }

  /// Where a single key is named and the document holds a text or whole number, the key holds the same.
  @Test(arguments: samples)
  func `a field's source holds its value`(sample: String) throws {
    let text = try Repository.text("Tests/LogPipelineTests/Fixtures/events/\(sample).ndjson")
    let lines = text.split(separator: "\n")
    var compared = 0
    for found in try explain(text, as: .lines(.tcp)) where found.isTaken {
      let frame = try JsonValue.parse(String(lines[Int(found.number) - 1]))
      for row in found.rows where !Self.computed.contains(row.name) {
        guard let raw = Self.value(at: row.from, in: frame) else { continue }
        let shown = row.value.string ?? row.value.text
        guard shown != "[REDACTED]", raw.elements == nil else { continue }
        let same = (raw.string ?? raw.text) == shown || raw.double == row.value.double
        #expect(same, "\(row.name) is \(shown), \(row.from) is \(raw.text)")
        compared += 1
      }
    }
    #expect(compared > 15)
  }

  /// Written otherwise than they came.
  private static let computed: Set = [
    "@timestamp", "model", "finish_reason", "latency_ms", "client_ip", "error.message", "outcome",
  ]

  private static func value(at path: String, in frame: JsonValue) -> JsonValue? {
    if let whole = frame[path] { return whole }
    guard let dot = path.firstIndex(of: ".") else { return nil }
    let rest = String(path[path.index(after: dot)...])
    let key = String(path[..<dot])
    guard let next = frame[key] else { return nil }
    return value(at: rest, in: next)
  }

  private func from(_ name: String, _ found: EventExplanation) -> String? {
    found.rows.first { $0.name == name }?.from
  }

  @Test func `counts that are sums name their parts`() throws {
    let anthropic = try one(
      #"{"timestamp":1763461800,"model":"claude-opus-4.6","usage":{"input_tokens":5,"output_tokens":2,"cache_read_input_tokens":3}}"#
    )
    #expect(
      from("usage.prompt_tokens", anthropic) == "usage.input_tokens + usage.cache_read_input_tokens"
    )
    let gemini = try one(
      #"{"timestamp":1763461800,"model":"gemini-2.5-pro","usageMetadata":{"promptTokenCount":5,"candidatesTokenCount":2,"thoughtsTokenCount":3}}"#
    )
    #expect(
      from("usage.completion_tokens", gemini)
        == "usageMetadata.candidatesTokenCount + usageMetadata.thoughtsTokenCount")
    #expect(gemini.shape == "relay")
  }

  @Test func `price, tier, service tier and region are told with the arithmetic`() throws {
    let found = try one(
      #"{"timestamp":"2026-11-18T10:30:00Z","model":"openai/gpt-5.4","service_tier":"flex","inference_geo":"eu","usage":{"prompt_tokens":272001,"completion_tokens":10}}"#
    )
    let cost = try #require(found.cost)
    let price = try #require(cost.breakdown)
    #expect(price.kind == "flex" && price.tierFromInputTokens == 272_001)
    #expect(price.regionPermille == 1100 && price.book == .direct && cost.askedBook == .holysheep)
    // 272001 x 2.75 + 10 x 12.375 a million.
    #expect(price.lines.map(\.tokens) == [272_001, 10])
    #expect(price.lines.map(\.microUsdPerMTok) == [2_750_000, 12_375_000])
    #expect(cost.picoUsd == 748_126_500_000)
    #expect(found.text.contains("0.7481265"), "\(found.text)")
    for line in found.text.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
  }

  @Test func `an unpriced model names its nearest`() throws {
    let found = try one(
      #"{"timestamp":1763461800,"model":"gpt-4.1-minni","usage":{"prompt_tokens":5,"completion_tokens":2}}"#
    )
    #expect(found.cost?.status == "unpriced" && found.cost?.nearest.first == "gpt-4.1-mini")
    #expect(found.text.contains("Nearest: gpt-4.1-mini"))
  }

  @Test func `what was redacted is told by kind and count, never as text`() throws {
    let found = try one(
      #"{"timestamp":1763461800,"model":"gpt-4.1","messages":[{"role":"user","content":"zebra one"}],"note":"zebra two is here","error_message":"mail zebra@example.org or otter@example.org","attempt":"zebra three is here and it is longer than most","status_code":500}"#
    )
    let shown = found.text + found.json(keyNote: "").text
    #expect(!shown.contains("zebra"), "\(shown)")
    #expect(!shown.contains("otter@"))
    #expect(found.notes.contains { $0.contains("2 email") }, "\(found.notes)")
    #expect(found.notes.contains { $0.contains("content by key: messages") }, "\(found.notes)")
    #expect(found.extra.contains { $0.name == "note" && $0.value == .string("[REDACTED]") })
  }

  @Test func `what is not of its type says so in extra`() throws {
    let found = try one(
      #"{"timestamp":1763461800,"model":"gpt-4.1","usage":{"prompt_tokens":"N/A"},"custom":7}"#)
    let reasons = Dictionary(uniqueKeysWithValues: found.extra.map { ($0.name, $0.from) })
    let reason = reasons["usage.prompt_tokens"] ?? ""
    #expect(reason.contains("not of its field's type"), "\(reasons)")
    #expect(reasons["custom"]?.contains("it has no field") == true)
  }

  @Test func `a shape says which key gave it away`() throws {
    let found = try one(#"{"litellm_call_id":"a-1","startTime":1763461800.5,"model":"gpt-4.1"}"#)
    #expect(found.shape == "LiteLLM")
    #expect(found.shapeReason == "its alone is the key litellm_call_id")
    #expect(from("@timestamp", found) == "startTime")
  }

  @Test func `refusals come with their reasons, and the events beside them are explained`() throws {
    let found = try explain("{\"a\":1}\nnot json\n[1]\n{\"a\":2}\n", as: .lines(.tcp))
    #expect(found.map(\.isTaken) == [true, false, false, true])
    #expect(found[1].refusal?.reason == .notJson && found[1].text.contains("REFUSED, not_json"))
    #expect(found[2].refusal?.reason == .notAnObject)
    #expect(found[0].notes.contains { $0.contains("no time of its own") })
  }

  @Test func `a body of several lines and an array are taken as a webhook takes them`() throws {
    #expect(try explain("{\n \"model\": \"gpt-4.1\"\n}").map(\.isTaken) == [true])
    #expect(try explain("[{\"a\":1},{\"a\":2},3]").map(\.isTaken) == [true, true, false])
    #expect(try explain("[{\"a\":1},", as: .webhook(path: "/x")).map(\.isTaken) == [true, false])
    #expect(try explain("\n\n").isEmpty)
  }

  @Test func `the source decides on the book as it does for the agent`() throws {
    let configuration = try ConfigurationLoader.load(
      file: nil, settings: ["sources=[{match: {path: /v1/direct}, book: direct, region: us}]"]
    ).configuration
    let text =
      #"{"timestamp":1763461800,"model":"claude-opus-4.6","usage":{"prompt_tokens":1000,"completion_tokens":0}}"#
    let direct = try explain(text, as: .webhook(path: "/v1/direct"), configuration)[0]
    #expect(direct.cost?.askedBook == .direct && direct.cost?.region == .us)
    // 1000 x 5 x 1.1
    #expect(direct.document?["cost_usd"]?.double == 0.0055)
    let other = try explain(text, as: .webhook(path: "/v1/other"), configuration)[0]
    #expect(other.cost?.askedBook == .holysheep && other.cost?.region == nil)
  }
}
