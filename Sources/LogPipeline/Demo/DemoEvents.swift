/// A made-up day of a relay, for `sheepshipper demo`: five teams, six models of which one has no price, failures, token
/// counts that come as text, and personal data where it must not stay. The same seed and time give the same bytes.
package struct DemoEvents: Sendable {
  /// The relay's own shape, one event a line, for the TCP input.
  package let relayLines: [UInt8]
  package let relayCount: Int
  /// LiteLLM's shape, bodies that are JSON arrays, for the webhook.
  package let webhookBodies: [[UInt8]]
  package let webhookCount: Int

  package static let relayCountDefault = 2_000
  package static let webhookCountDefault = 200
  private static let eventsPerBody = 50

  /// Events between the start of a UTC day and a moment of it, in milliseconds since 1970.
  package init(endingAt wallMilliseconds: Int64, seed: UInt64 = 2026) {
    let dayStart = wallMilliseconds - wallMilliseconds % 86_400_000
    var relay = DemoRelayEvents(random: DemoRandom(seed: seed))
    var lines: [UInt8] = []
    for index in 0..<Self.relayCountDefault {
      let time = Self.time(index, of: Self.relayCountDefault, from: dayStart, to: wallMilliseconds)
      lines += relay.event(at: time).text.utf8
      lines.append(UInt8(ascii: "\n"))
    }
    (relayLines, relayCount) = (lines, Self.relayCountDefault)

    var litellm = DemoLiteLlmEvents(random: DemoRandom(seed: seed &+ 1))
    var bodies: [[UInt8]] = []
    for first in stride(from: 0, to: Self.webhookCountDefault, by: Self.eventsPerBody) {
      let count = min(Self.eventsPerBody, Self.webhookCountDefault - first)
      let events = (first..<(first + count)).map { index in
        litellm.event(
          at: Self.time(index, of: Self.webhookCountDefault, from: dayStart, to: wallMilliseconds))
      }
      bodies.append(Array(JsonValue.array(events).text.utf8))
    }
    (webhookBodies, webhookCount) = (bodies, Self.webhookCountDefault)
  }

  private static func time(_ index: Int, of count: Int, from start: Int64, to end: Int64) -> Int64 {
    start + (end - start) * Int64(index) / Int64(count)
  }
}
