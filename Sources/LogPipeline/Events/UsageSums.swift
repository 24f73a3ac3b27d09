/// What some calls came to.
package struct UsageSums: Equatable, Sendable {
  package var calls: UInt64 = 0
  package var errors: UInt64 = 0
  package var tokens: UInt64 = 0
  /// In 1e-12 USD.
  package var costPicoUsd: Int64 = 0
  /// Calls of models without a price: no part of the cost.
  package var unpriced: UInt64 = 0
  /// Calls that carried a latency, and the sum of those.
  package var timed: UInt64 = 0
  package var latencyMs: Double = 0

  package init() {}

  package mutating func add(_ other: UsageSums) {
    calls &+= other.calls
    errors &+= other.errors
    tokens &+= other.tokens
    costPicoUsd &+= other.costPicoUsd
    unpriced &+= other.unpriced
    timed &+= other.timed
    latencyMs += other.latencyMs
  }

  package var meanLatencyMs: Double? { timed == 0 ? nil : latencyMs / Double(timed) }
}
