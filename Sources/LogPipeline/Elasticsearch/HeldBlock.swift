/// A leased block and which of its items are still owed. Belongs to one sender, on its thread.
package final class HeldBlock {
  package let block: StoredBlock
  /// Items neither settled in an earlier lease nor in this one.
  package private(set) var owedCount: Int
  /// What is stored of it did not inflate to its lines once: its lines are read, checked and compressed again.
  package var mustBeRebuilt = false
  private var isSettled: [Bool]
  private let starts: [Int]

  package init(_ block: StoredBlock) {
    self.block = block
    isSettled = block.settled ?? [Bool](repeating: false, count: block.items.count)
    owedCount = isSettled.count { !$0 }
    var start = 0
    starts = block.items.map { item in
      defer { start += Int(item.rawLengthBytes) }
      return start
    }
    invariant(
      start == block.rawLengthBytes && isSettled.count == block.items.count,
      "the item table of block \(block.id) does not add up to its length")
  }

  package var owedItems: [Int] { isSettled.indices.filter { !isSettled[$0] } }

  package func markSettled(_ index: Int) {
    invariant(!isSettled[index], "item \(index) of block \(block.id) was settled twice")
    isSettled[index] = true
    owedCount -= 1
  }

  /// Where an item's lines are among those of the block.
  package func range(of index: Int) -> Range<Int> {
    starts[index]..<starts[index] + Int(block.items[index].rawLengthBytes)
  }
}
