import LogPipeline
import Testing

/// Goal: every row of the built-in table costs what the table says, to the last 1e-12 USD, whatever the size, the service
/// tier, the region and the hour.
/// Method: cases made from the table, each worked out a second time by ``PriceOracle``.
@Suite struct TablePriceTests {
  private let oracle: PriceOracle
  private let books: PriceBooks
  private static let november = PricingFixtures.milliseconds("2026-11-18T10:30:00Z")
  private static let tiers = [nil, "flex", "priority", "batch"]

  init() throws {
    oracle = try PriceOracle(Resources.prices)
    books = try PricingFixtures.books
  }

  private struct Question {
    var book: String
    var model: String
    var call: PriceOracle.Call
    var at = TablePriceTests.november
    var tier: String?
    var region: String?
    var basis = "split"
  }

  /// - Returns: a text where program and oracle differ.
  private func difference(_ question: Question) throws -> String? {
    let call = question.call
    let cost = books.cost(
      PricingFixtures.match(
        books, question.model, try #require(PriceBookName(rawValue: question.book))),
      usage: Self.usage(call), eventMilliseconds: question.at,
      basis: try #require(CostBasis(rawValue: question.basis)),
      serviceTier: question.tier.flatMap { ServiceTier(rawValue: $0) }, isCacheHit: false,
      region: question.region.flatMap { PriceRegion(rawValue: $0) })
    let wanted = oracle.cost(
      question.book, question.model, call, atMilliseconds: question.at, tier: question.tier,
      region: question.region, basis: question.basis)
    let parts = cost.inputPicoUsd + cost.cachedPicoUsd + cost.outputPicoUsd
    guard parts == cost.totalPicoUsd else { return "\(question): the parts are not the sum" }
    let found = cost.status == .priced ? Int128(cost.totalPicoUsd) * 1000 : nil
    return found == wanted ? nil : "\(question): \(cost), by the table \(wanted as Any)"
  }

  private static func usage(_ call: PriceOracle.Call) -> TokenUsage {
    TokenUsage(
      promptTokens: Int64(call.prompt), completionTokens: Int64(call.completion),
      totalTokens: Int64(call.prompt + call.completion), cachedTokens: Int64(call.cached),
      cacheWriteTokens: Int64(call.write5m), cacheWrite1hTokens: Int64(call.write1h),
      reasoningTokens: Int64(call.reasoning))
  }

  private func expect(
    _ questions: [Question], atLeast count: Int,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let wrong = try questions.compactMap(difference)
    #expect(
      wrong.count == 0, "\(wrong.count) of \(questions.count): \(wrong.prefix(3))",
      sourceLocation: sourceLocation)
    #expect(questions.count >= count, sourceLocation: sourceLocation)
  }

  private var rows: [(book: String, row: JsonValue, model: String)] {
    ["direct", "holysheep"].flatMap { book in
      oracle.models(book).map { (book, $0, $0["model"]?.string ?? "") }
    }
  }

  /// The thresholds that hold for a row: its own, or those of the provider's row that it borrows from.
  private func thresholds(_ row: JsonValue, _ model: String) -> [(op: String, size: Int128)] {
    let own = row["tiers"]?.elements ?? []
    let listed =
      own.isEmpty
      ? oracle.models("direct").first { $0["model"]?.string == model }?["tiers"]?.elements ?? []
      : own
    return listed.map { ($0["op"]?.string ?? "", Int128($0["threshold"]?.integer ?? 0)) }
  }

  @Test func `each kind of token of each row, in each service tier and region`() throws {
    let calls = [
      PriceOracle.Call(prompt: 997, completion: 0),
      .init(prompt: 0, completion: 991),
      .init(prompt: 1009, completion: 0, cached: 1009),
      .init(prompt: 1013, completion: 0, write5m: 1013),
      .init(prompt: 1019, completion: 0, write1h: 1019),
      .init(prompt: 1, completion: 1021, reasoning: 1020),
      .init(
        prompt: 9973, completion: 613, cached: 4001, write5m: 1499, write1h: 701, reasoning: 307),
      // More cached than there is, more reasoning than output.
      .init(prompt: 10, completion: 5, cached: 11, write5m: 3, reasoning: 9),
    ]
    var questions: [Question] = []
    for (book, _, model) in rows {
      for call in calls {
        for tier in Self.tiers {
          for region in [nil, "us", "eu"] {
            questions.append(
              Question(book: book, model: model, call: call, tier: tier, region: region))
          }
        }
      }
    }
    try expect(questions, atLeast: 89 * 8 * 12)
  }

