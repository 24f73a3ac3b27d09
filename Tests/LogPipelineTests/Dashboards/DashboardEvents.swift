import LogPipeline

/// Events with something of everything that a panel shows.
enum DashboardEvents {
  private static let models = [
    ("gpt-4.1", "openai"), ("claude-sonnet-4.5", "anthropic"), ("gemini-2.5-flash", "google"),
    ("deepseek-v3.2", "deepseek"), ("house-tuned-7b", "inhouse"),
  ]
  private static let teams = ["engineering", "finance", "research"]
  private static let errors = ["RateLimit", "Timeout", "Auth"]

  /// As lines; the same each time.
  static var lines: String {
    let many = (0..<600).map(line).joined(separator: "\n")
    return ([many] + special).joined(separator: "\n") + "\n"
  }

  private static func line(_ at: Int) -> String {
    let (model, provider) = models[at * 7 % 11 % models.count]
    let isFailure = at % 9 == 4
    let hour = at / 60 + 4
    let (input, output) = (200 + at * 37 % 5000, isFailure ? 0 : 20 + at * 53 % 1500)
    var members = [
      #""request_type":"chat_completion","request_id":"r-\#(at / 2)""#,
      #""timestamp":"2026-11-20T\#(hour < 10 ? "0" : "")\#(hour):\#(10 + at % 50):01.\#(100 + at % 900)Z""#,
      #""usage":{"prompt_tokens":\#(input),"completion_tokens":\#(output),"total_tokens":\#(input + output),"prompt_tokens_details":{"cached_tokens":\#(at % 3 == 0 ? input / 4 : 0)},"completion_tokens_details":{"reasoning_tokens":\#(output / 5)}}"#,
      #""latency_ms":\#(120 + at * 91 % 4000).\#(at % 10),"relay_overhead_ms":\#(at % 40).5"#,
      #""status_code":\#(isFailure ? 429 : 200),"finish_reason":"\#(at % 5 == 0 ? "length" : "stop")""#,
      #""attempt":\#(1 + at % 3),"fallback":\#(at % 8 == 0),"circuit_state":"\#(at % 20 == 0 ? "half_open" : "closed")""#,
      #""feature":"\#(at % 2 == 0 ? "search" : "chat")""#,
    ]
    var metadata = [#""model":"\#(model)","provider":"\#(provider)""#]
    if at % 10 != 3 { metadata.append(#""team":"\#(teams[at % 3])""#) }
    if at % 4 != 1 {
      metadata.append(#""environment":"\#(at % 4 == 0 ? "staging" : "production")""#)
    }
    members.append("\"metadata\":{\(metadata.joined(separator: ","))}")
    if isFailure {
      members.append(#""error_type":"\#(errors[at % 3])","error_code":"e\#(at % 2)""#)
    }
    if at % 6 == 0 { members.append(#""stream":true,"ttft_ms":\#(30 + at % 200)"#) }
    if at % 30 == 7 { members.append(#""cost_usd":0.0123"#) }
    if at % 12 == 5 { members.append(#""headers":{"X-Team-ID":"marketing"}"#) }
    if at % 25 == 11 { members.append(#""cache_hit":true"#) }
    return "{\(members.joined(separator: ","))}"
  }

  /// Beyond what the test lets a document hold.
  private static let many = (0..<400).map { #""k\#($0)":1234567.25"# }.joined(separator: ",")

  private static let special = [
    #"{"model":"gpt-4.1","timestamp":"2024-01-02T03:04:05Z","usage":{"prompt_tokens":10,"completion_tokens":5}}"#,
    #"{"model":"gpt-4.1","usage":{"prompt_tokens":10,"completion_tokens":5}}"#,
    #"{"model":"gpt-4.1","timestamp":"2026-11-20T10:00:00Z","usage":{"prompt_tokens":1,"completion_tokens":1},"feature":"a\ud800b"}"#,
    #"{"model":"gpt-4.1","timestamp":"2026-11-20T10:00:01Z","usage":{"prompt_tokens":1,"completion_tokens":1},\#(many)}"#,
    #"{"model":"gpt-4.1","timestamp":"2026-11-20T10:00:02Z","usage":{"prompt_tokens":10,"completion_tokens":5,"total_tokens":99}}"#,
    #"{"model":"gpt-4.1","timestamp":"2026-11-20T10:00:03Z","usage":{"prompt_tokens":10,"completion_tokens":5,"prompt_tokens_details":{"cached_tokens":50}}}"#,
    #"{"model":"gpt-4.1","timestamp":"2026-11-20T10:00:04Z","stream":true,"stream_complete":false,"usage":{"prompt_tokens":10,"completion_tokens":5}}"#,
    #"{"model":"gpt-4.1","timestamp":"2026-11-20T10:00:05Z"}"#,
    #"{"timestamp":"2026-11-20T10:00:06Z","success":true,"latency_ms":5}"#,
  ]
}
