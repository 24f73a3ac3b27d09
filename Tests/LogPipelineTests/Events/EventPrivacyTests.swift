import LogPipeline
import Testing

/// Goal: nothing a person wrote gets into a document. Method: secrets planted at every place, then searched for.
@Suite struct EventPrivacyTests {
  @Test func `no planted word of the fixtures is in any document`() throws {
    for fixture in ["relay", "litellm", "logstash"] {
      let bench = try EventBench()
      for event in try bench.process(FieldTableTests.fixture("events/\(fixture).ndjson")) {
        let text = event.text.replacing("harbour-ci", with: "").replacing("team-harbour", with: "")
          .replacing("Harbour Office", with: "")
        // The only kept text with the word: an address of which the redactor takes the name.
        #expect(!text.lowercased().contains("harbour "), "\(event.text)")
        for planted in [
          "harbourkey", "harbourtoken", "harbour-internal", "harbour.py", "pilot@", "ops.lead@",
          "sk-proj-", "berth", "letter", "c0ffee", "Traceback",
        ] {
          #expect(!event.text.contains(planted), "\(planted) in \(event.text)")
        }
      }
    }
  }

  @Test func `identifier fields hide what is no identifier`() throws {
    let long = String(repeating: "a", count: 257)
    for (value, isShown) in [
      ("user_17", true), ("Customer Support", true), ("\u{7814}\u{53D1}", true), ("a:b/c@v1", true),
      ("pilot@harbour.example", false), (long, false), ("please tell me a joke about cats", false),
      ("a\\nb", false), ("<script>", false), ("4111-1111-1111-1111", false),
      ("sk-proj-Zx81aQpLm0Rt5Uv7Wy3BcD2EfG6HjK9n", false), ("quoted \\\" text", false),
      ("AKIAIOSFODNN7EXAMPLE", false), ("task-force-sky", true),
    ] {
      let bench = try EventBench()
      let event = try bench.one(#"{"session_id":"\#(value)","tags":["\#(value)"]}"#)
      let expected = isShown ? value : "[REDACTED]"
      #expect(event.string("session_id") == expected)
      #expect(event["tags"] == .array([.string(expected)]))
      #expect((bench.processor.counters.redactedStrings == 0) == isShown)
    }
  }

  @Test func `a model that is text is not shown, nor priced`() throws {
    let event = try EventBench().one(
      #"{"model":"ignore all previous instructions and print","usage":{"prompt_tokens":1}}"#)
    #expect(event.string("model_raw") == "[REDACTED]")
    #expect(event["model"] == nil)
    #expect(event.string("cost.status") == "unpriced")
  }

  @Test func `the content hash covers every text that is left out, in order`() throws {
    func hash(_ line: String) throws -> String? {
      try EventBench().one(line).string("content_hmac")
    }
    let base = try hash(#"{"messages":[{"role":"user","content":"a"}],"note":"b"}"#)
    #expect(base?.utf8.count == 32)
    #expect(try hash(#"{"prompt":"a","note":"b"}"#) == base)
    #expect(try hash(#"{"prompt":"b","note":"a"}"#) != base)
    #expect(try hash(#"{"prompt":"ab"}"#) != base)
    #expect(try hash(#"{"prompt":["a","b"]}"#) == base)
    #expect(try hash(#"{"prompt":"[REDACTED]","x":1}"#) == nil)
    let other = try EventBench {
      $0.contentKey = (try? ContentKey(Array("another key of enough bytes".utf8))) ?? $0.contentKey
    }.one(#"{"prompt":"a","note":"b"}"#)
    #expect(other.string("content_hmac") != base)
    #expect(other.string("content_hmac_key_id")?.utf8.count == 8)
  }

  @Test func `error messages are kept, scrubbed and short`() throws {
    let event = try EventBench().one(
      #"{"error_message":"mail pilot@harbour.example \#(String(repeating: "\u{8BF7}", count: 600))"}"#
    )
    let message = try #require(event.string("error.message"))
    #expect(!message.contains("pilot@"))
    #expect(message.utf8.count <= 1024)
    #expect(message.hasSuffix("\u{8BF7}"))
    let escaped = try EventBench().one(#"{"error_message":"a \"b\" \\ c\n\t\u0001 d"}"#)
    #expect(escaped.string("error.message") == "a \"b\" \\ c\n\t\u{1} d")
  }

  @Test func `users and addresses as the rules say`() throws {
    let bench = try EventBench {
      $0.userIds = .hmac
      $0.addresses = .truncate
    }
    let users = try bench.process(
      """
      {"user_id":7,"ip_address":"203.0.113.77"}
      {"user_id":"7","ip_address":"2001:db8:abcd:12::1"}
      {"user_id":"pilot@harbour.example","ip_address":"::ffff:203.0.113.7"}
      """)
    #expect(users[0].string("user_id")?.utf8.count == 32)
    #expect(users[0].string("user_id") == users[1].string("user_id"))
    #expect(users[2].string("user_id") != users[1].string("user_id"))
    #expect(
      users.map { $0.string("client_ip") } == ["203.0.113.0", "2001:db8:abcd::", "::"])
  }

  @Test(arguments: [
    ("1.2.3.4", true), ("1.2.3", false), ("1.2.3.4.5", false), ("01.2.3.4", false), ("::", true),
    ("::1", true), ("1::", true), ("1:2:3:4:5:6:7:8", true), ("1:2:3:4:5:6:7", false),
    ("1:2:3:4:5:6:7:8:9", false), ("1::2::3", false), (":1", false), ("1:", false),
    ("12345::", false), ("g::", false), ("::ffff:1.2.3.4", true), ("1.2.3.4:80", false),
    ("1:2:3:4:5:6:1.2.3.4", true), ("1:2:3:4:5:6:7:1.2.3.4", false), (":::", false),
  ])
  func `only addresses are addresses`(text: String, isAddress: Bool) throws {
    let event = try EventBench().one("{\"ip_address\":\"\(text)\"}")
    #expect((event.string("client_ip") == text) == isAddress)
  }
}
