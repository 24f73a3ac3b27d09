/// A model's prices over a span of time.
struct PricePeriod: Equatable, Sendable {
  /// Milliseconds since 1970, UTC; the first that belongs to it.
  var fromMilliseconds: Int64
  /// The first that does not.
  var untilMilliseconds: Int64
  /// At least one, by rising `fromInputTokens`, the first from 0.
  var cards: [RateCard]
  var offPeak: OffPeakHours?
  /// Thousandths of the rate that processing in a region costs; 1000 where nothing is added.
  var euPermille: Int64 = 1000
  var usPermille: Int64 = 1000

  func contains(_ milliseconds: Int64) -> Bool {
    fromMilliseconds <= milliseconds && milliseconds < untilMilliseconds
  }

  func permille(_ region: PriceRegion?) -> Int64 {
    switch region {
    case nil: 1000
    case .eu: euPermille
    case .us: usPermille
    }
  }

  /// The card of a request's size.
  func card(wholeInputTokens: Int64) -> RateCard {
    var found = cards[0]
    for card in cards.dropFirst() where wholeInputTokens >= card.fromInputTokens { found = card }
    return found
  }

  /// The rates of one request.
  func rates(
    wholeInputTokens: Int64, tier: ServiceTier?, eventMilliseconds: Int64
  ) -> Rates {
    let found = card(wholeInputTokens: wholeInputTokens)
    // A service tier without rates of its own pays the standard ones, and those are cheaper then.
    if found.own(tier) == nil, let offPeak, offPeak.contains(eventMilliseconds: eventMilliseconds) {
      return offPeak.rates
    }
    return found.rates(tier)
  }
}
