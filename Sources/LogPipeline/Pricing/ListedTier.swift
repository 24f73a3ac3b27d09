/// The prices of requests over a size, as listed.
struct ListedTier {
  let fromInputTokens: Int64
  private let rates: ListedRates
  private let serviceTiers: ListedServiceTiers

  init(_ json: JsonValue) throws(ListingProblem) {
    guard json["when"]?.string == "input_tokens", json["scope"]?.string == "whole_request",
      let threshold = json["threshold"]?.integer, threshold > 0, threshold < 1 << 53
    else { throw ListingProblem("a tier is not about input_tokens of the whole_request") }
    switch json["op"]?.string {
    case ">": fromInputTokens = threshold + 1
    case ">=": fromInputTokens = threshold
    default: throw ListingProblem("a tier's op is neither > nor >=")
    }
    rates = try ListedRates(json)
    serviceTiers = try ListedServiceTiers(json["service_tiers"])
  }

  func completed(isBorrowed: Bool) throws(ListingProblem) -> RateCard {
    var card = RateCard(fromInputTokens: fromInputTokens, standard: try rates.completed())
    if isBorrowed { card.standard.borrowed = .all }
    try serviceTiers.complete(&card, standard: rates, areBorrowed: isBorrowed)
    return card
  }
}
