/// One product of a cost: tokens of one kind at their rate.
package struct BilledLine: Equatable, Sendable {
  /// "input", "cached", "write 5m", "write 1h", "output", "reasoning".
  package let kind: String
  package let tokens: Int64
  package let microUsdPerMTok: Int64
  /// "listed", "borrowed" from the book that the row's falls back to, or "derived" from another rate.
  package let origin: String

  /// The product, exact; nil beyond Int64.
  package var picoUsd: Int64? {
    let (product, overflows) = tokens.multipliedReportingOverflow(by: microUsdPerMTok)
    return overflows ? nil : product
  }
}
