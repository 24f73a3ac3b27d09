import LogPipeline
import Testing

/// Goal: costs agree with arithmetic done by hand from the table, to the last 1e-12 USD.
/// Method: one line a case; the comment beside it is the sum. A rate of 2 USD a million tokens is 2,000,000 pico-dollars a
/// token, so every product is whole.
@Suite struct CostTests {
  private static let november = "2026-11-18T10:30:00Z"

  struct Case: CustomTestStringConvertible, Sendable {
    var model: String
    var book = PriceBookName.direct
    var usage: TokenUsage
    var at = CostTests.november
    var basis = CostBasis.split
    var tier: ServiceTier?
    var region: PriceRegion?
    /// In USD, decimal.
    var usd: String
    var testDescription: String { "\(model) \(book) \(basis) -> \(usd)" }
  }

  private static func used(
    _ prompt: Int64, _ completion: Int64, cached: Int64 = 0, write: Int64 = 0, write1h: Int64 = 0,
    reasoning: Int64 = 0
  ) -> TokenUsage {
    TokenUsage(
      promptTokens: prompt, completionTokens: completion, totalTokens: prompt + completion,
      cachedTokens: cached, cacheWriteTokens: write, cacheWrite1hTokens: write1h,
      reasoningTokens: reasoning)
  }

  static let plain: [Case] = [
    // 1000 x 2 + 500 x 8 = 6000 a million
    Case(model: "gpt-4.1", usage: used(1000, 500), usd: "0.006"),
    // 1000 x 2.50 + 500 x 8 = 6500
    Case(model: "gpt-4.1", book: .holysheep, usage: used(1000, 500), usd: "0.0065"),
    // The relay's gpt-4 is gpt-4.1: the same 6500
    Case(model: "gpt-4", book: .holysheep, usage: used(1000, 500), usd: "0.0065"),
    // The provider's gpt-4: 1000 x 30 + 500 x 60 = 60000
    Case(model: "gpt-4", usage: used(1000, 500), usd: "0.06"),
    // The relay's gpt-4-turbo is gpt-4.1: 7 x 2.5 + 3 x 8 = 41.5
    Case(model: "gpt-4-turbo", book: .holysheep, usage: used(7, 3), usd: "0.0000415"),
    // 7 x 10 + 3 x 30 = 160
    Case(model: "gpt-4-turbo", usage: used(7, 3), usd: "0.00016"),
    // 1 x 0.15 = 0.15
    Case(model: "gpt-4o-mini", usage: used(1, 0), usd: "0.00000015"),
    // 1 x 0.05 + 1 x 0.4 = 0.45
    Case(model: "gpt-5-nano", usage: used(1, 1), usd: "0.00000045"),
    // 123 x 3 + 456 x 15 = 369 + 6840 = 7209
    Case(model: "claude-sonnet-4.5", usage: used(123, 456), usd: "0.007209"),
    Case(model: "claude-sonnet-4.5", book: .holysheep, usage: used(123, 456), usd: "0.007209"),
    // 2048 x 0.3 + 1024 x 2.5 = 614.4 + 2560 = 3174.4
    Case(model: "gemini-2.5-flash", book: .holysheep, usage: used(2048, 1024), usd: "0.0031744"),
    // The relay: 1000 x 0.1 + 1000 x 0.42 = 520; the provider: 1000 x 0.28 + 1000 x 0.4 = 680
    Case(model: "deepseek-v3.2", book: .holysheep, usage: used(1000, 1000), usd: "0.00052"),
    Case(model: "deepseek-v3.2", usage: used(1000, 1000), usd: "0.00068"),
    // deepseek-chat is the relay's deepseek-v3.2 (520), and a model of its own at 0.28 / 0.42 (700)
    Case(model: "deepseek-chat", book: .holysheep, usage: used(1000, 1000), usd: "0.00052"),
    Case(model: "deepseek-chat", usage: used(1000, 1000), usd: "0.0007"),
    // 10 x 1.2 + 20 x 1.2 = 36; the provider: 10 x 2 + 20 x 5 = 120
    Case(model: "moonshot-v1-128k", book: .holysheep, usage: used(10, 20), usd: "0.000036"),
    Case(model: "moonshot-v1-128k", usage: used(10, 20), usd: "0.00012"),
    // Listed by the provider only: 100 x 10 + 100 x 50 = 6000
    Case(model: "claude-fable-5", book: .holysheep, usage: used(100, 100), usd: "0.006"),
    // The relay's claude-3-opus is claude-opus-4, which only the provider lists: 10 x 15 + 10 x 75 = 900
    Case(model: "claude-3-opus", book: .holysheep, usage: used(10, 10), usd: "0.0009"),
    // Embeddings have free output: 8192 x 0.02 = 163.84
    Case(model: "text-embedding-3-small", usage: used(8192, 0), usd: "0.00016384"),
    Case(model: "text-embedding-3-small", usage: used(8192, 5), usd: "0.00016384"),
    Case(
      model: "text-embedding-3-small",
      usage: TokenUsage(promptTokens: 8192, totalTokens: 8192), usd: "0.00016384"),
    Case(model: "gpt-4.1", usage: used(0, 0), usd: "0"),
  ]

