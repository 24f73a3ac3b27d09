/// Which events of a ring somebody still waits for, as the next opening would see it.
struct WaitingEvents {
  private let cursors: [UInt64]
  private let voids: [VoidedCopies]

  init(_ superblock: Superblock, end: RingAnchor) {
    cursors = superblock.consumers.map(\.sequence)
    // Copies made since the last opening: the next one will make those void whose originals it delivers again.
    let isMoved = end.relocated > superblock.relocatedAtOpen && cursors[0] < end.sequence
    voids =
      superblock.voids
      + (isMoved
        ? [VoidedCopies(cursorSequence: cursors[0], headSequence: end.sequence)] : [])
  }

  /// `origin`: what it is a copy of; nil: it is none. Copies are given to the first consumer alone.
  func holds(_ sequence: UInt64, origin: UInt64?, for consumer: Int = 0) -> Bool {
    guard sequence >= cursors[consumer] else { return false }
    guard let origin else { return true }
    return consumer == 0 && !VoidedCopies.isVoid(copy: sequence, of: origin, after: voids)
  }

  /// How many of these wait. `origins` is empty when they are no copies, or it is not known any more.
  func count(_ sequences: Range<UInt64>, origins: [UInt64], for consumer: Int = 0) -> UInt64 {
    guard !origins.isEmpty else {
      let from = max(sequences.lowerBound, cursors[consumer])
      return sequences.upperBound > from ? sequences.upperBound - from : 0
    }
    return zip(sequences, origins).reduce(0) {
      $0 + (holds($1.0, origin: $1.1, for: consumer) ? 1 : 0)
    }
  }

  /// How many lay between two places that can not be read; never too few.
  func lost(from start: RingAnchor, to end: RingAnchor) -> UInt64 {
    var start = start
    if start.sequence < cursors[0] { start.sequence = min(cursors[0], end.sequence) }
    let all = end.sequence > start.sequence ? end.sequence - start.sequence : 0
    return voids.contains { $0.headSequence > start.sequence } ? end.accepted(since: start) : all
  }
}
