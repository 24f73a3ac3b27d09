/// What an event cost. Amounts are exact integers in 1e-12 USD, rates in micro-dollars per million tokens,
/// so that tokens times rate is an amount without rounding.
package struct Cost: Equatable, Sendable {
  package var status: CostStatus
  /// `inputPicoUsd + outputPicoUsd + cachedPicoUsd`. 0, and no cost at all, when the status is `unpriced` or `noUsage`.
  package var totalPicoUsd: Int64 = 0
  /// Input that was not read from a cache, and cache writes.
  package var inputPicoUsd: Int64 = 0
  /// Output with its reasoning.
  package var outputPicoUsd: Int64 = 0
  /// Input read from the provider's cache.
  package var cachedPicoUsd: Int64 = 0
  /// The rates used; 0 unless the status is `priced`.
  package var inputMicroUsdPerMTok: Int64 = 0
  package var outputMicroUsdPerMTok: Int64 = 0
  /// More tokens were said to be cached than there were: the rest was taken as 0.
  package var isRemainderClamped = false
  /// A rate that the match's book does not publish came from the book it falls back to.
  package var isPartlyFromOtherBook = false

  package init(status: CostStatus) { self.status = status }
}
