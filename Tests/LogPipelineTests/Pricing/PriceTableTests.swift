import LogPipeline
import Testing

/// Goal: a table with a fault is refused whole, and the message names the row.
@Suite struct PriceTableTests {
  private func table(_ row: String, relay: String = "") -> [UInt8] {
    Array(
      """
      {"schema": "relay-prices/2", "as_of": "2026-01-02", "books": {
        "direct": {"models": [
          {"model": "a", "family": "f", "provider": "p", "input_per_mtok": 1, "output_per_mtok": 2},
          {"model": "b", "family": "f", "provider": "p", \(row)}]}\(relay)}}
      """.utf8)
  }

  @Test func `the built-in table is whole`() throws {
    let books = try PricingFixtures.books
    #expect(books.version == "2026-11-20")
    #expect(books.rows.count == 84 + 5)
  }

  @Test(arguments: [
    (#""input_per_mtok": 1"#, "output_per_mtok is missing"),
    (#""input_per_mtok": 0.0000005, "output_per_mtok": 1"#, "no whole number of micro-dollars"),
    (#""input_per_mtok": -1, "output_per_mtok": 1"#, "out of range"),
    (#""input_per_mtok": "1", "output_per_mtok": 1"#, "is no number"),
    (#""input_per_mtok": 1, "output_per_mtok": 1, "aliases": ["A"]"#, "belongs to a already"),
    (
      #""input_per_mtok": 1, "output_per_mtok": 1, "effective_from": "2026-13-01""#,
      "effective_from is no date"
    ),
    (
      #""input_per_mtok": 1, "output_per_mtok": 1, "effective_from": "2026-01-01", "history": [{"effective_from": null, "effective_to": "2026-01-02", "input_per_mtok": 1, "output_per_mtok": 1}]"#,
      "overlap"
    ),
    (
      #""input_per_mtok": 1, "output_per_mtok": 1, "tiers": [{"when": "output_tokens"}]"#,
      "not about input_tokens"
    ),
    (
      #""input_per_mtok": 1, "output_per_mtok": 1, "service_tiers": {"turbo": {}}"#,
      "turbo is not known"
    ),
    (
      #""input_per_mtok": 0.000001, "output_per_mtok": 1, "region_multiplier": {"eu": 1.1}"#,
      "region_multiplier makes"
    ),
    (
      #""input_per_mtok": 1, "output_per_mtok": 1, "off_peak": {"input_per_mtok": 1, "output_per_mtok": 1, "windows_utc": [{"hours": ["00:30-01:00"], "iso_weekdays": [1]}]}"#,
      "not whole hours"
    ),
  ])
  func `a faulty row is named`(row: String, problem: String) {
    let error = #expect(throws: PricingError.self) { try PriceBooks.load(table(row)) }
    #expect("\(error!)".contains("model b:") && "\(error!)".contains(problem), "\(error!)")
  }

  @Test func `a faulty table says what it is`() {
    #expect(throws: PricingError.schema(found: "relay-prices/1")) {
      try PriceBooks.load(Array(#"{"schema": "relay-prices/1"}"#.utf8))
    }
    #expect(throws: PricingError.book(name: "direct", problem: "is missing")) {
      try PriceBooks.load(Array(#"{"schema": "relay-prices/2", "books": {}}"#.utf8))
    }
    #expect(throws: PricingError.self) { try PriceBooks.load(Array("{".utf8)) }
    let relay =
      #", "holysheep": {"otherwise": "direct", "aliases": {"x": "nowhere"}, "models": [{"model": "a", "family": "f", "provider": "p", "input_per_mtok": 1, "output_per_mtok": 2}]}"#
    let error = #expect(throws: PricingError.self) {
      try PriceBooks.load(table(#""input_per_mtok": 1, "output_per_mtok": 1"#, relay: relay))
    }
    #expect("\(error!)".contains("alias x"))
  }

  @Test func `an explicit zero is free, a missing price is the input rate`() throws {
    func cached(_ more: String) throws -> Int64 {
      let books = try PriceBooks.load(table(#""input_per_mtok": 3, "output_per_mtok": 1\#(more)"#))
      return books.cost(
        PricingFixtures.match(books, "b", .direct),
        usage: TokenUsage(promptTokens: 10, completionTokens: 0, cachedTokens: 10),
        eventMilliseconds: 0, basis: .split, serviceTier: nil, isCacheHit: false
      ).totalPicoUsd
    }
    #expect(try cached("") == 30_000_000)
    #expect(try cached(#", "cached_input_per_mtok": null"#) == 30_000_000)
    #expect(try cached(#", "cached_input_per_mtok": 0"#) == 0)
  }

  /// The relay's row has one period, the provider's price of cached tokens changed in 2026.
  @Test func `a borrowed price follows the other book's dates`() throws {
    let row =
      #""input_per_mtok": 1, "output_per_mtok": 1, "cached_input_per_mtok": 0.2, "effective_from": "2026-01-01", "tiers": [{"when": "input_tokens", "op": ">", "threshold": 100, "scope": "whole_request", "input_per_mtok": 9, "output_per_mtok": 9}], "history": [{"effective_from": "2025-01-01", "effective_to": "2026-01-01", "input_per_mtok": 1, "output_per_mtok": 1, "cached_input_per_mtok": 0.5}]"#
    let relay =
      #", "holysheep": {"otherwise": "direct", "models": [{"model": "b", "family": "f", "provider": "p", "input_per_mtok": 4, "output_per_mtok": 2}]}"#
    let books = try PriceBooks.load(table(row, relay: relay))
    func cost(_ prompt: Int64, at: String) -> Cost {
      books.cost(
        PricingFixtures.match(books, "b", .holysheep),
        usage: TokenUsage(promptTokens: prompt, completionTokens: 0, cachedTokens: 10),
        eventMilliseconds: PricingFixtures.milliseconds(at), basis: .split, serviceTier: nil,
        isCacheHit: false)
    }
    // 10 x 0.2, 10 x 0.5, and before both the relay's own input rate: 10 x 4.
    #expect(cost(10, at: "2026-01-01T00:00:00Z").totalPicoUsd == 2_000_000)
    #expect(cost(10, at: "2025-12-31T23:59:59Z").totalPicoUsd == 5_000_000)
    #expect(cost(10, at: "2024-12-31T23:59:59Z").totalPicoUsd == 40_000_000)
    // Over the provider's threshold all of it is the provider's tier: 101 x 9.
    let tier = cost(101, at: "2026-02-01T00:00:00Z")
    #expect(tier.totalPicoUsd == 909_000_000)
    #expect(tier.isPartlyFromOtherBook)
  }

  @Test func `a service tier is known by any case`() {
    #expect(ServiceTier(named: "Flex") == .flex)
    #expect(ServiceTier(named: "BATCH") == .batch)
    #expect(ServiceTier(named: "default") == nil)
    #expect(ServiceTier(named: "standard_only") == nil)
  }
}