  @Test func `at each threshold and one token on either side, cached or not`() throws {
    var questions: [Question] = []
    var ops: Set<String> = []
    for (book, row, model) in rows {
      for (op, size) in thresholds(row, model) {
        ops.insert(op)
        for prompt in [size - 1, size, size + 1] {
          for tier in Self.tiers {
            for cached: Int128 in [0, prompt, prompt / 3] {
              let writes = cached == 0 ? prompt / 7 : 0
              questions.append(
                Question(
                  book: book, model: model,
                  call: .init(
                    prompt: prompt, completion: 101, cached: cached, write5m: writes,
                    write1h: writes / 2, reasoning: 17), tier: tier, region: "us"))
            }
          }
        }
        // The table's own word decides on which side the threshold itself is.
        let edge = PriceOracle.Call(prompt: size, completion: 0)
        let below = PriceOracle.Call(prompt: size - 1, completion: 0)
        let cost = oracle.cost(book, model, edge, atMilliseconds: Self.november)
        let before = oracle.cost(book, model, below, atMilliseconds: Self.november)
        let one = oracle.rates(book, model, Self.november, size - 1, nil)
        let isJump = try #require(cost) - #require(before) != #require(one).input * 1000
        #expect(isJump == (op == ">="), "\(model)")
      }
    }
    #expect(ops == [">", ">="])
    try expect(questions, atLeast: 20 * 3 * 4 * 3)
  }

  @Test func `history: the last millisecond of a price and the first of the next`() throws {
    var questions: [Question] = []
    var unpriced = 0
    for (book, row, model) in rows {
      let edges = ([row] + (row["history"]?.elements ?? [])).flatMap {
        [
          PriceOracle.milliseconds($0["effective_from"]),
          PriceOracle.milliseconds($0["effective_to"]),
        ]
      }.compactMap(\.self)
      for at in edges.flatMap({ [$0 - 1, $0, $0 + 1] }) {
        for prompt: Int128 in [1000, 300_000] {
          for tier in Self.tiers {
            let question = Question(
              book: book, model: model,
              call: .init(prompt: prompt, completion: 10, cached: 400, write5m: 50), at: at,
              tier: tier, region: "eu")
            questions.append(question)
            let known = oracle.rates(book, model, at, prompt, tier)
            if known == nil { unpriced += 1 }
          }
        }
      }
    }
    // Two rows begin at a date, and nothing is known of the time before.
    #expect(unpriced == 2 * 8)
    try expect(questions, atLeast: 90)
  }

