/// Items of one block on their way, with what has happened to them so far.
struct Piece {
  let held: HeldBlock
  /// Ascending indices into the block's item table; never empty.
  var items: [Int]
  /// How often they were sent and not settled.
  var attempts = 0
  /// An attempt of ours may have been stored although no answer said so: a 409 may be our own doing.
  var isUnclear = false
  /// A 409 after an unclear attempt was seen; the next one is believed.
  var isConfirming = false

  var isWholeBlock: Bool { items.count == held.block.items.count }

  /// Bytes of lines, before compression.
  var rawBytes: Int {
    isWholeBlock
      ? held.block.rawLengthBytes
      : items.reduce(0) { $0 + Int(held.block.items[$1].rawLengthBytes) }
  }

  func with(items: [Int]) -> Piece {
    var copy = self
    copy.items = items
    return copy
  }
}