  static let caches: [Case] = [
    // (1000 - 400) x 2 + 400 x 0.5 + 100 x 8 = 1200 + 200 + 800 = 2200
    Case(model: "gpt-4.1", usage: used(1000, 100, cached: 400), usd: "0.0022"),
    // The relay publishes no cached price, the provider's holds: 600 x 2.5 + 400 x 0.5 + 800 = 2500
    Case(model: "gpt-4.1", book: .holysheep, usage: used(1000, 100, cached: 400), usd: "0.0025"),
    // No book has one: the relay's input rate: 1000 x 1.2 = 1200
    Case(
      model: "moonshot-v1-128k", book: .holysheep, usage: used(1000, 0, cached: 900), usd: "0.0012"),
    // qwen3-max lists none either: 1000 x 1.2 = 1200
    Case(model: "qwen3-max", usage: used(1000, 0, cached: 900), usd: "0.0012"),
    // 1000 - 200 - 300 - 100 = 400: 400 x 3 + 200 x 0.3 + 300 x 3.75 + 100 x 6 + 10 x 15
    // = 1200 + 60 + 1125 + 600 + 150 = 3135
    Case(
      model: "claude-sonnet-4.5", usage: used(1000, 10, cached: 200, write: 300, write1h: 100),
      usd: "0.003135"),
    // The relay takes all three cache prices from the provider: the same 3135
    Case(
      model: "claude-sonnet-4.5", book: .holysheep,
      usage: used(1000, 10, cached: 200, write: 300, write1h: 100), usd: "0.003135"),
    // No price of an hour's write: as five minutes': 100 x 18.75 = 1875
    Case(model: "claude-opus-4", usage: used(100, 0, write1h: 100), usd: "0.001875"),
    // No price of writes at all: the input rate: 100 x 2 = 200
    Case(model: "gpt-4.1", usage: used(100, 0, write: 50, write1h: 50), usd: "0.0002"),
    // More cached than there was: nothing is left to bill at the input rate: 500 x 0.5 = 250
    Case(model: "gpt-4.1", usage: used(100, 0, cached: 500), usd: "0.00025"),
  ]

