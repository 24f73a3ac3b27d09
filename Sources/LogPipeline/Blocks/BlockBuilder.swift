/// Fills blocks with ready bulk lines: one per intake thread, never shared between threads.
///
/// Tickets ascend by one with each block from 1, so an intake can tell which of its events are durable.
package final class BlockBuilder {
  private let intake: Int
  /// One value, so that an event is added under one check of exclusive access.
  private struct OpenBlock {
    var bytes: [UInt8] = []
    var items: [BlockItem] = []

    mutating func append(_ lines: UnsafeRawBufferPointer, _ item: BlockItem) {
      unsafe bytes.append(contentsOf: lines)
      items.append(item)
    }
  }
  private var open = OpenBlock()
  /// What the last full block took: the next one starts with as much room and does not grow step by step.
  private var expectedBytes = 16 << 10
  private var expectedItems = 32

  /// Full blocks, oldest first. The intake takes them out and offers them to its ``BlockSink``.
  package var sealed: [RawBlock] = []
  /// The ticket the open block carries, or the next one will.
  package private(set) var openTicket: UInt64 = 1
  /// The ticket of the block that holds the newest appended event; 0 before the first.
  package private(set) var lastTicketWithItems: UInt64 = 0

  private let buffers: BlockBuffers?

  /// `buffers`: where the memory of blocks comes back to.
  package init(intake: Int, buffers: BlockBuffers? = nil) {
    self.intake = intake
    self.buffers = buffers
  }

  package var openItemCount: Int { open.items.count }

  /// Adds one event's action line and document, both with their line ends.
  ///
  /// Seals the open block first when it would pass ``RawBlock/rawBytesMax``; a larger event gets a block of its own.
  package func append(actionAndDocument: UnsafeRawBufferPointer, item: BlockItem) {
    let heldBytes = open.bytes.count
    if heldBytes > 0, heldBytes + actionAndDocument.count > RawBlock.rawBytesMax { seal() }
    if open.items.isEmpty {
      if expectedBytes > BlockBuffers.bytesMin, let spare = buffers?.take() {
        // One that is a little too small grows once, and is large enough for ever.
        open.bytes = spare
      } else {
        open.bytes.reserveCapacity(expectedBytes)
      }
      open.items.reserveCapacity(expectedItems)
    }
    unsafe open.append(actionAndDocument, item)
    lastTicketWithItems = openTicket
  }

  /// Moves the open block, if it has events, to ``sealed``.
  ///
  /// - Parameter sourceOffsetBytes: where the source stood after the last event, for sources that are read again.
  package func seal(sourceOffsetBytes: UInt64? = nil) {
    guard !open.items.isEmpty else { return }
    expectedBytes = min(open.bytes.count + 4096, RawBlock.rawBytesMax)
    expectedItems = open.items.count + 8
    sealed.append(
      RawBlock(
        bytes: open.bytes, items: open.items, intake: intake, ticket: openTicket,
        sourceOffsetBytes: sourceOffsetBytes))
    open = OpenBlock()
    openTicket += 1
  }
}
