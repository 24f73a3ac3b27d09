import CSimdjson

/// Model, cost and usage.
extension DocumentWriter {
  /// The model under its names, then what the call cost at that model's prices.
  mutating func model(_ facts: EventFacts, _ fields: inout FrameFields, _ stamp: FrameStamp) {
    var place: Int?
    let source = modelField(fields)
    if let value = fields.value(source), value.kind == FrameFields.Kind.string,
      isShown(value, &fields)
    {
      let found = unsafe models.place(of: fields.bytes(of: value), book: book(of: facts.shape))
      sink.literal(",\"model\":\"")
      let nameAt = sink.count
      unsafe models.withModel(at: found, &sink) { unsafe $0.raw($1) }
      call.model = nameAt..<sink.count
      sink.byte(UInt8(ascii: "\""))
      unsafe models.withFamily(at: found, &sink) {
        $0.literal(",\"model_family\":\"")
        unsafe $0.raw($1)
        $0.byte(UInt8(ascii: "\""))
      }
      place = found
    }
    identifier(",\"model_raw\":", source, &fields)
    identifier(",\"model_requested\":", .modelRequested, &fields)
    if source == .modelUsed { identifier(",\"model_served\":", .modelServed, &fields) }
    cost(facts, place, stamp, serviceTier(&fields), region(&fields))
  }

  /// Which of its fields an event's model is taken from.
  @inline(__always) func modelField(_ fields: FrameFields) -> Field {
    fields.has(.modelUsed) ? .modelUsed : .modelServed
  }

  func book(of shape: EventFacts.Shape) -> PriceBookName {
    switch meaning.book {
    case .direct: .direct
    case .holysheep: .holysheep
    case .auto: shape == .relay ? .holysheep : .direct
    }
  }

  func serviceTier(_ fields: inout FrameFields) -> ServiceTier? {
    guard let value = fields.value(.serviceTier), value.kind == FrameFields.Kind.string else {
      return nil
    }
    let name = unsafe fields.bytes(of: value)
    if unsafe name.equalsIgnoringCase("flex") { return .flex }
    if unsafe name.equalsIgnoringCase("priority") { return .priority }
    return unsafe name.equalsIgnoringCase("batch") ? .batch : nil
  }

  /// Where the provider processed the call: what the event says, else what is known of its source.
  func region(_ fields: inout FrameFields) -> PriceRegion? {
    guard let value = fields.value(.region), value.kind == FrameFields.Kind.string else {
      return meaning.region
    }
    let name = unsafe fields.bytes(of: value)
    if unsafe name.equalsIgnoringCase("us") { return .us }
    if unsafe name.equalsIgnoringCase("eu") { return .eu }
    return unsafe name.equalsIgnoringCase("global") ? nil : meaning.region
  }

  private mutating func cost(
    _ facts: EventFacts, _ place: Int?, _ stamp: FrameStamp, _ tier: ServiceTier?,
    _ region: PriceRegion?
  ) {
    var cost = Cost(status: facts.hasUsage ? .unpriced : .noUsage)
    if facts.hasUsage, let place {
      cost = models.cost(
        at: place, usage: facts.usage, eventMilliseconds: stamp.time.milliseconds,
        basis: meaning.basis, serviceTier: tier, region: region)
    }
    let saved = cost
    if facts.isCacheHit == true { cost = Cost(status: .cacheHit) }
    let reported = facts.reportedPicoUsd ?? 0
    if cost.status == .noUsage, reported > 0 {
      cost.status = .reported
      cost.totalPicoUsd = reported
    }
    count(cost.status)
    call.isUnpriced = cost.status == .unpriced
    if cost.status != .unpriced, cost.status != .noUsage {
      call.costPicoUsd = cost.totalPicoUsd
      amount(",\"cost_usd\":", cost.totalPicoUsd)
    }
    if cost.status == .cacheHit {
      let savedPicoUsd = saved.status == .priced ? saved.totalPicoUsd : facts.savedCachePicoUsd
      if let savedPicoUsd { amount(",\"saved_cache_cost\":", savedPicoUsd) }
    }
    details(of: cost, facts, place)
  }

