/// The rates of a request from a certain size on; they hold for all of its tokens.
struct RateCard: Equatable, Sendable {
  /// The smallest whole input, cached tokens included, that this card prices; 0 in a period's first card.
  var fromInputTokens: Int64
  var standard: Rates
  /// `nil`: that service tier has no rates of its own here and pays the standard ones.
  var flex: Rates?
  var priority: Rates?
  var batch: Rates?

  func rates(_ tier: ServiceTier?) -> Rates { own(tier) ?? standard }

  /// What a service tier pays here other than the standard rates.
  func own(_ tier: ServiceTier?) -> Rates? {
    switch tier {
    case nil: nil
    case .flex: flex
    case .priority: priority
    case .batch: batch
    }
  }
}
