/// Where the log goes on behind damage: chosen among the good headers found there, in the order of their positions.
///
/// Not every good header will do. Groups whose commit failed lie there too, written again further on. They give
/// themselves away: numbers and sequences only grow along the log.
struct ResumePoint {
  /// A group that is written again lies behind all that waited for the commit that failed: at most so far behind them.
  static let reachBytes = UInt64(4 * RingLayout.blockBytesMax)

  private(set) var header: GroupHeader?
  /// Where the first of those lies that gave themselves away.
  private(set) var voidFrom: UInt64?

  /// No header further on can change the choice.
  func isSettled(at position: UInt64) -> Bool {
    header.map { position > $0.position + Self.reachBytes } ?? false
  }

  mutating func see(_ found: GroupHeader) {
    guard let known = header else {
      header = found
      return
    }
    let isBurned =
      found.flags.contains(.burn) && found.burnFrom <= known.position
      || found.firstSequence < known.end.sequence
    guard found.group > known.group, isBurned else { return }
    if voidFrom == nil { voidFrom = known.position }
    header = found
  }
}
