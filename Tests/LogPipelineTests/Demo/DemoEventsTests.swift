import LogPipeline
import Testing

@Suite struct DemoEventsTests {
  /// 2026-11-21T15:00:00Z.
  private static let now: Int64 = 1_795_273_200_000
  private let events = DemoEvents(endingAt: now)

  private func relay() throws -> [JsonValue] {
    try events.relayLines.split(separator: UInt8(ascii: "\n")).map {
      try JsonValue.parse(Array($0))
    }
  }

  private func litellm() throws -> [JsonValue] {
    try events.webhookBodies.flatMap { try JsonValue.parse($0).elements ?? [] }
  }

  @Test func `the same moment gives the same bytes, another seed others`() {
    let again = DemoEvents(endingAt: Self.now)
    #expect(again.relayLines == events.relayLines)
    #expect(again.webhookBodies == events.webhookBodies)
    #expect(DemoEvents(endingAt: Self.now, seed: 7).relayLines != events.relayLines)
  }

  @Test func `the relay's events are as many as said, from today, of five teams and six models`()
    throws
  {
    let relay = try relay()
    #expect(relay.count == 2_000)
    #expect(events.relayCount == 2_000)
    #expect(relay.allSatisfy { $0["timestamp"]?.string?.hasPrefix("2026-11-21T") == true })
    #expect(Set(relay.compactMap { $0["metadata"]?["team"]?.string }).count == 5)
    let models = Set(relay.compactMap { $0["metadata"]?["model"]?.string })
    #expect(models.count == 6)
    #expect(models.contains("house-tuned-7b"))
    #expect(Set(relay.compactMap { $0["request_id"]?.string }).count == 2_000)
  }

  @Test func `failures, counts as text and secrets are among them`() throws {
    let relay = try relay()
    let failures = relay.filter { $0["status_code"]?.integer != 200 }
    #expect((40...160).contains(failures.count))
    #expect(failures.contains { $0["error_message"]?.string?.contains("sk-demo") == true })
    #expect(failures.contains { $0["error_message"]?.string?.contains("4111 1111") == true })
    #expect(failures.contains { $0["error_message"]?.string?.contains("jane.doe@") == true })
    let texts = relay.filter { $0["usage"]?["prompt_tokens"]?.string != nil }
    #expect((200...700).contains(texts.count))
  }

  @Test func `LiteLLM's events come in arrays, as many as said, from today`() throws {
    let events = try litellm()
    #expect(events.count == 200)
    #expect(self.events.webhookBodies.count == 4)
    let seconds = events.compactMap { $0["startTime"]?.double }
    #expect(seconds.count == 200)
    let dayStart = Double(Self.now - Self.now % 86_400_000) / 1000
    #expect(seconds.allSatisfy { $0 >= dayStart && $0 <= Double(Self.now) / 1000 })
    #expect(events.contains { $0["status"]?.string == "failure" })
  }

  @Test func `just after midnight they still lie within the day`() throws {
    let midnight = Self.now - Self.now % 86_400_000
    let events = DemoEvents(endingAt: midnight)
    #expect(
      try events.relayLines.split(separator: UInt8(ascii: "\n")).allSatisfy {
        try JsonValue.parse(Array($0))["timestamp"]?.string == "2026-11-21T00:00:00.000Z"
      })
  }
}
