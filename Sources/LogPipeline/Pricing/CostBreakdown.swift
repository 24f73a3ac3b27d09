/// How a cost comes about: which prices, and each product. Made of what ``PriceBooks`` multiplies itself.
package struct CostBreakdown: Equatable, Sendable {
  package let book: PriceBookName
  package let model: String
  /// Of the period of the prices, as dates; nil: no such end.
  package let from: String?
  package let until: String?
  /// What context tiers look at.
  package let wholeInputTokens: Int64
  /// The smallest input of the context tier that holds; 0: none does.
  package let tierFromInputTokens: Int64
  /// "standard", "flex", "priority", "batch" or "off-peak".
  package let kind: String
  /// Thousandths of the listed rates that the region costs; the lines' rates have it in them.
  package let regionPermille: Int64
  /// Those with tokens.
  package let lines: [BilledLine]
  /// More tokens were said to be cached than there were.
  package let isRemainderClamped: Bool
}
