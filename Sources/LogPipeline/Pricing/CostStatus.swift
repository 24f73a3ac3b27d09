/// How much a cost can be trusted, and why there is none.
package enum CostStatus: String, Sendable, CaseIterable {
  case priced
  /// The model has no price at the event's time, or the amount does not fit: no cost, which is not a cost of 0.
  case unpriced
  /// The event says nothing of the tokens that the basis needs.
  case noUsage = "no_usage"
  /// Answered from the relay's cache: 0.
  case cacheHit = "cache_hit"
  case estimated
  /// The sender's own figure.
  case reported
}
