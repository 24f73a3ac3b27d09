import LogPipeline
import Testing

/// Goal: what stands in documents as their cost is the table's price of what the event says, also summed over many.
/// Method: events in their senders' own words through the event path; the decimal text of `cost_usd` against
/// ``PriceOracle``.
@Suite struct PricedEventTests {
  private let oracle: PriceOracle
  init() throws { oracle = try PriceOracle(Resources.prices) }

  /// `cost_usd` of a document in 1e-15 USD, from its text; nil when there is none.
  private static func cost(in document: some StringProtocol) throws -> Int128? {
    let key = "\"cost_usd\":"
    guard let found = document.firstRange(of: key) else { return nil }
    let digits = document[found.upperBound...].prefix { $0 != "," && $0 != "}" }
    return try #require(PriceOracle.scaled(String(digits), by: 15) as Int128?, "\(digits)")
  }

  private func expect(
    _ usage: String, _ more: String = "", model: String, region: PriceRegion? = nil,
    costs call: PriceOracle.Call, tier: String? = nil, of priced: String? = nil
  ) throws {
    let bench = try EventBench {
      $0.meaning.book = .direct
      $0.meaning.region = region
    }
    let event = try bench.one(
      #"{"timestamp":"2026-11-18T09:30:00Z","model":"\#(model)",\#(usage)\#(more)}"#)
    let wanted = oracle.cost(
      "direct", model, call, atMilliseconds: PricingFixtures.milliseconds("2026-11-18T09:30:00Z"),
      tier: tier, region: priced)
    #expect(try Self.cost(in: event.text) == wanted, "\(event.text)")
  }

  @Test func `each provider's way of counting comes to the same formula`() throws {
    let parts = PriceOracle.Call(
      prompt: 1000, completion: 90, cached: 300, write5m: 120, write1h: 80, reasoning: 0)
    // Anthropic's input is without what came from or went to the cache: 1000 - 300 - 120 - 80.
    try expect(
      #""usage":{"input_tokens":500,"output_tokens":90,"cache_read_input_tokens":300,"cache_creation_input_tokens":200,"cache_creation":{"ephemeral_5m_input_tokens":120,"ephemeral_1h_input_tokens":80}}"#,
      model: "claude-opus-4.6", costs: parts)
    try expect(
      #""usage":{"prompt_tokens":1000,"completion_tokens":90,"prompt_tokens_details":{"cached_tokens":300,"cache_write_tokens":200},"cache_creation":{"ephemeral_1h_input_tokens":80}}"#,
      model: "claude-opus-4.6", costs: parts)
    // Gemini's output is without its thoughts.
    try expect(
      #""usageMetadata":{"promptTokenCount":250000,"candidatesTokenCount":60,"thoughtsTokenCount":40,"cachedContentTokenCount":1000,"totalTokenCount":250100}"#,
      model: "gemini-2.5-pro",
      costs: .init(prompt: 250_000, completion: 100, cached: 1000, reasoning: 40))
    // OpenAI's and DeepSeek's have it all in.
    try expect(
      #""usage":{"prompt_tokens":1000,"completion_tokens":100,"completion_tokens_details":{"reasoning_tokens":64},"prompt_tokens_details":{"cached_tokens":512}}"#,
      model: "gpt-5", costs: .init(prompt: 1000, completion: 100, cached: 512, reasoning: 64))
    try expect(
      #""usage":{"prompt_tokens":1000,"completion_tokens":100,"prompt_cache_hit_tokens":600}"#,
      model: "deepseek-v4-pro", costs: .init(prompt: 1000, completion: 100, cached: 600))
  }

  @Test(arguments: ["flex", "priority", "batch"])
  func `a service tier is read wherever it stands`(tier: String) throws {
    let call = PriceOracle.Call(prompt: 1000, completion: 100)
    let usage = #""usage":{"prompt_tokens":1000,"completion_tokens":100"#
    try expect(
      usage + "}", ",\"service_tier\":\"\(tier)\"", model: "gpt-5", costs: call, tier: tier)
    try expect(
      usage + ",\"service_tier\":\"\(tier.uppercased())\"}", model: "gpt-5", costs: call, tier: tier
    )
    try expect(
      usage + "}", ",\"response\":{\"service_tier\":\"\(tier)\"}", model: "gpt-5", costs: call,
      tier: tier)
  }

  @Test func `a region is what the event says, else what is known of its source`() throws {
    let call = PriceOracle.Call(prompt: 1000, completion: 100, cached: 10)
    let usage = #""usage":{"prompt_tokens":1000,"completion_tokens":100,"cached_tokens":10"#
    let geo = { (name: String) in usage + ",\"inference_geo\":\"\(name)\"}" }
    let model = "claude-opus-4.6"
    try expect(usage + "}", model: model, costs: call)
    try expect(geo("us"), model: model, costs: call, of: "us")
    try expect(usage + "}", model: model, region: .us, costs: call, of: "us")
    try expect(geo("global"), model: model, region: .us, costs: call)
    try expect(geo("not_available"), model: model, region: .us, costs: call, of: "us")
    try expect(usage + "}", ",\"data_residency\":\"EU\"", model: "gpt-5.4", costs: call, of: "eu")
    try expect(
      usage + "}", ",\"cost_breakdown\":{\"data_residency\":\"eu\",\"input_cost\":1}",
      model: "gpt-5.4", region: .us, costs: call, of: "eu")
    try expect(
      usage + "}", ",\"response\":{\"usage\":{\"inference_geo\":\"us\"}}", model: model,
      costs: call,
      of: "us")
  }

  /// SHEEPSHIPPER_PRICED_EVENTS sets how many.
  @Test func `the sum over random events is the exact sum`() throws {
    let asked = Environment.value(of: "SHEEPSHIPPER_PRICED_EVENTS").flatMap { Int($0) } ?? 40_000
    var random = SeededRandom(seed: 20_261_120)
    let models = ["direct", "holysheep"].map {
      oracle.models($0).compactMap { $0["model"]?.string }
    }
    var (sum, wanted) = (Int128(0), Int128(0))
    var (events, priced, wantedPriced) = (0, 0, 0)
    for book in 0...1 {
      let bench = try EventBench { $0.meaning.book = book == 0 ? .direct : .holysheep }
      let unit = EventBench.unit(.tcp)
      while events < (book == 0 ? asked / 2 : asked) {
        var lines = ""
        for _ in 0..<500 {
          let made = Self.event(
            &random, models[random.below(book + 1)], book == 0 ? "direct" : "holysheep")
          lines += made.line
          events += 1
          guard let cost = made.cost(oracle) else { continue }
          wanted += cost
          wantedPriced += 1
        }
        for cost in try Self.costs(of: lines, bench, unit) {
          sum += cost
          priced += 1
        }
      }
      #expect(bench.refusals.isEmpty)
    }
    #expect(sum == wanted)
    #expect(priced == wantedPriced)
    #expect(sum > 0 && priced > asked * 9 / 10)
  }

  private struct Made {
    let line: String
    let book: String
    let model: String
    let call: PriceOracle.Call
    let at: Int64
    let tier: String?
    let region: String?

    func cost(_ oracle: PriceOracle) -> Int128? {
      oracle.cost(book, model, call, atMilliseconds: at, tier: tier, region: region)
    }
  }

  private static func event(_ random: inout SeededRandom, _ models: [String], _ book: String)
    -> Made
  {
    let model = models[random.below(models.count)]
    let prompt = random.below(10) == 0 ? random.below(700_000) : random.below(9000)
    let cached = random.below(3) == 0 ? random.below(prompt + 1) : 0
    let write = random.below(4) == 0 ? random.below(prompt - cached + 1) : 0
    let hour = random.below(4) == 0 ? random.below(prompt - cached - write + 1) : 0
    let completion = random.below(3000)
    let reasoning = random.below(3) == 0 ? random.below(completion + 1) : 0
    let tier = ["default", "flex", "priority", "batch"][random.below(4)]
    let region = ["global", "us", "eu"][random.below(3)]
    // From 2026-07-23 on, over all dates of the table.
    let seconds = 1_784_764_800 + random.below(120 * 86_400)
    let line =
      #"{"timestamp":\#(seconds),"model":"\#(model)","service_tier":"\#(tier)","inference_geo":"\#(region)","usage":{"prompt_tokens":\#(prompt),"completion_tokens":\#(completion),"prompt_tokens_details":{"cached_tokens":\#(cached)},"completion_tokens_details":{"reasoning_tokens":\#(reasoning)},"cache_creation":{"ephemeral_5m_input_tokens":\#(write),"ephemeral_1h_input_tokens":\#(hour)}}}"#
    return Made(
      line: line + "\n", book: book, model: model,
      call: .init(
        prompt: Int128(prompt), completion: Int128(completion), cached: Int128(cached),
        write5m: Int128(write), write1h: Int128(hour), reasoning: Int128(reasoning)),
      at: Int64(seconds) * 1000, tier: tier == "default" ? nil : tier,
      region: region == "global" ? nil : region)
  }

  /// The costs of all documents of these lines that have one.
  private static func costs(
    of lines: String, _ bench: EventBench, _ unit: FrameUnit
  ) throws -> [Int128] {
    let bytes = Array(lines.utf8)
    let padded = bytes + [UInt8](repeating: 0x5d, count: 64)
    _ = unsafe padded.withUnsafeBytes {
      unsafe bench.processor.process(
        lines: UnsafeRawBufferPointer(rebasing: $0.prefix(bytes.count)), unit: unit,
        into: bench.builder
      ) { bench.refusals.append($0) }
    }
    bench.builder.seal()
    let blocks = bench.builder.sealed
    bench.builder.sealed = []
    let key = Array("\"cost_usd\":".utf8)
    var costs: [Int128] = []
    for block in blocks {
      let text = Array(block.bytes)
      var at = 0
      while at + key.count < text.count {
        guard text[at] == key[0], text[(at + 1)...].starts(with: key.dropFirst()) else {
          at += 1
          continue
        }
        let digits = text[(at + key.count)...].prefix { $0 != 0x2c && $0 != 0x7d }
        costs.append(
          try #require(
            PriceOracle.scaled(String(decoding: digits, as: UTF8.self), by: 15) as Int128?))
        at += key.count
      }
    }
    return costs
  }
}
