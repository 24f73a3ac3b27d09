/// Which tokens are billed at which rate.
package enum CostBasis: String, Sendable, CaseIterable {
  /// Input, cache and output tokens, each at its own rate.
  case split
  /// All tokens at the output rate.
  case total
  /// Output tokens at the output rate; input is free.
  case output
}