  static let tiers: [Case] = [
    // At 200,000 still 1.25 and 10: 250000 + 1000 = 251000
    Case(model: "gemini-2.5-pro", usage: used(200_000, 100), usd: "0.251"),
    // From 200,001 on 2.5 and 15, for all of it: 500002.5 + 1500 = 501502.5
    Case(model: "gemini-2.5-pro", usage: used(200_001, 100), usd: "0.5015025"),
    // The threshold sees cached tokens: 1 x 2.5 + 200000 x 0.25 + 0 = 50002.5
    Case(model: "gemini-2.5-pro", usage: used(200_001, 0, cached: 200_000), usd: "0.0500025"),
    // xAI counts from the threshold itself: 199999 x 1.25 = 249998.75, 200000 x 2.5 = 500000
    Case(model: "grok-4.3", usage: used(199_999, 0), usd: "0.24999875"),
    Case(model: "grok-4.3", usage: used(200_000, 0), usd: "0.5"),
    // Two thresholds: 32000 x 1.2 = 38400, 32001 x 2.4 = 76802.4, 128001 x 3 + 1 x 15 = 384018
    Case(model: "qwen3-max", usage: used(32_000, 0), usd: "0.0384"),
    Case(model: "qwen3-max", usage: used(32_001, 0), usd: "0.0768024"),
    Case(model: "qwen3-max", usage: used(128_001, 1), usd: "0.384018"),
    // Sonnet 4.5 has a tier on Bedrock: 200001 x 6.6 = 1320006.6; none at the provider: 200001 x 3 = 600003
    Case(model: "claude-sonnet-4.5@bedrock-us", usage: used(200_001, 0), usd: "1.3200066"),
    Case(model: "claude-sonnet-4.5", usage: used(200_001, 0), usd: "0.600003"),
    // Haiku 5.5 over 100,000: 0 x 0.5 + 100001 written at 0.625 = 62500.625
    Case(model: "claude-haiku-5.5", usage: used(100_001, 0, write: 100_001), usd: "0.062500625"),
    // Reasoning has a rate of its own in qwen-plus over 256,000: 256001 x 1.2 + 40 x 3.6 + 60 x 12
    // = 307201.2 + 144 + 720 = 308065.2
    Case(model: "qwen-plus", usage: used(256_001, 100, reasoning: 60), usd: "0.3080652"),
    // Below it none, so it is output like any other: 1000 x 0.4 + 100 x 1.2 = 520
    Case(model: "qwen-plus", usage: used(1000, 100, reasoning: 60), usd: "0.00052"),
  ]

  static let serviceTiers: [Case] = [
    // 1000 x 1.25 / 0.625 / 2.5 / 0.625 and 100 x 10 / 5 / 20 / 5
    Case(model: "gpt-5", usage: used(1000, 100), usd: "0.00225"),
    Case(model: "gpt-5", usage: used(1000, 100), tier: .flex, usd: "0.001125"),
    Case(model: "gpt-5", usage: used(1000, 100), tier: .priority, usd: "0.0045"),
    Case(model: "gpt-5", usage: used(1000, 100), tier: .batch, usd: "0.001125"),
    // gpt-4.1 lists no flex: 1000 x 2 = 2000; its batch lists no cached price: 500 x 1 + 500 x 1 = 1000
    Case(model: "gpt-4.1", usage: used(1000, 0), tier: .flex, usd: "0.002"),
    Case(model: "gpt-4.1", usage: used(1000, 0, cached: 500), tier: .batch, usd: "0.001"),
    // gpt-5-nano's priority lists input only: 1000 x 2.5 + 100 x 0.4 = 2540
    Case(model: "gpt-5-nano", usage: used(1000, 100), tier: .priority, usd: "0.00254"),
    // Inside a tier: 272001 x 4 + 10 x 15 = 1088154; priority is not listed there for gpt-5.5: 272001 x 10 = 2720010
    Case(model: "gpt-5.6-sol", usage: used(272_001, 10), tier: .flex, usd: "1.088154"),
    Case(model: "gpt-5.5", usage: used(272_001, 0), tier: .priority, usd: "2.72001"),
    // Sonnet 4.5 in a batch: 100 x 1.5 + 100 x 0.15 + 100 x 1.875 = 352.5; an hour's write stays twice the input: 100 x 3
    Case(
      model: "claude-sonnet-4.5", usage: used(300, 0, cached: 100, write: 100), tier: .batch,
      usd: "0.0003525"),
    Case(
      model: "claude-sonnet-4.5", usage: used(100, 0, write1h: 100), tier: .batch, usd: "0.0003"),
  ]

