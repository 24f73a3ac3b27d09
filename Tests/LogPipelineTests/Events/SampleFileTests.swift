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

  @Test func `OpenTelemetry lines are accepted`() throws {
    let bench = try EventBench()
    let raw = try FileSystem.read("\(folder)/otlp-genai-spans.ndjson")
    #expect(try bench.process(raw).count == raw.split(separator: 10).count)
    #expect(bench.refusals.isEmpty)
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
