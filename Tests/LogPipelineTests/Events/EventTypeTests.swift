import LogPipeline
import Testing

/// Goal: no document can break the index's types. Method: each kind of field with each kind of value.
@Suite struct EventTypeTests {
  @Test(arguments: [
    ("150", 150), ("150.0", 150), ("\"150\"", 150), ("\"150.0\"", 150), ("1.5e2", 150), ("0", 0),
    ("9007199254740992", 9_007_199_254_740_992),
  ])
  func `tokens are integers however they come`(value: String, expected: Int64) throws {
    let event = try EventBench().one(#"{"model":"m","usage":{"prompt_tokens":\#(value)}}"#)
    #expect(event.integer("usage.prompt_tokens") == expected)
    #expect(event["extra"] == nil)
  }

  @Test(arguments: [
    "\"N/A\"", "true", "1152921504606846976", "-5", "1.5", "\"12 tokens\"", "18446744073709551615",
    "[1]", "{\"a\":1}", "\"\u{FF11}\"",
  ])
  func `what is no count goes to extra under its own path`(value: String) throws {
    let bench = try EventBench()
    let event = try bench.one(#"{"model":"m","usage":{"prompt_tokens":\#(value)}}"#)
    #expect(event["usage"] == nil)
    let extra = try #require(event["extra"]?.members)
    #expect(extra.count == 1)
    #expect(extra[0].key.hasPrefix("usage.prompt_tokens"))
    if value.first != "[", value.first != "{" {
      #expect(bench.processor.counters.unreadableFields == 1)
    }
  }

  @Test(arguments: [
    ("1234567801239045678901.5", "1.2345678012390457e+21"),
    ("-12345678901234567890.5", "-1.2345678901234567e+19"),
    ("[1234567801239045678901.5]", "[1.2345678012390457e+21]"),
  ])
  func `a number over 64 bits has an exponent, so that every reader takes it`(
    value: String, text: String
  ) throws {
    let event = try EventBench().one(#"{"model":"m","reading":\#(value)}"#)
    #expect(event.text.contains(text), "\(event.text)")
  }

  @Test func `nothing at all is not an unreadable value`() throws {
    for value in ["null", "\"\"", "\"None\"", "\"null\""] {
      let bench = try EventBench()
      let event = try bench.one(
        #"{"request_id":\#(value),"user_id":\#(value),"usage":{"prompt_tokens":\#(value)}}"#)
      #expect(event["request_id"] == nil)
      #expect(event["extra"] == nil, "\(event.text)")
      #expect(bench.processor.counters.unreadableFields == 0)
    }
  }

  @Test(arguments: [
    ("latency_ms", "\"1.5\"", "latency_ms", JsonValue.number(1.5)),
    ("latency_ms", "150.0", "latency_ms", .integer(150)),
    ("status_code", "\"429\"", "status_code", .integer(429)),
    ("status_code", "99999", "extra.status_code", .integer(99999)),
    ("latency_ms", "-1", "extra.latency_ms", .integer(-1)),
    ("latency_ms", "\"fast\"", "extra.latency_ms", .string("fast")),
    ("stream", "\"True\"", "stream", .bool(true)),
    ("stream", "1", "extra.stream", .integer(1)),
    ("attempt", "\"3\"", "attempt", .integer(3)),
    ("attempt", "3000000000", "extra.attempt", .integer(3_000_000_000)),
    ("temperature", "\"0.7\"", "request.temperature", .number(0.7)),
    ("ip_address", "\"203.0.113.256\"", "extra.ip_address", .string("203.0.113.256")),
    ("ip_address", "7", "extra.ip_address", .integer(7)),
    ("user_id", "7.5", "user_id", .string("7.5")),
    ("user_id", "true", "extra.user_id", .bool(true)),
    ("model", "true", "extra.model", .bool(true)),
    ("cost_usd", "\"1.2e-06\"", "cost_usd", .number(0.0000012)),
    ("cost_usd", "-1", "extra.cost_usd", .integer(-1)),
    ("error", "false", "extra.error", .bool(false)),
    ("timestamp", "\"yesterday\"", "extra.timestamp", .string("yesterday")),
    ("status", "\"200\"", "status_code", .integer(200)),
  ])
  func `each field takes its type or leaves it to extra`(
    field: String, value: String, at: String, expected: JsonValue
  ) throws {
    let event = try EventBench().one("{\"\(field)\":\(value)}")
    let found =
      at.hasPrefix("extra.") ? event["extra"]?[String(at.dropFirst(6))] : event[at]
    #expect(found == expected, "\(event.text)")
  }

  @Test func `one sign of failure is enough`() throws {
    let bench = try EventBench()
    let outcomes = try bench.process(
      """
      {"success":true,"status_code":504}
      {"status":"success","error":{"message":"x"}}
      {"status":"SUCCESS"}
      {"success":false}
      {"status_code":204}
      {"status":"success","stream_complete":false}
      {"error":true}
      {"error":false,"success":true}
      {"model":"m"}
      """
    ).map { $0.string("outcome") }
    #expect(
      outcomes == [
        "failure", "failure", "success", "failure", "success", "truncated", "failure", "success",
        nil,
      ])
  }

  @Test func `of equal keys the last wins, and they are counted`() throws {
    let bench = try EventBench()
    let event = try bench.one(
      #"{"model":"a","usage":{"prompt_tokens":1,"x":1},"model":"gpt-4.1","#
        + #""usage":{"completion_tokens":2},"z":1,"z":2,"a.b":1,"a":{"b":2}}"#)
    #expect(event.string("model_raw") == "gpt-4.1")
    #expect(event["usage.prompt_tokens"] == nil)
    #expect(event.integer("usage.completion_tokens") == 2)
    let extra = try #require(event["extra"]?.members)
    #expect(extra.map(\.key) == ["z", "a.b"])
    #expect(event["extra"]?["z"]?.integer == 2)
    #expect(bench.processor.counters.duplicateKeys == 3)
  }

  @Test func `lone surrogates and numbers beyond 64 bits are repaired once`() throws {
    let bench = try EventBench()
    let event = try bench.one(
      #"{"request_id":"a\#\ud83d","n":123456789012345678901234567890,"m":-9223372036854775809,"#
        + #""ok":"\#\ud83d\#\ude00","session_id":"s\#\udc00x","d":18446744073709551615}"#)
    #expect(event.bool("repaired") == true)
    #expect(event.string("request_id") == "a\u{FFFD}")
    #expect(event.string("session_id") == "s\u{FFFD}x")
    #expect(event["extra"]?["n"]?.string == "[REDACTED]")
    #expect(event["extra"]?["d"]?.double == 18_446_744_073_709_551_616)
    #expect(bench.processor.counters.repaired == 1)
  }

  @Test func `arrays and odd keys stay small and safe in extra`() throws {
    let long = String(repeating: "k", count: 65)
    let event = try EventBench().one(
      #"{"few":[1,2.5,true,null],"many":[\#((0..<17).map(String.init).joined(separator: ","))],"#
        + #""words":["a"],"none":[],"deep":{"er":{"x":1}},"bad key":1,"bad|key":2,"\#(long)":3}"#)
    let extra = try #require(event["extra"])
    #expect(extra["few"]?.string == "[1,2.5,true,null]")
    #expect(extra["many"]?.string == "[array 17]")
    #expect(extra["words"]?.string == "[array 1]")
    #expect(extra["none"] == nil)
    #expect(extra["deep.er.x"]?.integer == 1)
    #expect(extra["[REDACTED_KEY]"]?.integer == 1)
    #expect(extra.members?.count == 5)
  }

  @Test func `a document over the limit keeps its metering`() throws {
    let bench = try EventBench { $0.eventBytesMax = 2000 }
    let leaves = (0..<300).map { "\"key\($0)\":\($0)" }.joined(separator: ",")
    let event = try bench.one(
      #"{"model":"gpt-4.1","usage":{"prompt_tokens":1},"error":"text","x":{\#(leaves)}}"#)
    #expect(event.bool("oversized") == true)
    #expect(event["extra"] == nil)
    #expect(event["error.message"] == nil)
    #expect(event.integer("usage.prompt_tokens") == 1)
    #expect(bench.processor.counters.oversized == 1)
  }
}
