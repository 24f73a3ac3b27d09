/// Fills blocks with ready bulk lines: one per intake thread, never shared between threads.
///
/// Tickets ascend by one with each block from 1, so an intake can tell which of its events are durable.
package final class BlockBuilder {
  private let intake: Int
  private var bytes: [UInt8] = []
  private var items: [BlockItem] = []
  /// What the last full block took: the next one starts with as much room and does not grow step by step.
  private var expectedBytes = 16 << 10
  private var expectedItems = 32

  /// Full blocks, oldest first. The intake takes them out and offers them to its ``BlockSink``.
  package var sealed: [RawBlock] = []
  /// The ticket the open block carries, or the next one will.
  package private(set) var openTicket: UInt64 = 1
  /// The ticket of the block that holds the newest appended event; 0 before the first.
  package private(set) var lastTicketWithItems: UInt64 = 0

  package init(intake: Int) { self.intake = intake }

  package var openItemCount: Int { items.count }

  /// Adds one event's action line and document, both with their line ends.
  ///
  /// Seals the open block first when it would pass ``RawBlock/rawBytesMax``; a larger event gets a block of its own.
  package func append(actionAndDocument: UnsafeRawBufferPointer, item: BlockItem) {
    if !items.isEmpty, bytes.count + actionAndDocument.count > RawBlock.rawBytesMax { seal() }
    if items.isEmpty {
      bytes.reserveCapacity(expectedBytes)
      items.reserveCapacity(expectedItems)
    }
    unsafe bytes.append(contentsOf: actionAndDocument)
    items.append(item)
    lastTicketWithItems = openTicket
  }

  /// Moves the open block, if it has events, to ``sealed``.
  ///
  /// - Parameter sourceOffsetBytes: where the source stood after the last event, for sources that are read again.
  package func seal(sourceOffsetBytes: UInt64? = nil) {
    guard !items.isEmpty else { return }
    expectedBytes = min(bytes.count + 4096, RawBlock.rawBytesMax)
    expectedItems = items.count + 8
    sealed.append(
      RawBlock(
        bytes: bytes, items: items, intake: intake, ticket: openTicket,
        sourceOffsetBytes: sourceOffsetBytes))
    bytes = []
    items = []
    openTicket += 1
  }
}
