/// The lines of held blocks; remembers the last one, since items of one block are asked for in a row.
package final class BlockReader {
  private let inflater: PieceInflater
  private var last: (id: UInt64, lines: [UInt8])?

  package init() throws(DeliveryError) { inflater = try PieceInflater() }

  /// - Throws: ``DeliveryError/damagedBlock(id:reason:)``.
  package func lines(of held: HeldBlock) throws(DeliveryError) -> [UInt8] {
    if let last, last.id == held.block.id { return last.lines }
    let lines = try inflater.lines(of: held.block)
    last = (held.block.id, lines)
    return lines
  }

  /// - Throws: ``DeliveryError/damagedBlock(id:reason:)``.
  package func event(_ index: Int, of held: HeldBlock) throws(DeliveryError) -> StoredEvent {
    StoredEvent(try lines(of: held)[held.range(of: index)])
  }
}
