/// Outcomes of items of one leased block.
package struct Settlement: Sendable {
  package struct Item: Sendable {
    /// Index in the block's item table.
    package let index: Int
    package let outcome: ItemOutcome
    package init(index: Int, outcome: ItemOutcome) {
      self.index = index
      self.outcome = outcome
    }
  }
  /// ``StoredBlock/id``.
  package let block: UInt64
  package let items: [Item]
  package init(block: UInt64, items: [Item]) {
    self.block = block
    self.items = items
  }

  /// Every item of the block came to the same end.
  package static func whole(_ block: StoredBlock, _ outcome: ItemOutcome) -> Settlement {
    Settlement(
      block: block.id,
      items: block.items.indices.compactMap {
        block.settled?[$0] == true ? nil : Item(index: $0, outcome: outcome)
      })
  }
}
