/// A durable block as a consumer needs it to read it: where it lies, and what it must look like.
package struct BlockPlace: Sendable {
  /// The sequence of its first item; names the block too.
  package let firstSequence: UInt64
  /// In the file.
  package let storedOffset: UInt64
  package let itemsOffset: UInt64
  package let row: BlockRow

  package init(firstSequence: UInt64, storedOffset: UInt64, itemsOffset: UInt64, row: BlockRow) {
    self.firstSequence = firstSequence
    self.storedOffset = storedOffset
    self.itemsOffset = itemsOffset
    self.row = row
  }
}