  @Test func `off-peak: every hour of a week, its first and its last millisecond`() throws {
    let monday = try #require(PriceOracle.milliseconds(.string("2026-11-16")))
    var questions: [Question] = []
    for (book, row, model) in rows where row["off_peak"] != nil {
      var cheap = 0
      for hour in 0..<Int64(168) {
        for at in [monday + hour * 3_600_000, monday + (hour + 1) * 3_600_000 - 1] {
          for tier in [nil, "batch"] {
            questions.append(
              Question(
                book: book, model: model,
                call: .init(prompt: 1000, completion: 77, cached: 300, write5m: 9), at: at,
                tier: tier))
          }
        }
        let rates = oracle.rates(book, model, monday + hour * 3_600_000, 1, nil)
        if try #require(rates).input < #require(PriceOracle.micro(row["input_per_mtok"])) {
          cheap += 1
        }
      }
      // 17 hours of five days, 24 of two.
      #expect(cheap == 17 * 5 + 24 * 2)
    }
    try expect(questions, atLeast: 2 * 168 * 4)
  }

  @Test func `the bases total and output`() throws {
    var questions: [Question] = []
    for (book, row, model) in rows {
      for prompt in [1, 1000] + thresholds(row, model).map({ $0.size + 1 }) {
        for basis in ["total", "output"] {
          questions.append(
            Question(
              book: book, model: model,
              call: .init(prompt: prompt, completion: 359, cached: 1, reasoning: 100),
              basis: basis))
        }
      }
    }
    try expect(questions, atLeast: 89 * 2 * 2)
  }

  @Test func `a cached price that is not listed is the input rate, a listed zero is free`() throws {
    var (missing, free) = (0, 0)
    for row in oracle.models("direct") {
      let model = row["model"]?.string ?? ""
      let match = PricingFixtures.match(books, model, .direct)
      func cost(_ usage: TokenUsage) -> Int64 {
        books.cost(
          match, usage: usage,
          eventMilliseconds: PricingFixtures.milliseconds("2026-11-18T09:00:00Z"),
          basis: .split, serviceTier: nil, isCacheHit: false
        ).totalPicoUsd
      }
      let input = try #require(PriceOracle.micro(row["input_per_mtok"]))
      let cached = cost(TokenUsage(promptTokens: 7, completionTokens: 0, cachedTokens: 7))
      if PriceOracle.micro(row["cached_input_per_mtok"]) == nil {
        #expect(Int128(cached) == 7 * input, "\(model)")
        missing += 1
      }
      if PriceOracle.micro(row["output_per_mtok"]) == 0 {
        #expect(cost(TokenUsage(promptTokens: 0, completionTokens: 9)) == 0, "\(model)")
        free += 1
      }
    }
    #expect(missing >= 10 && free >= 2)
  }

  /// A figure is borrowed where the relay's row lists none and the provider's row does.
  @Test func `the relay borrows what it does not publish, and only then says so`() throws {
    var borrowed = 0
    for row in oracle.models("holysheep") {
      let model = row["model"]?.string ?? ""
      let other = oracle.models("direct").first { $0["model"]?.string == model }
      let usages: [(key: String, usage: TokenUsage)] = [
        ("input_per_mtok", TokenUsage(promptTokens: 9, completionTokens: 0)),
        ("output_per_mtok", TokenUsage(promptTokens: 0, completionTokens: 9)),
        (
          "cached_input_per_mtok", TokenUsage(promptTokens: 9, completionTokens: 0, cachedTokens: 9)
        ),
        (
          "cache_write_per_mtok",
          TokenUsage(promptTokens: 9, completionTokens: 0, cacheWriteTokens: 9)
        ),
      ]
      for (key, usage) in usages {
        let cost = books.cost(
          PricingFixtures.match(books, model, .holysheep), usage: usage,
          eventMilliseconds: Self.november, basis: .split, serviceTier: nil, isCacheHit: false)
        let isBorrowed =
          PriceOracle.micro(row[key]) == nil && other.flatMap { PriceOracle.micro($0[key]) } != nil
        #expect(cost.isPartlyFromOtherBook == isBorrowed, "\(model) \(key)")
        if isBorrowed { borrowed += 1 }
      }
    }
    #expect(borrowed >= 5)
  }

  @Test func `every name, alias and spelling leads to its row`() throws {
    let listed = Set(
      oracle.models("direct").flatMap { row in
        [row["model"]?.string ?? ""] + (row["aliases"]?.elements ?? []).compactMap(\.string)
      }.map { $0.lowercased() })
    var count = 0
    for row in oracle.models("direct") {
      let model = row["model"]?.string ?? ""
      for name in [model] + (row["aliases"]?.elements ?? []).compactMap(\.string) {
        let spellings = [
          name, name.uppercased(), "  \(name)\n", "litellm_proxy/\(name)", "\(name)@20250929",
          "\(name)-20250929", "\(name)-2025-04-14", "\(name)[1m]", "ft:\(name):acme::id1",
        ]
        for spelling in spellings {
          // A fine-tuned model is named up to the next colon.
          if spelling.hasPrefix("ft:"), name.contains(":") { continue }
          if spelling != name, listed.contains(spelling.lowercased()) { continue }
          let match = PricingFixtures.match(books, spelling, .direct)
          #expect(String(decoding: match.model, as: UTF8.self) == model, "\(spelling)")
          count += 1
        }
      }
    }
    for (alias, target) in oracle.table["books"]?["holysheep"]?["aliases"]?.members ?? [] {
      for spelling in [alias, "openai/\(alias)", "\(alias)-20250101", alias.uppercased()] {
        let match = PricingFixtures.match(books, spelling, .holysheep)
        #expect(String(decoding: match.model, as: UTF8.self) == target.string, "\(spelling)")
        count += 1
      }
    }
    #expect(count >= 1500, "\(count)")
  }
}
