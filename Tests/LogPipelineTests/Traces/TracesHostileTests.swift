import LogPipeline
import TestSupport
import Testing

/// Goal: hostile bodies of spans cost an answer and nothing else. Method: seeded mutations of good bodies in both
/// encodings; each is answered, and what is stored is whole.
@Suite struct TracesHostileTests {
  @Test(arguments: ["application/json", "application/x-protobuf"])
  func `mutated bodies are answered, and no stored line is torn`(type: String) throws {
    let bench = try TracesBench()
    let json = TracesInputTests.request(
      TracesInputTests.span(), TracesInputTests.otherSpan, Self.deep(6),
      TracesInputTests.span("00000000000000a2"))
    let good =
      type == "application/json" ? Array(json.utf8) : try TracesInputTests.protobuf(json)
    var random = SeededRandom(seed: 20_261_127)
    let client = try bench.harness.http()
    for round in 0..<400 {
      var body = good
      for _ in 0...random.below(3) { Self.mutate(&body, &random) }
      let answer = client.post("/v1/traces", body, headers: ["Content-Type: \(type)"])
      #expect([200, 400].contains(answer?.status), "round \(round)")
    }
    #expect(client.post("/v1/traces", good, headers: ["Content-Type: \(type)"])?.status == 200)
    for event in try bench.takeEvents() {
      #expect(event.id.utf8.count == 26)
      #expect(event.document.members != nil)
    }
  }

  @Test func `levels, lengths and counts that lie are refused without harm`() throws {
    let bench = try TracesBench()
    // An attribute with more levels than any event may have; the span beside it is taken.
    for levels in [39, 60] {
      let body = TracesInputTests.request(Self.deep(levels), TracesInputTests.span())
      #expect(try bench.post(TracesInputTests.protobuf(body))?.status == 200)
      #expect(try bench.takeEvents().count == 1)
    }
    let brackets = String(repeating: "[", count: 100_000)
    #expect(try bench.post(json: "{\"resourceSpans\":\(brackets)")?.status == 400)
    // A length of 2^63, a number without end, a field of type 7, a group.
    for bytes: [UInt8] in [
      [0x0a] + [UInt8](repeating: 0xff, count: 8) + [0x7f], [UInt8](repeating: 0xff, count: 40),
      [0x0f], [0x0b, 0x0c], [0x00, 0x00],
    ] {
      #expect(try bench.post(bytes)?.status == 400)
    }
    // A hundred thousand empty resources, and as many empty spans.
    let empty = [[UInt8]](repeating: [0x0a, 0x00], count: 100_000).flatMap { $0 }
    #expect(try bench.post(empty)?.status == 200)
    let spans = [[UInt8]](repeating: [0x12, 0x00], count: 100_000).flatMap { $0 }
    let body = ProtobufBody.message(1, ProtobufBody.message(2, spans))
    #expect(try bench.post(body)?.status == 200)
    #expect(eventually { bench.harness.intake.snapshot.spansPassedOver == 100_000 })
  }

  @Test func `what one span has too much of is refused, its neighbours are taken`() throws {
    let bench = try TracesBench { $0.lineBytesMax = 64 << 10 }
    let long = TracesInputTests.span(model: String(repeating: "a", count: 70 << 10))
    for isJson in [true, false] {
      let json = TracesInputTests.request(long, TracesInputTests.span())
      let answer = try bench.post(
        isJson ? Array(json.utf8) : TracesInputTests.protobuf(json),
        type: isJson ? "application/json" : "application/x-protobuf")
      #expect(answer?.status == 200)
      #expect(answer?.body.contains("inputs.tcp.line_max") == true)
      #expect(try bench.takeEvents().count == 1)
    }
  }

  /// Nothing but the body itself may be what wakes the loop for its next part.
  @Test func `a large body without a single call goes on at once`() throws {
    let bench = try TracesBench { $0.webhook?.checkInterval = .seconds(3600) }
    let spans = [[UInt8]](repeating: [0x12, 0x00], count: 20_000).flatMap { $0 }
    #expect(
      try bench.post(ProtobufBody.message(1, ProtobufBody.message(2, spans)))?.status == 200)
  }

  @Test func `a resource or a scope that can not be read costs no others their spans`() throws {
    let bench = try TracesBench()
    let spans = ["a1", "a2", "a3"].map { TracesInputTests.span("00000000000000\($0)") }
    let bad = #"{"attributes":[{"value":{"stringValue":"x"}}]}"#
    let answer = try bench.post(
      json: """
        {"resourceSpans":[{"resource":\(bad),"scopeSpans":[{"spans":[\(spans[0])]}]},\
        {"scopeSpans":[{"spans":{}},{"spans":[\(spans[1])]}]},{"scopeSpans":7},7,\
        {"scopeSpans":[{"spans":[\(spans[2])]}]}]}
        """)
    #expect(answer?.status == 200)
    #expect(answer?.body.contains("\"rejectedSpans\":\"3\"") == true, "\(answer?.body ?? "")")
    #expect(try bench.takeEvents().map { $0.string("event_id")?.suffix(2) } == ["a1", "a2", "a3"])
    // The same in protobuf: a value that says it is a number of another kind.
    let value: [UInt8] = [0x0a, 0x01, 0x61, 0x12, 0x09, 0x19, 1, 2, 3, 4, 5, 6, 7, 8]
    let resource = ProtobufBody.message(1, ProtobufBody.message(1, ProtobufBody.message(1, value)))
    let good = try TracesInputTests.protobuf(TracesInputTests.request(spans[0]))
    #expect(try bench.post(resource + good)?.status == 200)
    #expect(try bench.takeEvents().count == 1)
  }

  @Test func `of a refused span in protobuf nothing is shown`() throws {
    let folder = try TemporaryFolder()
    let path = "\(folder.path)/refused.ndjson"
    let log = try RefusedLog(path: path, capBytes: 1 << 20)
    let bench = try TracesBench(refusedLog: log) {
      $0.lineBytesMax = 64 << 10
    }
    let words = #"my \"card-pin\": 7741, ok "# + String(repeating: "a", count: 70 << 10)
    let body = TracesInputTests.request(TracesInputTests.span(model: words))
    #expect(try bench.post(TracesInputTests.protobuf(body))?.status == 200)
    bench.harness.stop()
    log.close()
    let listed = String(decoding: try FileSystem.read(path), as: UTF8.self)
    #expect(listed.contains("inputs.tcp.line_max"))
    #expect(!listed.contains("7741") && !listed.contains("card-pin"), "\(listed)")
  }

  /// A span with lists within lists.
  private static func deep(_ levels: Int) -> String {
    let open = String(repeating: #"{"arrayValue":{"values":["#, count: levels)
    let close = String(repeating: "]}}", count: levels)
    return TracesInputTests.span("00000000000000d1").replacing(
      #"{"intValue":"1000"}"#, with: open + #"{"intValue":"1"}"# + close)
  }

  private static func mutate(_ body: inout [UInt8], _ random: inout SeededRandom) {
    guard !body.isEmpty else { return }
    let at = random.below(body.count)
    switch random.below(5) {
    case 0: body[at] ^= UInt8(1 << random.below(8))
    case 1: body[at] = UInt8(random.below(256))
    case 2: body.removeSubrange(at..<min(body.count, at + 1 + random.below(8)))
    case 3: body.insert(contentsOf: body[at..<min(body.count, at + 40)], at: at)
    default: body.removeSubrange(at...)
    }
  }
}
