extension PriceBooks {
  /// What an event cost, in exact integers. Pure: the same event and table always cost the same.
  ///
  /// The event's own time picks the price, not the time of arrival. `isCacheHit` means the relay's own cache, which costs
  /// nothing; `region` is where the provider processed the request, when the event says so. Where there is no amount the
  /// status is another one than `priced`; an amount that does not fit is `unpriced`, never wrapped.
  package func cost(
    _ match: ModelMatch, usage: TokenUsage, eventMilliseconds: Int64, basis: CostBasis,
    serviceTier: ServiceTier?, isCacheHit: Bool, region: PriceRegion? = nil
  ) -> Cost {
    if isCacheHit { return Cost(status: .cacheHit) }
    guard let billed = BilledTokens(usage, basis: basis) else { return Cost(status: .noUsage) }
    guard
      let (_, rates) = rates(match, billed, eventMilliseconds, serviceTier, region)
    else { return Cost(status: .unpriced) }
    return billed.cost(at: rates) ?? Cost(status: .unpriced)
  }

  /// The same, told line by line; nil where there is no price, or no usage.
  func breakdown(
    _ match: ModelMatch, usage: TokenUsage, eventMilliseconds: Int64, basis: CostBasis,
    serviceTier: ServiceTier?, region: PriceRegion?
  ) -> CostBreakdown? {
    guard let billed = BilledTokens(usage, basis: basis),
      let (period, rates) = rates(match, billed, eventMilliseconds, serviceTier, region)
    else { return nil }
    let card = period.card(wholeInputTokens: billed.wholeInput)
    let isOffPeak =
      card.own(serviceTier) == nil
      && period.offPeak?.contains(eventMilliseconds: eventMilliseconds) ?? false
    return CostBreakdown(
      book: match.book, model: String(decoding: match.model, as: UTF8.self),
      from: PriceDate.text(period.fromMilliseconds),
      until: PriceDate.text(period.untilMilliseconds),
      wholeInputTokens: billed.wholeInput, tierFromInputTokens: card.fromInputTokens,
      kind: isOffPeak
        ? "off-peak" : card.own(serviceTier) == nil ? "standard" : serviceTier?.rawValue ?? "",
      regionPermille: period.permille(region), lines: billed.lines(at: rates),
      isRemainderClamped: billed.isRemainderClamped)
  }

  /// The rates of one request, with the region's part in them, and the period they are of.
  private func rates(
    _ match: ModelMatch, _ billed: BilledTokens, _ eventMilliseconds: Int64,
    _ serviceTier: ServiceTier?, _ region: PriceRegion?
  ) -> (PricePeriod, Rates)? {
    guard let row = match.row,
      let period = rows[row].periods.first(where: { $0.contains(eventMilliseconds) })
    else { return nil }
    var rates = period.rates(
      wholeInputTokens: billed.wholeInput, tier: serviceTier, eventMilliseconds: eventMilliseconds)
    let permille = period.permille(region)
    if permille != 1000 { rates.scale(permille: permille) }
    return (period, rates)
  }

  /// The prices of a row around a moment, if one card is all there is to them; nil where size or hour makes a difference,
  /// and where there is no price.
  func plainPrice(row: Int, eventMilliseconds: Int64) -> PlainPrice? {
    guard let period = rows[row].periods.first(where: { $0.contains(eventMilliseconds) }),
      period.cards.count == 1, period.offPeak == nil
    else { return nil }
    return PlainPrice(
      fromMilliseconds: period.fromMilliseconds, untilMilliseconds: period.untilMilliseconds,
      card: period.cards[0])
  }
}
