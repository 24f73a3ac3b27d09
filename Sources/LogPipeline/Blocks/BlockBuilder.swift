/// Fills blocks with ready bulk lines: one per intake thread, never shared between threads.
///
/// Tickets ascend by one with each block from 1, so an intake can tell which of its events are durable.
package final class BlockBuilder {
  private let intake: Int
  /// All that an event changes: one value, so that it is added under one check of exclusive access.
  private struct OpenBlock {
    var bytes: [UInt8] = []
    var items: [BlockItem] = []
    var ticket: UInt64 = 1
    var lastTicketWithItems: UInt64 = 0
    /// What the last full block took: the next one starts with as much room and does not grow step by step.
    var expectedBytes = 16 << 10
    var expectedItems = 32

    /// False: nothing was added, the block is full or has not begun.
    mutating func append(_ lines: UnsafeRawBufferPointer, _ item: BlockItem) -> Bool {
      guard !items.isEmpty, bytes.count + lines.count <= RawBlock.rawBytesMax else { return false }
      unsafe add(lines, item)
      return true
    }

    /// Its first event. Memory that came back and is a little too small grows once, and is large enough for ever.
    mutating func begin(_ lines: UnsafeRawBufferPointer, _ item: BlockItem) {
      if bytes.capacity == 0 { bytes.reserveCapacity(expectedBytes) }
      items.reserveCapacity(expectedItems)
      unsafe add(lines, item)
    }

    private mutating func add(_ lines: UnsafeRawBufferPointer, _ item: BlockItem) {
      unsafe bytes.append(contentsOf: lines)
      items.append(item)
      lastTicketWithItems = ticket
    }
  }
  private var open = OpenBlock()

  /// Full blocks, oldest first. The intake takes them out and offers them to its ``BlockSink``.
  package var sealed: [RawBlock] = []
  /// The ticket the open block carries, or the next one will.
  package var openTicket: UInt64 { open.ticket }
  /// The ticket of the block that holds the newest appended event; 0 before the first.
  package var lastTicketWithItems: UInt64 { open.lastTicketWithItems }

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
    if unsafe open.append(actionAndDocument, item) { return }
    seal()
    if open.expectedBytes > BlockBuffers.bytesMin, let spare = buffers?.take() {
      open.bytes = spare
    }
    unsafe open.begin(actionAndDocument, item)
  }

  /// Moves the open block, if it has events, to ``sealed``.
  ///
  /// - Parameter sourceOffsetBytes: where the source stood after the last event, for sources that are read again.
  package func seal(sourceOffsetBytes: UInt64? = nil) {
    guard !open.items.isEmpty else { return }
    let full = open
    open = OpenBlock()
    open.ticket = full.ticket + 1
    open.lastTicketWithItems = full.lastTicketWithItems
    open.expectedBytes = min(full.bytes.count + 4096, RawBlock.rawBytesMax)
    open.expectedItems = full.items.count + 8
    sealed.append(
      RawBlock(
        bytes: full.bytes, items: full.items, intake: intake, ticket: full.ticket,
        sourceOffsetBytes: sourceOffsetBytes))
  }
}
