import CSimdjson

/// Model, cost and usage.
extension DocumentWriter {
  /// The model under its names, then what the call cost at that model's prices.
  mutating func model(_ facts: EventFacts, _ fields: inout FrameFields, _ stamp: FrameStamp) {
    var place: Int?
    let source = modelField(fields)
    if let value = fields.value(source), value.kind == FrameFields.Kind.string,
      value.isPlainName || isShown(value, &fields)
    {
      let found = unsafe models.place(of: fields.bytes(of: value), book: book(of: facts.shape))
      let nameAt = sink.count + Self.modelKey.utf8CodeUnitCount
      unsafe models.withText(at: found, &sink) { unsafe $0.raw($1) }
      call.model = nameAt..<(nameAt + models.modelBytes(at: found))
      place = found
    }
    identifier(",\"model_raw\":", source, &fields)
    identifier(",\"model_requested\":", .modelRequested, &fields)
    if source == .modelUsed { identifier(",\"model_served\":", .modelServed, &fields) }
    cost(facts, place, stamp, serviceTier(&fields), region(&fields))
  }

  private static let modelKey: StaticString = ",\"model\":\""

  /// What documents say of a model: its name and its family.
  static func text(of match: ModelMatch) -> [UInt8] {
    let end = [UInt8(ascii: "\"")]
    let family = match.family.map { Array(",\"model_family\":\"".utf8) + $0 + end } ?? []
    return Array(modelKey.description.utf8) + match.model + end + family
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

  @inline(__always) func serviceTier(_ fields: inout FrameFields) -> ServiceTier? {
    guard let value = fields.value(.serviceTier), value.kind == FrameFields.Kind.string else {
      return nil
    }
    let name = unsafe fields.bytes(of: value)
    if unsafe name.equalsIgnoringCase("flex") { return .flex }
    if unsafe name.equalsIgnoringCase("priority") { return .priority }
    return unsafe name.equalsIgnoringCase("batch") ? .batch : nil
  }

  /// Where the provider processed the call: what the event says, else what is known of its source.
  @inline(__always) func region(_ fields: inout FrameFields) -> PriceRegion? {
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
      amount(",\"saved_cache_cost\":", savedPicoUsd)
    }
    details(of: cost, facts, place)
  }

  private mutating func details(of cost: Cost, _ facts: EventFacts, _ place: Int?) {
    let isPriced = cost.status == .priced
    if isPriced, let place { prices(of: cost, models.book(at: place), place) }
    var text = sink.begin(atMost: Self.groupBytesMax)
    if isPriced {
      text.amount(",\"input_usd\":", cost.inputPicoUsd)
      text.amount(",\"output_usd\":", cost.outputPicoUsd)
      text.amount(",\"cached_usd\":", cost.cachedPicoUsd)
      if cost.isRemainderClamped { text.literal(",\"remainder_clamped\":true") }
    } else {
      text.literal(",\"cost\":{\"status\":\"")
      Self.word(cost.status, &text)
      text.literal("\",\"basis\":\"")
      Self.word(meaning.basis, &text)
      text.byte(UInt8(ascii: "\""))
    }
    // A sender that knows no price says 0: only beside our own price, or above it, does its figure mean something.
    if let reported = facts.reportedPicoUsd, reported > 0 || isPriced {
      text.amount(",\"reported_usd\":", reported)
      if isPriced { text.amount(",\"drift_usd\":", reported - cost.totalPicoUsd) }
    }
    text.byte(UInt8(ascii: "}"))
    sink.end(text)
  }

  /// Whose prices were used, and which: the same text for all events of a model, so it is kept.
  private mutating func prices(of cost: Cost, _ book: PriceBookName, _ place: Int) {
    let text = CostText(
      book: book, basis: meaning.basis, isPartlyFromOtherBook: cost.isPartlyFromOtherBook,
      inputMicroUsdPerMTok: cost.inputMicroUsdPerMTok,
      outputMicroUsdPerMTok: cost.outputMicroUsdPerMTok)
    let kept = place % Self.costTextsKept
    if costTextsOf[kept] == text { return costTexts.write(kept, to: &sink) }
    let mark = sink.count
    var words = sink.begin(atMost: Self.groupBytesMax)
    words.literal(",\"cost\":{\"status\":\"priced\",\"basis\":\"")
    Self.word(text.basis, &words)
    words.byte(UInt8(ascii: "\""))
    words.literal(book == .direct ? ",\"book\":\"direct\"" : ",\"book\":\"holysheep\"")
    if text.isPartlyFromOtherBook { words.literal(",\"partly_direct\":true") }
    words.literal(",\"price_version\":\"")
    sink.end(words)
    sink.raw(priceVersion)
    sink.literal("\",\"input_per_mtok\":")
    sink.decimal(text.inputMicroUsdPerMTok, decimals: 6)
    sink.literal(",\"output_per_mtok\":")
    sink.decimal(text.outputMicroUsdPerMTok, decimals: 6)
    costTextsOf[kept] = unsafe costTexts.keep(Array(sink.bytes[mark...]), at: kept) ? text : nil
  }

  @inline(__always) private mutating func amount(_ key: StaticString, _ picoUsd: Int64?) {
    var text = sink.begin(atMost: Self.groupBytesMax)
    text.amount(key, picoUsd)
    sink.end(text)
  }

  @inline(__always) private static func word(_ status: CostStatus, _ text: inout SinkCursor) {
    switch status {
    case .priced: text.literal("priced")
    case .unpriced: text.literal("unpriced")
    case .noUsage: text.literal("no_usage")
    case .cacheHit: text.literal("cache_hit")
    case .estimated: text.literal("estimated")
    case .reported: text.literal("reported")
    }
  }

  @inline(__always) private static func word(_ basis: CostBasis, _ text: inout SinkCursor) {
    switch basis {
    case .split: text.literal("split")
    case .total: text.literal("total")
    case .output: text.literal("output")
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
    var text = sink.begin(atMost: Self.groupBytesMax)
    let mark = unsafe text.place
    text.literal(",\"usage\":{")
    let first = unsafe text.place
    text.memberInteger("\"prompt_tokens\":", usage.promptTokens)
    text.memberInteger("\"completion_tokens\":", usage.completionTokens)
    text.memberInteger("\"total_tokens\":", usage.totalTokens)
    text.memberInteger("\"cached_tokens\":", Self.orNone(usage.cachedTokens))
    text.memberInteger("\"cache_write_tokens\":", Self.orNone(usage.cacheWriteTokens))
    text.memberInteger("\"cache_write_1h_tokens\":", Self.orNone(usage.cacheWrite1hTokens))
    text.memberInteger("\"reasoning_tokens\":", Self.orNone(usage.reasoningTokens))
    if facts.isTotalMismatched { text.literal("\"total_mismatch\":true,") }
    unsafe text.closeObject(openedAt: mark, firstMemberAt: first)
    text.integer(",\"token_count\":", usage.totalTokens)
    sink.end(text)
  }

  private static func orNone(_ count: Int64) -> Int64? { count == 0 ? nil : count }
}
