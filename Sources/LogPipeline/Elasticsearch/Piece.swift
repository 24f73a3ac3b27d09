/// Items of one block on their way, with what has happened to them so far.
package struct Piece {
  package let held: HeldBlock
  /// Ascending indices into the block's item table; never empty.
  package var items: [Int]
  /// How often they were sent and not settled.
  package var attempts = 0
  /// An attempt of ours may have been stored although no answer said so: a 409 may be our own doing.
  package var isUnclear = false
  /// A 409 after an unclear attempt was seen; the next one is believed.
  package var isConfirming = false
  /// How often a request with this one item was refused whole.
  package var refusedAlone = 0
  /// Its index took nothing at the last try.
  package var isParked = false

  package init(held: HeldBlock, items: [Int]) {
    self.held = held
    self.items = items
  }

  /// Of its first item: of pieces with one item, the item's.
  package var day: Int32 { held.block.items[items[0]].day }

  package var isWholeBlock: Bool { items.count == held.block.items.count }

  /// Bytes of lines, before compression.
  package var rawBytes: Int {
    isWholeBlock
      ? held.block.rawLengthBytes
      : items.reduce(0) { $0 + Int(held.block.items[$1].rawLengthBytes) }
  }

  package func with(items: [Int]) -> Piece {
    var copy = self
    copy.items = items
    return copy
  }
}
