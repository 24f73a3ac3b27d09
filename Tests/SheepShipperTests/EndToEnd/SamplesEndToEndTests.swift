import LogPipeline
import TestSupport
import Testing

/// Goal: what real senders wrote comes out whole, typed and priced.
/// Method: captures of LiteLLM, python-logstash-async and OpenTelemetry exporters, sent as they were captured to the
/// built program; then every document is read back and held against fields worked out by hand from the raw payloads.
@Suite(
  .serialized, .enabled(if: SampleFolder.path != nil, Comment(rawValue: SampleFolder.missing)))
struct SamplesEndToEndTests {
  @Test(arguments: Destination.all)
  func `captured logstash lines over TCP come out as worked out by hand`(to: Destination) throws {
    let file = "python-logstash-async.ndjson"
    let lines = try SampleFolder.lines(of: file)
    #expect(lines.count == 54)
    let folder = try TemporaryFolder()
    let agent = try to.startAgent(
      in: folder, prefix: "e2e-logstash-", settings: ["privacy.ip=keep"])
    try SampleSender.send(lines, to: agent)
    try SampleSender.expectDelivered(lines.count, by: agent)
    let documents = try to.documents(in: folder, prefix: "e2e-logstash-")
    try expect(documents, of: lines, in: file, chosen: 20)
  }

  @Test(arguments: Destination.all)
  func `captured LiteLLM events posted as NDJSON come out as worked out by hand`(to: Destination)
    throws
  {
    let file = "litellm-generic-api.ndjson"
    let lines = try SampleFolder.lines(of: file)
    #expect(lines.count == 42)
    let folder = try TemporaryFolder()
    let agent = try to.startAgent(
      in: folder, prefix: "e2e-litellm-", settings: ["privacy.ip=keep"])
    let answer = try agent.webhook.send(
      "POST", "/v1/events", headers: [("Content-Type", "application/x-ndjson")],
      body: Array(lines.joined(separator: [0x0A])))
    #expect(answer.status == 200, "\(answer.text)")
    #expect(try answer.json()["accepted"]?.integer == 42)
    #expect(try answer.json()["refused"]?.elements?.isEmpty == true)
    try SampleSender.expectDelivered(lines.count, by: agent)
    let documents = try to.documents(in: folder, prefix: "e2e-litellm-")
    try expect(documents, of: lines, in: file, chosen: 27)
  }

