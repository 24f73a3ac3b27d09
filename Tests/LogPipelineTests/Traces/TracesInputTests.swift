import LogPipeline
import Testing

/// Goal: exporters are answered in their own protocol, for what became of their spans, and never before those are on disk.
/// Method: a real intake on the loopback with the real processor; bodies in both encodings, the protobuf by a second hand.
@Suite struct TracesInputTests {
  static func span(_ id: String = "00000000000000a1", model: String = "gpt-4.1") -> String {
    """
    {"traceId":"5b8efff798038103d269b633813fc60c","spanId":"\(id)","name":"chat",\
    "startTimeUnixNano":"1795166100500000000","endTimeUnixNano":"1795166101250000000",\
    "attributes":[{"key":"gen_ai.operation.name","value":{"stringValue":"chat"}},\
    {"key":"gen_ai.request.model","value":{"stringValue":"\(model)"}},\
    {"key":"gen_ai.usage.input_tokens","value":{"intValue":"1000"}},\
    {"key":"gen_ai.usage.output_tokens","value":{"intValue":100}}]}
    """
  }
  static let otherSpan = """
    {"traceId":"5b8efff798038103d269b633813fc60c","spanId":"00000000000000b1","name":"SELECT",\
    "startTimeUnixNano":"1795166100500000000","endTimeUnixNano":"1795166100600000000",\
    "attributes":[{"key":"db.system","value":{"stringValue":"postgresql"}}]}
    """
  static func request(_ spans: String...) -> String {
    """
    {"resourceSpans":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"shop"}}]},\
    "scopeSpans":[{"spans":[\(spans.joined(separator: ","))]}]}]}
    """
  }
  static func protobuf(_ json: String) throws -> [UInt8] {
    ProtobufBody.request(try JsonValue.parse(json))
  }

  @Test func `both encodings, with and without gzip, are one document and the same id`() throws {
    let bench = try TracesBench()
    let json = Self.request(Self.span())
    let protobuf = try Self.protobuf(json)
    for (body, type, empty) in [
      (Array(json.utf8), "application/json", "{}"), (protobuf, "application/x-protobuf", ""),
    ] {
      for isGzip in [false, true] {
        let answer = try bench.post(
          isGzip ? inputsGzip(body) : body, type: type,
          headers: isGzip ? ["Content-Encoding: gzip"] : [])
        #expect(answer?.status == 200)
        #expect(answer?.headers["content-type"] == type)
        #expect(answer?.body == empty)
      }
    }
    let events = try bench.takeEvents()
    #expect(events.count == 4)
    #expect(Set(events.map(\.id)).count == 1)
    #expect(Set(events.map(\.text)).count == 1)
    let event = try #require(events.first)
    #expect(event.index == "holysheep-logs-2026.11.20")
    #expect(event.string("event_id") == "00000000000000a1")
    #expect(event.string("trace_id") == "5b8efff798038103d269b633813fc60c")
    #expect(event.double("latency_ms") == 750)
    // 1000 x 2.00 + 100 x 8.00 micro-dollars, the provider's own prices.
    #expect(event.double("cost_usd") == 0.0028)
    #expect(event.string("cost.book") == "direct")
    #expect(event.string("outcome") == "success")
    #expect(event["extra"]?["resource.service.name"]?.string == "shop")
  }

  @Test func `spans that call no model are counted, not stored, and not refused`() throws {
    let bench = try TracesBench()
    let answer = try bench.post(json: Self.request(Self.otherSpan, Self.span(), Self.otherSpan))
    #expect(answer?.status == 200)
    #expect(answer?.body == "{}")
    #expect(try bench.takeEvents().count == 1)
    #expect(eventually { bench.harness.intake.snapshot.spansPassedOver == 2 })
    #expect(bench.harness.intake.snapshot.offered == 1)
  }

