/// Makes events in the shape of LiteLLM's generic logging callback.
struct DemoLiteLlmEvents: Sendable {
  private var random: DemoRandom

  init(random: DemoRandom) { self.random = random }

  /// LiteLLM's own name of the model, and the provider it asks.
  private static let models = [
    ("openai/gpt-4.1", "openai"), ("anthropic/claude-sonnet-4-5", "anthropic"),
    ("gemini/gemini-2.5-flash", "gemini"),
  ]

  private static let failure =
    "RateLimitError: limit of gpt-4.1 reached for key sk-demo0123456789abcdefghijklmnopqrstuvwx"
  private static let failureDetail = JsonValue.object([
    ("error_code", .string("429")), ("error_class", .string("RateLimitError")),
    ("error_message", .string(failure)),
  ])

  mutating func event(at milliseconds: Int64) -> JsonValue {
    let (model, provider) = random.pick(Self.models)
    let isFailure = random.chance(3)
    let prompt = random.next(in: 60...8_000)
    let completion = isFailure ? 0 : random.next(in: 30...1_500)
    let isStream = random.chance(40)
    let spanMilliseconds = Int64(200 + completion * random.next(in: 2...5))
    let end = milliseconds + spanMilliseconds
    let members: [(key: String, value: JsonValue)] = [
      ("id", .string("chatcmpl-\(random.hex(24))")),
      ("litellm_call_id", .string(callId())),
      ("call_type", .string("acompletion")),
      ("stream", .bool(isStream)),
      ("status", .string(isFailure ? "failure" : "success")),
      ("custom_llm_provider", .string(provider)),
      ("startTime", Self.seconds(milliseconds)),
      ("endTime", Self.seconds(end)),
      (
        "completionStartTime",
        Self.seconds(isStream ? milliseconds + spanMilliseconds / 4 : end)
      ),
      ("response_time", Self.seconds(spanMilliseconds)),
      ("model", .string(model)),
      ("metadata", metadata()),
      ("prompt_tokens", .integer(Int64(prompt))),
      ("completion_tokens", .integer(Int64(completion))),
      ("total_tokens", .integer(Int64(prompt + completion))),
      (
        "messages",
        .array([
          .object([
            ("role", .string("user")),
            ("content", .string("Mail the summary to jane.doe@example.com, please.")),
          ])
        ])
      ),
      ("response", isFailure ? .object([]) : .string("Done: the summary is on its way.")),
      ("requester_ip_address", .string("198.51.100.\(random.next(in: 1...254))")),
      ("error_str", isFailure ? .string(Self.failure) : .null),
      ("error_information", isFailure ? Self.failureDetail : .null),
    ]
    return .object(members)
  }

  private mutating func metadata() -> JsonValue {
    .object([
      ("user_api_key_team_id", .string(random.pick(DemoRelayEvents.teams))),
      ("user_api_key_alias", .string("demo-key-\(random.next(in: 1...9))")),
      ("user_api_key_user_email", .string("jane.doe@example.com")),
    ])
  }

  /// In the form of a random UUID.
  private mutating func callId() -> String {
    "\(random.hex(8))-\(random.hex(4))-4\(random.hex(3))-a\(random.hex(3))-\(random.hex(12))"
  }

  private static func seconds(_ milliseconds: Int64) -> JsonValue {
    .number(Double(milliseconds) / 1000)
  }
}