  @Test(arguments: Destination.all)
  func `captured LiteLLM requests are taken at their own paths with their own headers`(
    to: Destination
  ) throws {
    let requests = try SampleFolder.requests()
    let folder = try TemporaryFolder()
    let agent = try to.startAgent(
      in: folder, prefix: "e2e-requests-",
      settings: [
        "inputs.webhook.paths=[/webhook/litellm, /nd, /single, /v1]",
        "inputs.webhook.bearer=[{value: relay-shared-secret}]",
      ])
    #expect(
      requests.map(\.path) == [
        "/webhook/litellm", "/webhook/litellm", "/webhook/litellm", "/nd", "/single", "/single",
        "/v1",
      ])
    let counts = try requests.map { request in
      let answer = try SampleSender.replay(request, to: agent.webhook)
      #expect(answer.status == 200, "\(request.path): \(answer.text)")
      #expect(try answer.json()["refused"]?.elements?.isEmpty == true, "\(answer.text)")
      return Int(try answer.json()["accepted"]?.integer ?? -1)
    }
    let events = try requests.map { try $0.events() }
    #expect(counts == events.map(\.count))
    #expect(counts == [3, 2, 3, 6, 1, 1, 5])
    let total = counts.reduce(0, +)
    try SampleSender.expectDelivered(total, by: agent)
    let documents = try to.documents(in: folder, prefix: "e2e-requests-")
    #expect(documents.count == total)
    let addresses = documents.compactMap { $0.string("client_ip") }
    #expect(!addresses.isEmpty && addresses.allSatisfy { $0 == "198.51.100.0" }, "cut by default")
    for (request, events) in zip(requests, events) {
      for event in events { try expectEnvironment(of: event, in: documents, postedBy: request) }
    }
    try expect(documents, ofPosted: events.flatMap { $0 })
  }

  @Test(arguments: Destination.all)
  func `OpenTelemetry lines come out as an unknown shape with known fields kept`(to: Destination)
    throws
  {
    let lines = try SampleFolder.lines(of: "otlp-genai-spans.ndjson")
    #expect(lines.count == 28)
    let folder = try TemporaryFolder()
    let agent = try to.startAgent(in: folder, prefix: "e2e-otlp-")
    // A line of their shape with fields beside it that are known.
    let known = """
      {"request_id":"otlp-known","environment":"staging","model":"gpt-4.1","resourceSpans":[{"a":"b"}],\
      "usage":{"prompt_tokens":"1000","completion_tokens":100.0}}
      """
    try SampleSender.send(lines + [Array(known.utf8)], to: agent)
    try SampleSender.expectDelivered(lines.count + 1, by: agent)
    let documents = try to.documents(in: folder, prefix: "e2e-otlp-")
    #expect(documents.count == lines.count + 1)
    let spans = documents.filter { $0.string("request_id") == nil }
    #expect(spans.count == lines.count)
    #expect(spans.allSatisfy { $0.string("extra/resourceSpans") == "[array 1]" })
    #expect(spans.allSatisfy { $0.string("content_hmac")?.utf8.count == 32 })
    #expect(Set(spans.compactMap { $0.string("content_hmac") }).count == lines.count)
    let kept = try #require(documents.first { $0.string("request_id") == "otlp-known" })
    #expect(kept.string("environment") == "staging")
    #expect(kept["token_count"]?.double == 1100)
    // 1000 x 2.00 + 100 x 8.00 micro-dollars, the provider's own prices.
    #expect(kept["cost_usd"]?.double == 0.0028)
  }

  /// Every line's document is there once, and the chosen ones hold what the table says.
  private func expect(
    _ documents: [StoredDocument], of lines: [[UInt8]], in file: String, chosen: Int
  ) throws {
    let ids = try EventIds.of(lines)
    #expect(documents.map(\.id).sorted() == ids.sorted())
    let byId = Dictionary(documents.map { ($0.id, $0) }) { first, _ in first }
    let table = try ExpectedFields(of: file)
    #expect(table.lines.count >= chosen)
    let now = SystemClock().wallMilliseconds()
    for (number, fields) in table.lines {
      guard let document = byId[ids[number - 1]] else { continue }
      let difference = ExpectedFields.difference(
        of: document, from: fields, nowMilliseconds: now)
      #expect(difference == nil, "\(file):\(number): \(document.source.text)")
    }
  }

  /// The call's own environment, else the one that the request's header names.
  private func expectEnvironment(
    of event: JsonValue, in documents: [StoredDocument], postedBy request: CapturedRequest
  ) throws {
    guard let id = event["litellm_call_id"]?.string else { return }
    let found = documents.filter { $0.string("request_id") == id }
    #expect(found.count == 1, "\(id)")
    let called = event["metadata"]?["requester_metadata"]?["headers"]?["x-environment"]?.string
    #expect(
      found.first?.string("environment") == called ?? request.header("x-environment"), "\(id)")
  }

  /// As ``expect(_:of:in:chosen:)``, found by the sender's own ids: they are different here.
  private func expect(_ documents: [StoredDocument], ofPosted events: [JsonValue]) throws {
    let ids = events.compactMap { $0["id"]?.string }
    #expect(documents.compactMap { $0.string("event_id") }.sorted() == ids.sorted())
    let table = try ExpectedFields(of: SampleFolder.requestFile)
    #expect(table.lines.count >= 10)
    let now = SystemClock().wallMilliseconds()
    for (number, fields) in table.lines {
      let document = try #require(documents.first { $0.string("event_id") == ids[number - 1] })
      let difference = ExpectedFields.difference(
        of: document, from: fields, nowMilliseconds: now)
      #expect(difference == nil, "event \(number): \(document.source.text)")
    }
  }
}