  @Test func `a span that can not be taken is rejected alone, by the protocol's partial success`()
    throws
  {
    let bench = try TracesBench()
    let bad = #"{"traceId":"aa","attributes":[{"value":{"stringValue":"x"}}]}"#
    let answer = try bench.post(
      json: Self.request(Self.span("00000000000000a1"), bad, Self.span("00000000000000a2")))
    #expect(answer?.status == 200)
    let partial = answer?.json?["partialSuccess"]
    #expect(partial?["rejectedSpans"]?.string == "1")
    #expect(partial?["errorMessage"]?.string?.contains("an attribute has no key") == true)
    #expect(
      try bench.takeEvents().map { $0.string("event_id") }
        == ["00000000000000a1", "00000000000000a2"])
    // Text that is no UTF-8, in protobuf.
    var spans = try Self.protobuf(Self.request(Self.span()))
    let at = try #require(spans.firstRange(of: Array("gpt-4.1".utf8)))
    spans[at.lowerBound] = 0xff
    let refused = try bench.post(spans)
    #expect(refused?.status == 200)
    #expect(refused?.body.hasPrefix("\n") == true, "partial_success is field 1")
    #expect(refused?.body.contains("UTF-8") == true)
    #expect(try bench.takeEvents().isEmpty)
    #expect(eventually { bench.harness.intake.snapshot.refused == 2 })
  }

  @Test(arguments: [
    ("", "application/json", 400), ("{", "application/json", 400), ("[]", "application/json", 400),
    ("{\"resourceSpans\":{}}", "application/json", 400), ("{}{}", "application/json", 400),
    ("{\"resourceSpans\":[{}}", "application/json", 400), ("{}", "application/json", 200),
    ("{\"resourceSpans\":null}", "application/json; charset=utf-8", 200),
    ("", "application/x-protobuf", 200), ("\u{1}", "application/x-protobuf", 400),
    ("\n\u{7f}", "application/x-protobuf", 400), ("{}", "application/x-ndjson", 415),
    ("{}", "text/plain", 415),
  ]) func `what is no request of the protocol is answered as such`(
    body: String, type: String, status: Int
  ) throws {
    let bench = try TracesBench()
    let answer = try bench.post(Array(body.utf8), type: type)
    #expect(answer?.status == status)
    if status != 200, type != "application/x-protobuf" {
      #expect(answer?.json?["message"]?.string?.isEmpty == false)
    }
    #expect(try bench.post(json: Self.request(Self.span()))?.status == 200)
  }

  @Test func `a broken body keeps the spans before the break`() throws {
    let bench = try TracesBench()
    let whole = try Self.protobuf(Self.request(Self.span()))
    let answer = try bench.post(whole + [0x0a, 0x7f, 0x01])
    #expect(answer?.status == 400)
    #expect(try bench.takeEvents().count == 1)
    let cut = try bench.post(
      Array(inputsGzip(Array(Self.request(Self.span()).utf8)).dropLast(9)),
      type: "application/json", headers: ["Content-Encoding: gzip"])
    #expect(cut?.status == 400)
    #expect(cut?.json?["message"]?.string?.contains("gzip") == true)
    #expect(try bench.takeEvents().isEmpty)
  }

  @Test func `no answer comes before the spans are durable, and a full ring is 503`() throws {
    let sink = MemorySink(isDurableAtOnce: false)
    let bench = try TracesBench(sink: sink) { $0.webhook?.roomWaitMax = .milliseconds(100) }
    let client = try bench.harness.http()
    let body = Self.request(Self.span())
    client.send(
      "POST /v1/traces HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)")
    #expect(eventually { sink.frameCount == 1 })
    #expect(bench.harness.intake.snapshot.webhookAnswers.isEmpty)
    sink.makeDurable()
    #expect(client.readAnswer()?.status == 200)
    sink.setRoom(0)
    // The first fills the intake's own block, the second finds no room.
    client.send(
      "POST /v1/traces HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)")
    #expect(eventually { bench.harness.intake.snapshot.pauses == 1 })
    let answer = try bench.post(try Self.protobuf(body))
    #expect(answer?.status == 503)
    #expect(answer?.headers["retry-after"] == "2")
    #expect(answer?.headers["content-type"] == "application/x-protobuf")
    sink.setRoom(.max)
    #expect(eventually { sink.frameCount == 2 })
    sink.makeDurable()
    #expect(client.readAnswer()?.status == 200)
  }

  @Test func `keys, signatures and limits are those of the webhook`() throws {
    let bench = try TracesBench {
      $0.webhook?.bearer = [webhookKey("right")]
      $0.webhook?.hmac = [WebhookKey(name: "a", secret: [UInt8](repeating: 7, count: 24))]
      $0.webhook?.tracesBytesMax = 64 << 10
    }
    let json = Self.request(Self.span())
    let wrong = try bench.post(json: json, headers: ["Authorization: Bearer wrong"])
    #expect(wrong?.status == 401)
    #expect(wrong?.json?["code"]?.integer == 16)
    #expect(try bench.post(json: json, headers: ["Authorization: Bearer right"])?.status == 200)
    var signed = SignedRequest(try Self.protobuf(json))
    #expect(try bench.post(signed.body, headers: signed.signedHeaders)?.status == 200)
    #expect(try bench.post(signed.body, headers: signed.signedHeaders)?.status == 200)
    signed.signature = "v1,AAAA"
    signed.id = "msg_2"
    #expect(try bench.post(signed.body, headers: signed.signedHeaders)?.status == 401)
    // The repeat of a signed request is not taken again.
    #expect(try bench.takeEvents().count == 2)
    let long = Self.request(Self.span(model: String(repeating: "a", count: 70 << 10)))
    let over = try bench.post(json: long, headers: ["Authorization: Bearer right"])
    #expect(over?.status == 413)
    let small = inputsGzip(Array(long.utf8))
    #expect(small.count < 64 << 10)
    let inflated = try bench.post(
      small, type: "application/json",
      headers: ["Authorization: Bearer right", "Content-Encoding: gzip"])
    #expect(inflated?.status == 413)
  }

  @Test func `without a path for traces there is none`() throws {
    let bench = try TracesBench { $0.webhook?.tracesPath = nil }
    #expect(try bench.post(json: "{}")?.status == 404)
  }

  @Test func `a span without a time keeps its id when the body comes again`() throws {
    let bench = try TracesBench()
    let span = Self.span().replacing("\"startTimeUnixNano\":\"1795166100500000000\",", with: "")
      .replacing("\"endTimeUnixNano\":\"1795166101250000000\",", with: "")
    for _ in 0..<2 {
      let body = Self.request(span, span.replacing("00a1", with: "00a2"))
      #expect(try bench.post(json: body)?.status == 200)
    }
    let events = try bench.takeEvents()
    #expect(events.count == 4)
    #expect(Set(events.map(\.id)).count == 2)
    #expect(events.allSatisfy { $0.string("timestamp_source") == "arrival" })
  }

  @Test func `others are taken while a large body of spans is`() throws {
    let spans = (0..<2000).map { Self.span(String(0x1000_0000_0000_0000 + $0, radix: 16)) }
    let json = Self.request(spans.joined(separator: ","))
    // A test that was held up while the body was taken saw nothing: once more.
    let isBetween = try (0..<5).contains { _ in
      let bench = try TracesBench()
      let (large, small) = (try bench.harness.http(), try bench.harness.http())
      large.send(
        "POST /v1/traces HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
          + "Content-Length: \(json.utf8.count)\r\n\r\n\(json)")
      #expect(eventually { bench.harness.sink.frameCount > 0 })
      #expect(small.post("/v1/events", "{\"id\":\"small\"}")?.status == 200)
      #expect(large.readAnswer()?.status == 200)
      let ids = try bench.takeEvents().map { $0.string("event_id") }
      #expect(ids.count == 2001)
      return ids.last != "small" && ids.contains("small")
    }
    #expect(isBetween)
  }
}
