/// Fills blocks with ready bulk lines: one per intake thread, never shared between threads.
///
/// Tickets ascend by one with each block from 1, so an intake can tell which of its events are durable.
package final class BlockBuilder {
  /// Nobody else may look at the builder while this is handed on.
  var filling: BlockFilling

  /// Full blocks, oldest first. The intake takes them out and offers them to its ``BlockSink``.
  package var sealed: [RawBlock] {
    get { filling.sealed }
    set { filling.sealed = newValue }
  }
  /// The ticket the open block carries, or the next one will.
  package var openTicket: UInt64 { filling.ticket }
  /// The ticket of the block that holds the newest appended event; 0 before the first.
  package var lastTicketWithItems: UInt64 { filling.lastTicketWithItems }

  /// `buffers`: where the memory of blocks comes back to.
  package init(intake: Int, buffers: BlockBuffers? = nil) {
    filling = BlockFilling(intake: intake, buffers: buffers)
  }

  package var openItemCount: Int { filling.openItemCount }

  /// Adds one event's action line and document, both with their line ends.
  ///
  /// Seals the open block first when it would pass ``RawBlock/rawBytesMax``; a larger event gets a block of its own.
  package func append(actionAndDocument: UnsafeRawBufferPointer, item: BlockItem) {
    unsafe filling.append(actionAndDocument, item)
  }

  /// Moves the open block, if it has events, to ``sealed``.
  ///
  /// - Parameter sourceOffsetBytes: where the source stood after the last event, for sources that are read again.
  package func seal(sourceOffsetBytes: UInt64? = nil) {
    filling.seal(sourceOffsetBytes: sourceOffsetBytes)
  }
}