  static let times: [Case] = [
    // Until 21 August 5 and 30, then 4 and 20, from midnight UTC: 1000 x 5 + 100 x 30 = 8000, 4000 + 2000 = 6000
    Case(model: "gpt-5.6-sol", usage: used(1000, 100), at: "2026-08-20T23:59:59Z", usd: "0.008"),
    Case(model: "gpt-5.6-sol", usage: used(1000, 100), at: "2026-08-21T00:00:00Z", usd: "0.006"),
    // Wednesday 10:30 is off-peak, Wednesday 09:59 and Saturday are not and are: 1000 x 0.15 + 100 x 0.6 = 210;
    // 1000 x 0.3 + 100 x 1.2 = 420
    Case(model: "deepseek-v4-flash", usage: used(1000, 100), usd: "0.00021"),
    Case(
      model: "deepseek-v4-flash", usage: used(1000, 100), at: "2026-11-18T09:59:59Z", usd: "0.00042"
    ),
    Case(
      model: "deepseek-v4-flash", usage: used(1000, 100), at: "2026-11-21T09:00:00Z", usd: "0.00021"
    ),
    Case(
      model: "deepseek-v4-flash", usage: used(1000, 100), at: "2026-11-20T03:59:59Z", usd: "0.00042"
    ),
    // A retired model keeps its price: 1000 x 0.1 = 100
    Case(model: "gpt-4.1-nano", usage: used(1000, 0), at: "2026-11-19T00:00:00Z", usd: "0.0001"),
    // Regions: 1000 x 5 x 1.1 + 100 x 25 x 1.1 = 5500 + 2750 = 8250; none for eu there: 7500
    Case(model: "claude-opus-4.6", usage: used(1000, 100), region: .us, usd: "0.00825"),
    Case(model: "claude-opus-4.6", usage: used(1000, 100), region: .eu, usd: "0.0075"),
    // 272001 x 2.5 x 1.1 = 748002.75 in flex over the threshold of gpt-5.4
    Case(model: "gpt-5.4", usage: used(272_001, 0), tier: .flex, region: .eu, usd: "0.74800275"),
  ]

  static let bases: [Case] = [
    // The dashboard's way: 1500 x 8 = 12000
    Case(model: "gpt-4.1", usage: used(1000, 500), basis: .total, usd: "0.012"),
    Case(
      model: "gpt-4.1", usage: TokenUsage(totalTokens: 1500), basis: .total, usd: "0.012"),
    Case(
      model: "gpt-4.1", usage: TokenUsage(promptTokens: 1000, completionTokens: 500), basis: .total,
      usd: "0.012"),
    // 1359 x 8 = 10872
    Case(
      model: "gpt-4.1", book: .holysheep, usage: TokenUsage(totalTokens: 1359), basis: .total,
      usd: "0.010872"),
    // The audit's way: 500 x 15 = 7500
    Case(model: "claude-sonnet-4.5", usage: used(1000, 500), basis: .output, usd: "0.0075"),
    Case(
      model: "claude-sonnet-4.5", usage: TokenUsage(completionTokens: 500), basis: .output,
      usd: "0.0075"),
    // Reasoning is part of the output, never added to it: 500 x 10 = 5000
    Case(model: "gpt-5", usage: used(0, 500, reasoning: 400), usd: "0.005"),
    Case(model: "gpt-5", usage: used(0, 500, reasoning: 900), usd: "0.005"),
  ]

  @Test(arguments: plain + caches + tiers + serviceTiers + times + bases)
  func `a cost is what it is by hand`(example: Case) throws {
    let cost = try price(example)
    #expect(cost.status == .priced)
    #expect(PricingFixtures.usd(cost.totalPicoUsd) == example.usd)
    #expect(cost.inputPicoUsd + cost.outputPicoUsd + cost.cachedPicoUsd == cost.totalPicoUsd)
  }

