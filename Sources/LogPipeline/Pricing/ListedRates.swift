/// Rates as a table lists them, in micro-dollars per million tokens; `nil` is "not published", 0 is "free".
struct ListedRates: Equatable {
  var input: Int64?
  var output: Int64?
  var cached: Int64?
  var cacheWrite: Int64?
  var cacheWrite1h: Int64?
  var reasoning: Int64?

  init() {}

  /// - Throws: a text that says which rate is wrong.
  init(_ json: JsonValue) throws(ListingProblem) {
    input = try Self.rate(json, "input_per_mtok")
    output = try Self.rate(json, "output_per_mtok")
    cached = try Self.rate(json, "cached_input_per_mtok")
    cacheWrite = try Self.rate(json, "cache_write_per_mtok")
    cacheWrite1h = try Self.rate(json, "cache_write_1h_per_mtok")
    reasoning = try Self.rate(json, "reasoning_per_mtok")
  }

  /// A standard set, complete: cached input and cache writes cost the input rate, an hour's cache write what five minutes'
  /// costs, reasoning the output rate, where nothing else is listed. `other` is the same model in the book that this one
  /// falls back to.
  func completed(from other: ListedRates = ListedRates()) throws(ListingProblem) -> Rates {
    guard let input = input ?? other.input else {
      throw ListingProblem("input_per_mtok is missing")
    }
    guard let output = output ?? other.output else {
      throw ListingProblem("output_per_mtok is missing")
    }
    let write = cacheWrite ?? other.cacheWrite ?? input
    var rates = Rates(
      input: input, output: output, cached: cached ?? other.cached ?? input, cacheWrite: write,
      cacheWrite1h: cacheWrite1h ?? other.cacheWrite1h ?? write,
      reasoning: reasoning ?? other.reasoning ?? output)
    if cached ?? other.cached == nil { rates.derived.insert(.cached) }
    if cacheWrite ?? other.cacheWrite == nil { rates.derived.insert(.cacheWrite) }
    if cacheWrite1h ?? other.cacheWrite1h == nil { rates.derived.insert(.cacheWrite1h) }
    if reasoning ?? other.reasoning == nil { rates.derived.insert(.reasoning) }
    if self.input == nil { rates.borrowed.insert(.input) }
    if self.output == nil { rates.borrowed.insert(.output) }
    if cached == nil, other.cached != nil { rates.borrowed.insert(.cached) }
    if cacheWrite == nil, other.cacheWrite != nil { rates.borrowed.insert(.cacheWrite) }
    if cacheWrite1h == nil, other.cacheWrite1h ?? other.cacheWrite != nil {
      rates.borrowed.insert(.cacheWrite1h)
    }
    if reasoning == nil, other.reasoning != nil { rates.borrowed.insert(.reasoning) }
    return rates
  }

  /// A service tier's set, complete: what is missing follows from the tier's own input and output rates. `standard` is the
  /// set that it departs from, as listed.
  func completed(asTierOf standard: ListedRates) throws(ListingProblem) -> Rates {
    var tier = self
    tier.input = input ?? standard.input
    tier.output = output ?? standard.output
    // Tables list batch prices of five-minute writes only; an hour's keeps its distance from the input rate.
    if cacheWrite1h == nil, let whole = standard.cacheWrite1h, let full = standard.input, full > 0,
      let reduced = tier.input, (whole * reduced).isMultiple(of: full)
    {
      tier.cacheWrite1h = whole * reduced / full
    }
    var rates = try tier.completed()
    if cacheWrite1h == nil { rates.derived.insert(.cacheWrite1h) }
    return rates
  }

  private static func rate(_ json: JsonValue, _ key: String) throws(ListingProblem) -> Int64? {
    guard let value = json[key], value != .null else { return nil }
    guard let usd = value.double else { throw ListingProblem("\(key) is no number") }
    // Up to 10,000 USD per million tokens: with it no product below can overflow.
    guard (0...10_000).contains(usd) else { throw ListingProblem("\(key) \(usd) is out of range") }
    let micro = usd * 1e6
    guard abs(micro - micro.rounded()) < 1e-3 else {
      throw ListingProblem("\(key) \(usd) is no whole number of micro-dollars")
    }
    return Int64(micro.rounded())
  }
}

/// What is wrong in a row, before it is known which row.
struct ListingProblem: Error {
  let text: String
  init(_ text: String) { self.text = text }
}
