/// Makes events in the relay's own shape.
struct DemoRelayEvents: Sendable {
  private var random: DemoRandom
  private var made = 0

  init(random: DemoRandom) { self.random = random }

  static let teams = ["engineering", "support", "finance", "research", "marketing"]
  /// The last one stands in no price book: it must show as unpriced, not as free.
  static let models = [
    "gpt-4.1", "claude-sonnet-4.5", "gemini-2.5-flash", "deepseek-v3.2", "moonshot-v1-128k",
    "house-tuned-7b",
  ]
  /// How much of the traffic each of ``models`` has, in percent.
  private static let modelShares = [28, 22, 24, 16, 7, 3]

  /// Published test values in places where real ones turn up: nothing of this may reach the disk.
  private static let failures: [(code: Int, message: String)] = [
    (429, "rate limit reached for key sk-demo0123456789abcdefghijklmnopqrstuvwx, retry in 2 s"),
    (500, "upstream closed the stream"),
    (504, "no answer from upstream within 30000 ms"),
    (400, "invalid input near 'my card is 4111 1111 1111 1111, charge it'"),
    (400, "content policy: message from jane.doe@example.com was rejected"),
    (401, "key hs_demo0123456789abcdefghijklmnop is revoked"),
  ]
  private static let questions = [
    "Summarise the ticket of jane.doe@example.com in two sentences.",
    "Why was card 4111 1111 1111 1111 declined?",
    "Translate this release note to French.",
    "Write a query that joins orders and customers.",
    "Call me back at +1 555 010 0199 about invoice 8841.",
  ]

  mutating func event(at milliseconds: Int64) -> JsonValue {
    made += 1
    let failure = random.chance(4) ? random.pick(Self.failures) : nil
    let model = modelByShare()
    let prompt = random.next(in: 40...6_000)
    let completion = failure == nil ? random.next(in: 20...1_800) : 0
    let upstream = 120 + completion * random.next(in: 2...6) + random.next(in: 0...400)
    let members: [(key: String, value: JsonValue)] = [
      ("request_type", .string(random.chance(94) ? "chat_completion" : "embedding")),
      ("request_id", .string("demo-\(made)-\(random.hex(12))")),
      ("timestamp", .string(UtcTime(milliseconds: milliseconds).text)),
      ("metadata", metadata(model: model)),
      ("usage", usage(prompt: prompt, completion: completion)),
      (
        "timing",
        .object([
          ("total_ms", .integer(Int64(upstream + random.next(in: 4...45)))),
          ("upstream_ms", .integer(Int64(upstream))),
        ])
      ),
      ("status_code", .integer(Int64(failure?.code ?? 200))),
      ("error_message", failure.map { .string($0.message) } ?? .null),
      ("request", request()),
      (
        "response",
        .object([
          ("id", .string("chatcmpl-\(random.hex(24))")),
          ("finish_reason", failure == nil ? .string("stop") : .null),
        ])
      ),
    ]
    return .object(members)
  }

  private mutating func modelByShare() -> String {
    var left = random.next(in: 1...Self.modelShares.reduce(0, +))
    for (model, share) in zip(Self.models, Self.modelShares) {
      left -= share
      if left <= 0 { return model }
    }
    return Self.models[0]
  }

  private mutating func metadata(model: String) -> JsonValue {
    .object([
      ("model", .string(model)),
      ("user_id", .string("user_\(random.next(in: 1...60))")),
      ("session_id", .string("sess_\(random.hex(16))")),
      ("team", .string(random.pick(Self.teams))),
      ("environment", .string(random.chance(80) ? "production" : "staging")),
      ("provider", .string("holysheep")),
      ("ip_address", .string("198.51.100.\(random.next(in: 1...254))")),
    ])
  }

  /// Every fifth relay version writes its counts as text.
  private mutating func usage(prompt: Int, completion: Int) -> JsonValue {
    let isText = random.chance(20)
    func count(_ value: Int) -> JsonValue { isText ? .string("\(value)") : .integer(Int64(value)) }
    return .object([
      ("prompt_tokens", count(prompt)), ("completion_tokens", count(completion)),
      ("total_tokens", count(prompt + completion)),
    ])
  }

  private mutating func request() -> JsonValue {
    .object([
      (
        "messages",
        .array([
          .object([
            ("role", .string("user")), ("content", .string(random.pick(Self.questions))),
          ])
        ])
      ),
      ("temperature", .number(Double(random.next(in: 0...10)) / 10)),
      ("max_tokens", .integer(Int64(random.pick([256, 512, 1_024, 4_096])))),
      ("stream", .bool(random.chance(50))),
    ])
  }
}
