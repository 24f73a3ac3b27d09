/// Relay events made for a test, and what they must cost, worked out here and nowhere else.
struct RelayEvents {
  /// The relay's published prices of 2026, in micro-dollars per million tokens: (input, output).
  /// `unpublished-model` has none.
  static let prices: [(model: String, input: Int, output: Int)?] = [
    ("gpt-4.1", 2_500_000, 8_000_000),
    ("claude-sonnet-4.5", 3_000_000, 15_000_000),
    ("gemini-2.5-flash", 300_000, 2_500_000),
    ("deepseek-v3.2", 100_000, 420_000),
    ("moonshot-v1-128k", 1_200_000, 1_200_000),
    nil,
  ]

  struct Event {
    let line: String
    let requestId: String
    /// "YYYY.MM.DD"
    let day: String
    /// 1e-12 USD; nil: no price.
    let picoUsd: Int?
  }

  /// Event `index` of a run: three days, every model, tokens as numbers, strings and fractions.
  static func event(_ index: Int, run: String = "r") -> Event {
    let mixed = (index &* 2_654_435_761) & 0xFFFF_FFFF
    let price = prices[mixed % prices.count]
    let prompt = 1 + mixed / 7 % 30_000
    let completion = 1 + mixed / 11 % 4_000
    let day = 1 + index % 3
    let seconds = index / 3 % 86_400
    let time =
      "2026-11-\(two(day + 17))T\(two(seconds / 3600)):\(two(seconds / 60 % 60)):\(two(seconds % 60))"
      + ".\(three(index % 1000))Z"
    let tokens: (Int) -> String = { count in
      switch index % 3 {
      case 0: "\(count)"
      case 1: "\"\(count)\""
      default: "\(count).0"
      }
    }
    let id = "\(run)-\(index)"
    let line = """
      {"request_type":"chat_completion","request_id":"\(id)","timestamp":"\(time)",\
      "metadata":{"model":"\(price?.model ?? "unpublished-model")","user_id":"user_\(index % 97)",\
      "team":"team-\(index % 5)","environment":"production","provider":"holysheep"},\
      "usage":{"prompt_tokens":\(tokens(prompt)),"completion_tokens":\(tokens(completion)),\
      "total_tokens":\(tokens(prompt + completion))},"timing":{"total_ms":\(100 + mixed % 5000)},\
      "status_code":200,"error_message":null,\
      "request":{"messages":[{"role":"user","content":"\(secret) \(index)"}],"stream":false},\
      "response":{"id":"chatcmpl-\(index)","finish_reason":"stop"}}
      """
    return Event(
      line: line, requestId: id, day: "2026.11.\(two(day + 17))",
      picoUsd: price.map { prompt * $0.input + completion * $0.output })
  }

  /// In every event's message; must be found nowhere afterwards.
  static let secret = "the wombat sleeps at nine"

  private static func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
  private static func three(_ value: Int) -> String {
    value < 10 ? "00\(value)" : value < 100 ? "0\(value)" : "\(value)"
  }
}
