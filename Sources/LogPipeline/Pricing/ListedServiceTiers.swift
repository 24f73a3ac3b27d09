/// The rates of the service tiers, as listed, inside a row or inside a tier.
struct ListedServiceTiers {
  private var rates: [ServiceTier: ListedRates] = [:]

  init(_ json: JsonValue?) throws(ListingProblem) {
    for (name, value) in json?.members ?? [] {
      guard let tier = ServiceTier(rawValue: name) else {
        throw ListingProblem("service tier \(name) is not known")
      }
      rates[tier] = try ListedRates(value)
    }
  }

  var isEmpty: Bool { rates.isEmpty }

  /// Puts the tiers that are listed into a card.
  func complete(
    _ card: inout RateCard, standard: ListedRates, areBorrowed: Bool
  ) throws(ListingProblem) {
    for (tier, listed) in rates {
      var complete = try listed.completed(asTierOf: standard)
      if areBorrowed { complete.borrowed = .all }
      switch tier {
      case .flex: card.flex = complete
      case .priority: card.priority = complete
      case .batch: card.batch = complete
      }
    }
  }
}
