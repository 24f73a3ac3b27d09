import LogPipeline
import Testing

/// Goal: texts are left out, fingerprinted or kept, as the source's rule says, and secrets are in none of it.
@Suite struct ContentUseTests {
  private static let line =
    #"{"timestamp":"2026-11-20T10:00:00Z","messages":[{"role":"user","content":"pay with 4111 1111 1111 1111"}],"#
    + #""response":{"choices":[{"message":{"content":"mail {\"to\":\"jane\\u0040example.com\"}"}}]},"note":"unknown words","n":7}"#

  private func event(_ content: EventRules.Content, _ line: String = line) throws
    -> EventBench.Event
  {
    try EventBench { $0.meaning.content = content }.one(line)
  }

  @Test func `drop keeps nothing, not even where unknown text stood`() throws {
    let event = try event(.drop)
    #expect(event["content"] == nil)
    #expect(event["content_hmac"] == nil)
    #expect(event["content_hmac_key_id"] == nil)
    #expect(event["extra"]?.text == #"{"n":7}"#)
  }

  @Test func `redact keeps the fingerprint and the place`() throws {
    let event = try event(.redact)
    #expect(event["content"] == nil)
    #expect(event.string("content_hmac")?.utf8.count == 32)
    #expect(event["extra"]?.text == #"{"note":"[REDACTED]","n":7}"#)
  }

  @Test func `keep keeps the texts in order, without the secrets in them`() throws {
    let bench = try EventBench { $0.meaning.content = .keep }
    let event = try bench.one(Self.line)
    #expect(
      event["content"]
        == .array([
          .string("pay with [REDACTED:card]"), .string(#"mail {"to":"[REDACTED:email]"}"#),
          .string("unknown words"),
        ]))
    #expect(event.string("content_hmac") == (try self.event(.redact).string("content_hmac")))
    #expect(event["extra"]?.text == #"{"note":"[REDACTED]","n":7}"#)
    #expect(bench.processor.counters.scrubbedMatches == 2)
    #expect(bench.processor.counters.redactedStrings == 0)
  }

  @Test func `of a kept file in a text only kind and size are kept`() throws {
    let event = try event(
      .keep,
      #"{"input":[{"type":"image_url","image_url":"data:image/png;base64,iVBORw0KGgo="},{"text":"data: none, really"}]}"#
    )
    #expect(
      event["content"]
        == .array([.string("[data:image/png, 34 bytes]"), .string("data: none, really")]))
  }

  @Test(arguments: ["sk-abcdefghijklmnop12345678", "4111111111111111", "image/4111111111111111"])
  func `a secret in the place of a media type is none`(type: String) throws {
    let event = try event(
      .keep, #"{"input":[{"text":"data:\#(type);base64,iVBORw0KGgo="}],"model":"gpt-4.1"}"#)
    #expect(event["content"]?[0]?.string != nil, "\(event.text)")
    #expect(!event.text.contains("4111") && !event.text.contains("sk-abc"), "\(event.text)")
  }

  @Test func `a document that grows too large loses what was kept`() throws {
    let bench = try EventBench {
      $0.meaning.content = .keep
      $0.eventBytesMax = 4096
    }
    let long = String(repeating: "word ", count: 1000)
    let event = try bench.one(#"{"request_id":"r","prompt":"\#(long)"}"#)
    #expect(event.bool("oversized") == true)
    #expect(event["content"] == nil)
    #expect(event.string("content_hmac") != nil)
  }

  @Test func `the first rule that fits a source decides`() throws {
    var kept = SourceMeaning()
    kept.content = .keep
    var choice = SourceChoice(kept)
    choice.input = .webhook
    let bench = try EventBench {
      $0.meaning.content = .drop
      $0.sources = [choice]
    }
    #expect(try bench.one(Self.line)["content_hmac"] == nil)
    let posted = try bench.one(Self.line, unit: EventBench.unit(.webhook))
    #expect(posted["content"]?.elements?.count == 3)
  }

  @Test func `the key's id stands beside a hashed user too, and changes with the key`() throws {
    func event(_ key: String, _ content: EventRules.Content) throws -> EventBench.Event {
      try EventBench {
        $0.userIds = .hmac
        $0.meaning.content = content
        $0.contentKey = (try? ContentKey(Array(key.utf8))) ?? $0.contentKey
      }.one(#"{"user_id":"u-1","prompt":"p"}"#)
    }
    let (old, new) = (
      try event("the key of last year", .drop), try event("the key of this year", .drop)
    )
    #expect(old.string("content_hmac_key_id")?.utf8.count == 8)
    #expect(old.string("content_hmac_key_id") != new.string("content_hmac_key_id"))
    #expect(old.string("user_id") != new.string("user_id"))
    #expect(old["content_hmac"] == nil)
    // The former key finds the same again.
    let again = try event("the key of last year", .redact)
    #expect(again.string("user_id") == old.string("user_id"))
    #expect(again.string("content_hmac_key_id") == old.string("content_hmac_key_id"))
  }

  @Test func `a key in hexadecimal digits is the key they stand for`() throws {
    let digits = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
    let binary = try ContentKey((0..<32).map { UInt8($0) })
    #expect(try ContentKey(given: Array(digits.utf8)).id == binary.id)
    #expect(try ContentKey(given: Array("\(digits)\n".utf8)).id == binary.id)
    #expect(try ContentKey(given: Array(digits.dropLast().utf8)).id != binary.id)
  }

  @Test func `a long error message is not cut through a secret`() throws {
    // Mostly addresses, so that what is read of it becomes short: the cut lies within what is kept.
    for shift in 0..<24 {
      let many = String(repeating: "somebody.with.a.long.name@mail.example.com ", count: 118)
      let text =
        String(repeating: "x", count: shift) + " " + many + String(repeating: "y", count: 900)
      let event = try EventBench().one(#"{"error_message":"\#(text)"}"#)
      #expect(event.string("error.message")?.contains("somebody") == false, "\(shift)")
    }
  }
}