  @Test func `a cost shows its parts and its rates`() throws {
    // 300 left x 2 = 600, + 0; 700 x 0.5 = 350; 10 x 8 = 80
    let cost = try price(Case(model: "gpt-4.1", usage: Self.used(1000, 10, cached: 700), usd: ""))
    #expect(PricingFixtures.usd(cost.inputPicoUsd) == "0.0006")
    #expect(PricingFixtures.usd(cost.cachedPicoUsd) == "0.00035")
    #expect(PricingFixtures.usd(cost.outputPicoUsd) == "0.00008")
    #expect(cost.inputMicroUsdPerMTok == 2_000_000)
    #expect(cost.outputMicroUsdPerMTok == 8_000_000)
    #expect(!cost.isRemainderClamped)
  }

  @Test func `more cached than there was is flagged`() throws {
    let clamped = try price(Case(model: "gpt-4.1", usage: Self.used(10, 0, cached: 11), usd: ""))
    #expect(clamped.isRemainderClamped)
  }

  @Test func `a rate from the other book is flagged, only when it was used`() throws {
    let cached = Case(
      model: "gpt-4.1", book: .holysheep, usage: Self.used(10, 1, cached: 5), usd: "")
    #expect(try price(cached).isPartlyFromOtherBook)
    let plain = Case(model: "gpt-4.1", book: .holysheep, usage: Self.used(10, 1), usd: "")
    #expect(try !price(plain).isPartlyFromOtherBook)
    let missing = Case(
      model: "moonshot-v1-128k", book: .holysheep, usage: Self.used(10, 1, cached: 5), usd: "")
    #expect(try !price(missing).isPartlyFromOtherBook)
  }

  @Test func `what can not be priced has no cost, and says why`() throws {
    let some = Self.used(10, 10)
    func status(_ example: Case) throws -> CostStatus {
      let cost = try price(example)
      #expect(cost.totalPicoUsd == 0)
      return cost.status
    }
    #expect(try status(Case(model: "gpt-7", usage: some, usd: "")) == .unpriced)
    // A price whose start is known and whose past is not.
    let before = "2026-07-29T23:59:59Z"
    #expect(try status(Case(model: "gpt-5.6-luna", usage: some, at: before, usd: "")) == .unpriced)
    // 2^53 x 60 a million is 540 billion USD, more than fits.
    let huge = TokenUsage(promptTokens: 0, completionTokens: 1 << 53, totalTokens: 1 << 53)
    #expect(try status(Case(model: "gpt-4", usage: huge, usd: "")) == .unpriced)
    #expect(try status(Case(model: "gpt-4", usage: TokenUsage(), usd: "")) == .noUsage)
    // A total alone can not be split, nor a completion without its prompt; total - prompt is no completion.
    for usage in [
      TokenUsage(totalTokens: 10), TokenUsage(completionTokens: 10),
      TokenUsage(promptTokens: 5, totalTokens: 10),
      TokenUsage(promptTokens: -1, completionTokens: 1),
      TokenUsage(promptTokens: 1 << 53 + 1, completionTokens: 1),
    ] {
      #expect(try status(Case(model: "gpt-4", usage: usage, usd: "")) == .noUsage)
    }
    let prompt = TokenUsage(promptTokens: 5)
    #expect(try status(Case(model: "gpt-4", usage: prompt, basis: .output, usd: "")) == .noUsage)
  }

  @Test func `a cache hit costs nothing, whatever the model`() throws {
    let books = try PricingFixtures.books
    for model in ["gpt-4.1", "no such model"] {
      let cost = books.cost(
        PricingFixtures.match(books, model, .direct), usage: Self.used(10, 10),
        eventMilliseconds: 0,
        basis: .split, serviceTier: nil, isCacheHit: true)
      #expect(cost == Cost(status: .cacheHit))
    }
  }

  private func price(_ example: Case) throws -> Cost {
    let books = try PricingFixtures.books
    return books.cost(
      PricingFixtures.match(books, example.model, example.book), usage: example.usage,
      eventMilliseconds: PricingFixtures.milliseconds(example.at), basis: example.basis,
      serviceTier: example.tier, isCacheHit: false, region: example.region)
  }
}
