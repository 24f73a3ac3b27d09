import LogPipeline
import Testing

/// Goal: what a processor remembers of earlier events (names, prices, dates, the order of keys) never shows in later ones.
/// Method: events of many models, times, sizes and orders of keys through one processor, and each through a new one too.
@Suite struct RememberedTextTests {
  private static let models = [
    "gpt-4.1", "openai/gpt-4.1", "claude-sonnet-4.5", "claude-3-5-sonnet-20241022",
    "gemini-2.5-pro",
    "deepseek-v3.2", "deepseek-chat", "moonshot-v1-128k", "house-tuned-7b", "gpt-4o", "gpt-5",
    String(repeating: "long", count: 100), String(repeating: "longer", count: 60),
  ]
  private static let tiers = ["", "flex", "priority", "batch", "standard"]

  @Test(arguments: SimulationSeeds.from(1, count: 2))
  func `an event becomes the same document whatever came before it`(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    let lived = try EventBench()
    for round in 0..<150 {
      let line = Self.line(&random)
      // Of a file: what has no time of its own gets its id from the number of its line.
      let expected = try EventBench().process(line, unit: EventBench.unit(.file))
      let found = try lived.process(line, unit: EventBench.unit(.file))
      #expect(
        found.map { "\($0.index) \($0.id) \($0.text)" }
          == expected.map { "\($0.index) \($0.id) \($0.text)" },
        "replay: seed \(seed), round \(round): \(line)")
    }
  }

  private static func line(_ random: inout SeededRandom) -> String {
    let day = 86_400_000
    let arrival = Int(EventBench.arrivalMilliseconds)
    // Days that come again, at any hour: also those before a price changed, and one before 1970.
    let daysBack = [0, 1, 2, 90, 380, 420, 700, 1000, 20_800][random.below(9)]
    let milliseconds = arrival - daysBack * day - random.below(day)
    let time = UtcTime(milliseconds: Int64(milliseconds)).text
    let prompt = [0, 12, 4_000, 150_000, 250_000, 1_200_000][random.below(6)]
    var members = [
      "\"timestamp\":\"\(time)\"", "\"model\":\"\(models[random.below(models.count)])\"",
      "\"prompt_tokens\":\(prompt)", "\"completion_tokens\":\(random.below(3000))",
      "\"cached_tokens\":\(random.below(2) * random.below(2000))",
      "\"service_tier\":\"\(tiers[random.below(tiers.count)])\"",
      "\"user_id\":\"user_\(random.below(10))\"",
      "\"latency_ms\":\(random.below(90_000)).\(random.below(10))",
      "\"team\":\"a\"", "\"unknown\":{\"a\":1,\"b\":2}",
      "\"metadata\":{\"feature\":\"x\",\"cohort\":\"y\"}",
    ]
    if random.below(3) == 0 { members.shuffle(using: &random) }
    members.removeLast(random.below(4))
    if random.below(8) == 0 { members.append("\"cache_hit\":true") }
    if random.below(8) == 0 { members.append(members[0]) }
    return "{" + members.joined(separator: ",") + "}"
  }
}
