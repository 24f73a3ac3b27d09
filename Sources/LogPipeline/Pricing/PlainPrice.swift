/// What a model costs over a span of time, where neither the size of a request nor its hour makes a difference.
struct PlainPrice {
  let fromMilliseconds: Int64
  /// The first that does not belong to it.
  let untilMilliseconds: Int64
  let card: RateCard

  func contains(_ milliseconds: Int64) -> Bool {
    fromMilliseconds <= milliseconds && milliseconds < untilMilliseconds
  }
}
