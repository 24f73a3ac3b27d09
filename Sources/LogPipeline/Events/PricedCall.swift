/// What the price of an event was asked for with.
struct PricedCall {
  /// As the event names its model; nil: it names none that may be shown.
  let rawModel: [UInt8]?
  let askedBook: PriceBookName
  let match: ModelMatch?
  let usage: TokenUsage
  let hasUsage: Bool
  let time: EventTime
  let basis: CostBasis
  let serviceTier: ServiceTier?
  let region: PriceRegion?
}
