/// Blocks leased from a source: the duty to settle or give back each of them.
///
/// Dropping one without `finish` is our bug, so it stops the agent.
package struct InFlightBatch: ~Copyable {
  package let blocks: [StoredBlock]
  private var isFinished = false

  package init(blocks: [StoredBlock]) { self.blocks = blocks }

  /// All blocks are settled, or given back (shutdown, an answer that can not be read): nothing is owed any more.
  package consuming func finish() { isFinished = true }

  deinit {
    invariant(
      isFinished, "a leased batch from block \(blocks.first?.id ?? 0) was dropped unsettled")
  }
}
