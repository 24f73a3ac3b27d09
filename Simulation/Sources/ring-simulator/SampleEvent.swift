import LogPipeline
import RingSimulation

/// A bulk action and its document as the agent makes them: about 900 bytes that differ from the next in a few fields.
enum SampleEvent {
  private static let models = ["atlas-large", "atlas-small", "borea-2", "borea-2-mini", "cirrus"]
  private static let teams = [
    "search", "support", "billing", "research", "mobile", "internal-tools",
  ]
  private static let regions = ["eu-central-1", "eu-west-1", "us-east-1", "us-west-2"]

  static func bulkLines(_ number: UInt64, _ random: inout SeededRandom) -> [UInt8] {
    func pick(_ names: [String], _ random: inout SeededRandom) -> String {
      names[random.below(names.count)]
    }
    let id = hex(random.next()) + hex(random.next())
    let input = 200 + random.below(9_000)
    let output = 10 + random.below(1_500)
    let day = "2026-11-\(10 + Int(number / 864_000) % 20)"
    let second = number / 10 % 86_400
    let time = [second / 3_600, second / 60 % 60, second % 60].map { $0 < 10 ? "0\($0)" : "\($0)" }
    let lines = """
      {"create":{"_index":"llm-events-\(day)","_id":"\(id)"}}
      {"@timestamp":"\(day)T\(time.joined(separator: ":")).\(100 + number % 10 * 90)Z","event":{"kind":"event","dataset":"relay.request","outcome":"\(random.below(40) == 0 ? "failure" : "success")","duration":\(40_000_000 + random.below(4_000_000_000))},"service":{"name":"relay","version":"4.11.2","environment":"production"},"cloud":{"region":"\(pick(regions, &random))"},"host":{"name":"relay-\(random.below(12))"},"relay":{"request_id":"req_\(hex(random.next()))","provider":"northwind","model":"\(pick(models, &random))","endpoint":"/v1/chat/completions","stream":\(random.below(3) > 0),"status":200,"attempts":1,"cache":"miss","team":"\(pick(teams, &random))","key_hash":"\(hex(UInt64(random.below(200)) &* 0x9E37_79B9_7F4A_7C15))","tokens":{"input":\(input),"output":\(output),"total":\(input + output)},"cost":{"currency":"USD","nanos":\(input * 2_500 + output * 10_000),"price_table":"2026-11-01"},"time_to_first_token_ms":\(90 + random.below(900))},"labels":{"ring":"shipper"},"ecs":{"version":"8.11.0"}}

      """
    return Array(lines.utf8)
  }

  private static func hex(_ number: UInt64) -> String {
    let digits = String(number, radix: 16)
    return String(repeating: "0", count: 16 - digits.utf8.count) + digits
  }
}
