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
    guard let row = match.row,
      let period = rows[row].periods.first(where: { $0.contains(eventMilliseconds) })
    else { return Cost(status: .unpriced) }
    var rates = period.rates(
      wholeInputTokens: billed.wholeInput, tier: serviceTier, eventMilliseconds: eventMilliseconds)
    let permille = period.permille(region)
    if permille != 1000 { rates.scale(permille: permille) }
    return billed.cost(at: rates) ?? Cost(status: .unpriced)
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
