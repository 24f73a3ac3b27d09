/// What a model costs over a span of time, where neither the size of a request nor its hour makes a difference.
struct PlainPrice {
  let fromMilliseconds: Int64
  /// The first that does not belong to it.
  let untilMilliseconds: Int64
  let card: RateCard

  /// Of no moment: nothing is known yet.
  static let never = PlainPrice(
    fromMilliseconds: .max, untilMilliseconds: .min,
    card: RateCard(
      fromInputTokens: 0,
      standard: Rates(
        input: 0, output: 0, cached: 0, cacheWrite: 0, cacheWrite1h: 0, reasoning: 0)))

  func contains(_ milliseconds: Int64) -> Bool {
    fromMilliseconds <= milliseconds && milliseconds < untilMilliseconds
  }
}
