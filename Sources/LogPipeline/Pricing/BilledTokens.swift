/// The tokens of one event, by the rate they are billed at.
struct BilledTokens {
  private var input: Int64 = 0
  private var cached: Int64 = 0
  private var cacheWrite: Int64 = 0
  private var cacheWrite1h: Int64 = 0
  private var output: Int64 = 0
  private var reasoning: Int64 = 0
  private(set) var isRemainderClamped = false
  /// Cached tokens included: what a context tier looks at.
  let wholeInput: Int64

  /// - Returns: `nil` when the event does not say what the basis needs; never a guess such as total minus prompt.
  @inline(__always) init?(_ usage: TokenUsage, basis: CostBasis) {
    guard Self.isSane(usage) else { return nil }
    wholeInput = usage.promptTokens ?? 0
    switch basis {
    case .split:
      guard let prompt = usage.promptTokens,
        let completion = usage.completionTokens ?? Self.noCompletion(usage)
      else { return nil }
      (cached, cacheWrite, cacheWrite1h) = (
        usage.cachedTokens, usage.cacheWriteTokens, usage.cacheWrite1hTokens
      )
      // Four counts of at most 2^53 each can not overflow.
      let rest = prompt - cached - cacheWrite - cacheWrite1h
      input = max(0, rest)
      isRemainderClamped = rest < 0
      reasoning = min(usage.reasoningTokens, completion)
      output = completion - reasoning
    case .total:
      guard let total = usage.totalTokens ?? Self.sum(usage) else { return nil }
      output = total
    case .output:
      guard let completion = usage.completionTokens else { return nil }
      reasoning = min(usage.reasoningTokens, completion)
      output = completion - reasoning
    }
  }

  /// `nil` when an amount leaves the range of Int64 (9.2 million USD).
  func cost(at rates: Rates) -> Cost? {
    var cost = Cost(status: .priced)
    var amount = Amount()
    amount.add(input, rates.input)
    amount.add(cacheWrite, rates.cacheWrite)
    amount.add(cacheWrite1h, rates.cacheWrite1h)
    cost.inputPicoUsd = amount.take()
    amount.add(cached, rates.cached)
    cost.cachedPicoUsd = amount.take()
    amount.add(output, rates.output)
    amount.add(reasoning, rates.reasoning)
    cost.outputPicoUsd = amount.take()
    amount.add(cost.inputPicoUsd, 1)
    amount.add(cost.cachedPicoUsd, 1)
    amount.add(cost.outputPicoUsd, 1)
    cost.totalPicoUsd = amount.take()
    guard !amount.didOverflow else { return nil }
    cost.inputMicroUsdPerMTok = rates.input
    cost.outputMicroUsdPerMTok = rates.output
    cost.isRemainderClamped = isRemainderClamped
    cost.isPartlyFromOtherBook = !rates.borrowed.isDisjoint(with: used)
    return cost
  }

  /// The products that ``cost(at:)`` adds up, those with tokens.
  func lines(at rates: Rates) -> [BilledLine] {
    let all: [(String, Int64, Int64, RateFields)] = [
      ("input", input, rates.input, .input), ("cached", cached, rates.cached, .cached),
      ("write 5m", cacheWrite, rates.cacheWrite, .cacheWrite),
      ("write 1h", cacheWrite1h, rates.cacheWrite1h, .cacheWrite1h),
      ("output", output, rates.output, .output),
      ("reasoning", reasoning, rates.reasoning, .reasoning),
    ]
    return all.filter { $0.1 > 0 }.map { kind, tokens, rate, field in
      BilledLine(
        kind: kind, tokens: tokens, microUsdPerMTok: rate, origin: rates.origin(of: field))
    }
  }

  /// The fields of the rates that this event's tokens were billed at.
  private var used: RateFields {
    var fields: RateFields = []
    if input > 0 { fields.insert(.input) }
    if cached > 0 { fields.insert(.cached) }
    if cacheWrite > 0 { fields.insert(.cacheWrite) }
    if cacheWrite1h > 0 { fields.insert(.cacheWrite1h) }
    if output > 0 { fields.insert(.output) }
    if reasoning > 0 { fields.insert(.reasoning) }
    return fields
  }

  /// Counts beyond 2^53 are no counts: whoever wrote them lost digits on the way.
  @inline(__always) private static func isSane(_ usage: TokenUsage) -> Bool {
    // Looked at one by one only where there is one so large.
    let all =
      (usage.promptTokens ?? 0) | (usage.completionTokens ?? 0) | (usage.totalTokens ?? 0)
      | usage.cachedTokens | usage.cacheWriteTokens | usage.cacheWrite1hTokens
      | usage.reasoningTokens
    return (0..<1 << 53).contains(all) || areCounts(usage)
  }

  @inline(never) private static func areCounts(_ usage: TokenUsage) -> Bool {
    let counts = 0...Int64(1) << 53
    return counts.contains(usage.promptTokens ?? 0) && counts.contains(usage.completionTokens ?? 0)
      && counts.contains(usage.totalTokens ?? 0) && counts.contains(usage.cachedTokens)
      && counts.contains(usage.cacheWriteTokens) && counts.contains(usage.cacheWrite1hTokens)
      && counts.contains(usage.reasoningTokens)
  }

  /// 0 for calls that have no output (embeddings), `nil` when the total says that there was some.
  private static func noCompletion(_ usage: TokenUsage) -> Int64? {
    guard let prompt = usage.promptTokens else { return nil }
    return usage.totalTokens ?? prompt <= prompt ? 0 : nil
  }

  private static func sum(_ usage: TokenUsage) -> Int64? {
    guard let prompt = usage.promptTokens else { return nil }
    return prompt + (usage.completionTokens ?? 0)
  }
}

/// A sum of products that remembers whether it ever left the range of Int64.
private struct Amount {
  private var value: Int64 = 0
  private(set) var didOverflow = false

  mutating func add(_ count: Int64, _ rate: Int64) {
    let (product, productOverflows) = count.multipliedReportingOverflow(by: rate)
    let (sum, sumOverflows) = value.addingReportingOverflow(product)
    didOverflow = didOverflow || productOverflows || sumOverflows
    value = sum
  }

  /// The sum so far; the next starts at 0.
  mutating func take() -> Int64 {
    defer { value = 0 }
    return value
  }
}