  private mutating func details(of cost: Cost, _ facts: EventFacts, _ place: Int?) {
    if cost.status == .priced, let place {
      prices(of: cost, models.book(at: place), place)
      amount(",\"input_usd\":", cost.inputPicoUsd)
      amount(",\"output_usd\":", cost.outputPicoUsd)
      amount(",\"cached_usd\":", cost.cachedPicoUsd)
      if cost.isRemainderClamped { sink.literal(",\"remainder_clamped\":true") }
    } else {
      sink.literal(",\"cost\":{\"status\":\"")
      word(cost.status)
      sink.literal("\",\"basis\":\"")
      word(meaning.basis)
      sink.byte(UInt8(ascii: "\""))
    }
    // A sender that knows no price says 0: only beside our own price, or above it, does its figure mean something.
    if let reported = facts.reportedPicoUsd, reported > 0 || cost.status == .priced {
      amount(",\"reported_usd\":", reported)
      if cost.status == .priced {
        amount(",\"drift_usd\":", reported - cost.totalPicoUsd)
      }
    }
    sink.byte(UInt8(ascii: "}"))
  }

  /// Whose prices were used, and which: the same text for all events of a model, so it is kept.
  private mutating func prices(of cost: Cost, _ book: PriceBookName, _ place: Int) {
    let text = CostText(
      book: book, basis: meaning.basis, isPartlyFromOtherBook: cost.isPartlyFromOtherBook,
      inputMicroUsdPerMTok: cost.inputMicroUsdPerMTok,
      outputMicroUsdPerMTok: cost.outputMicroUsdPerMTok)
    let kept = place % Self.costTextsKept
    if costTexts[kept].of == text { return sink.raw(costTexts[kept].bytes) }
    let mark = sink.count
    sink.literal(",\"cost\":{\"status\":\"priced\",\"basis\":\"")
    word(text.basis)
    sink.byte(UInt8(ascii: "\""))
    sink.literal(book == .direct ? ",\"book\":\"direct\"" : ",\"book\":\"holysheep\"")
    if text.isPartlyFromOtherBook { sink.literal(",\"partly_direct\":true") }
    sink.literal(",\"price_version\":\"")
    sink.raw(priceVersion)
    sink.literal("\",\"input_per_mtok\":")
    sink.decimal(text.inputMicroUsdPerMTok, decimals: 6)
    sink.literal(",\"output_per_mtok\":")
    sink.decimal(text.outputMicroUsdPerMTok, decimals: 6)
    costTexts[kept] = unsafe (text, Array(sink.bytes[mark...]))
  }

  @inline(__always) private mutating func amount(_ key: StaticString, _ picoUsd: Int64) {
    sink.literal(key)
    sink.decimal(picoUsd, decimals: 12)
  }

  private mutating func word(_ status: CostStatus) {
    switch status {
    case .priced: sink.literal("priced")
    case .unpriced: sink.literal("unpriced")
    case .noUsage: sink.literal("no_usage")
    case .cacheHit: sink.literal("cache_hit")
    case .estimated: sink.literal("estimated")
    case .reported: sink.literal("reported")
    }
  }

  private mutating func word(_ basis: CostBasis) {
    switch basis {
    case .split: sink.literal("split")
    case .total: sink.literal("total")
    case .output: sink.literal("output")
    }
  }

  private mutating func count(_ status: CostStatus) {
    switch status {
    case .priced: counters.priced += 1
    case .unpriced: counters.unpriced += 1
    case .noUsage: counters.noUsage += 1
    case .cacheHit: counters.cacheHits += 1
    case .reported, .estimated: counters.reportedCosts += 1
    }
  }

  mutating func usage(_ facts: EventFacts) {
    guard facts.hasUsage else { return }
    let usage = facts.usage
    let mark = sink.count
    sink.literal(",\"usage\":{")
    let first = sink.count
    memberInteger("\"prompt_tokens\":", usage.promptTokens)
    memberInteger("\"completion_tokens\":", usage.completionTokens)
    memberInteger("\"total_tokens\":", usage.totalTokens)
    memberInteger("\"cached_tokens\":", Self.orNone(usage.cachedTokens))
    memberInteger("\"cache_write_tokens\":", Self.orNone(usage.cacheWriteTokens))
    memberInteger("\"cache_write_1h_tokens\":", Self.orNone(usage.cacheWrite1hTokens))
    memberInteger("\"reasoning_tokens\":", Self.orNone(usage.reasoningTokens))
    if facts.isTotalMismatched { sink.literal("\"total_mismatch\":true,") }
    sink.closeObject(openedAt: mark, firstMemberAt: first)
    integer(",\"token_count\":", usage.totalTokens)
  }

  private static func orNone(_ count: Int64) -> Int64? { count == 0 ? nil : count }
}
