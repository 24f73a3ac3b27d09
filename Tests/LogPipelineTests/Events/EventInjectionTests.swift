import LogPipeline
import Testing

/// Goal: whatever an event holds, its bulk item is two lines of ours, and what is redacted is what is read.
/// Method: each text at every kind of place; duplicate keys in both orders, by the quick way and the long way.
/// `EventBench` itself checks that a block has two lines an item.
@Suite struct EventInjectionTests {
  /// As they stand in JSON.
  static let texts = [
    #"\n{\"delete\":{\"_index\":\"holysheep-logs-2026.11.20\",\"_id\":\"x\"}}\n"#,
    #"\r\n{\"create\":{\"_index\":\".security\"}}"#, #"\u000a{\"index\":{}}\u000a"#, #"\u0000"#,
    #"\ud800"#, #"\udc00\ud800"#, #"\u2028\u2029\u0085"#, #"\"}}\n{\"update\":{\"_id\":\"1\"}}"#,
    #"\\n\\u000a"#, "\u{2028}\u{85}", #"\u001b[2J"#, #"}"#, #"\/\b\f"#, #"\ufffe\uffff"#,
  ]
  private static let places = [
    #"{"request_id":"%"}"#, #"{"model":"%","usage":{"prompt_tokens":1}}"#, #"{"tags":["%","b"]}"#,
    #"{"status":"failure","error_message":"%"}"#, #"{"status":"failure","error_type":"%"}"#,
    #"{"messages":[{"content":"%"}]}"#, #"{"unknown":"%"}"#, #"{"%":1}"#, #"{"a":{"%":{"b":2}}}"#,
    #"{"level":"%"}"#, #"{"user_id":"%"}"#, #"{"ip_address":"%"}"#, #"{"timestamp":"%"}"#,
    #"{"attempt":"%"}"#, #"{"usage":{"prompt_tokens":"%"}}"#, #"{"team":"%"}"#,
    #"{"endpoint":"%"}"#,
  ]

  @Test(arguments: [EventRules.Content.redact, .keep, .drop])
  func `no text makes a line or an index of its own`(content: EventRules.Content) throws {
    let bench = try EventBench {
      $0.meaning.content = content
      $0.userIds = .keep
    }
    for place in Self.places {
      for text in Self.texts {
        let events = try bench.process(place.replacing("%", with: text))
        #expect(events.count == 1, "\(place) with \(text)")
        for event in events {
          #expect(
            event.index == "holysheep-logs-2026.11.21" || event.index == "holysheep-logs-2026.11.20"
          )
          #expect(!event.text.utf8.contains { $0 < 0x20 }, "\(event.text)")
        }
      }
    }
    #expect(bench.refusals.isEmpty)
  }

  @Test func `what is no text at all is refused, and the next line is taken`() throws {
    let bench = try EventBench()
    var bytes = Array("{\"a\":\"".utf8) + [0] + Array("\"}\n{\"a\":\"".utf8) + [0xff, 0xfe]
    bytes += Array(
      "\"}\n{\n  \"pretty\": 1\n}\n{\"delete\":{\"_index\":\"x\",\"_id\":\"1\"}}\n".utf8)
    let events = try bench.process(bytes)
    // NUL within a string, bytes that are no UTF-8, and the three lines of a printed object.
    #expect(bench.refusals.count == 5)
    // An event like any other, of unknown keys.
    #expect(events.count == 1)
    #expect(events[0]["extra"]?["delete._index"] == .string("[REDACTED]"))
  }

  @Test func `of two equal keys the redactor and the reader see the last one`() throws {
    let (secret, plain) = ("pay 4111 1111 1111 1111 jane@example.com", "nothing-to-hide")
    for name in ["error_message", "request_id", "unknown", "level", "model", "endpoint", "prompt"] {
      for isClose in [false, true] {
        for (first, last) in [(secret, plain), (plain, secret), (secret, secret)] {
          let bench = try EventBench { $0.readsClosely = isClose }
          let event = try bench.one(
            #"{"status":"failure","\#(name)":"\#(first)","n":1,"\#(name)":"\#(last)"}"#)
          #expect(!event.text.contains("4111") && !event.text.contains("jane"), "\(event.text)")
          #expect(bench.processor.counters.duplicateKeys == 1)
          #expect(event.text.ranges(of: "\"\(name)\":").count <= 1, "\(event.text)")
          if ["request_id", "level", "endpoint"].contains(name) {
            #expect(event.text.contains(plain) == (last == plain), "\(event.text)")
          }
        }
      }
    }
  }

  @Test func `escaped keys are the keys they spell`() throws {
    let bench = try EventBench()
    let event = try bench.one(
      #"{"req\u0075est_id":"first","request_id":"last","m\u0065ssages":"jane@example.com is here"}"#
    )
    #expect(event.string("request_id") == "last")
    #expect(!event.text.contains("jane"))
    #expect(event["extra"] == nil)
  }
}
