import LogPipeline
import TestSupport

/// Events of chosen days over the webhook, each with an id of its own; counts what was answered with 200.
struct FaultLoad {
  private let agent: AgentProcess
  private(set) var count = 0

  struct NotTaken: Error { let answer: String }

  init(_ agent: AgentProcess) { self.agent = agent }

  /// Of a `day` of November 2026, 1 to 9, each with so many `fields` beside those that an event has.
  mutating func send(_ events: Int, day: Int, fields: Int = 0) throws {
    var left = events
    while left > 0 {
      let lines = (0..<min(left, 500)).map { line(count + $0, day, fields) }
      let answer = try agent.webhook.send(
        "POST", "/v1/events", json: "[\(lines.joined(separator: ","))]")
      guard answer.status == 200 else { throw NotTaken(answer: answer.text) }
      count += lines.count
      left -= lines.count
    }
  }

  private func line(_ number: Int, _ day: Int, _ fields: Int) -> String {
    let more = (0..<fields).map { #","key_\#(number)_\#($0)":"\#($0)""# }.joined()
    return """
      {"timestamp":"2026-11-0\(day)T10:00:00.000Z","request_id":"fault-\(number)","model":"gpt-4.1",\
      "usage":{"prompt_tokens":\(number % 977),"completion_tokens":7},"latency_ms":\(number % 5000),\
      "status":"success"\(more)}
      """
  }
}
