/// Whose prices an event is billed at.
package enum PriceBookName: String, Sendable, CaseIterable {
  /// The providers' list prices.
  case direct
  /// The relay's own prices and model names; what it does not publish comes from `direct`.
  case holysheep
}
