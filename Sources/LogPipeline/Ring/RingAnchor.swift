/// A place between two groups, with all that the next group must match.
package struct RingAnchor: Equatable, Sendable {
  /// Logical: only grows. Physical is `dataStart + position % dataSize`.
  package var position: UInt64
  /// The number the group here has, or will have. Starts at 1; numbers never repeat.
  package var group: UInt64
  /// Of the first event here. Starts at 1.
  package var sequence: UInt64
  /// XXH3-64 of the header before; nil: not known here (after damage, at a cursor), so it is not checked.
  package var chain: UInt64?

  package init(position: UInt64, group: UInt64, sequence: UInt64, chain: UInt64?) {
    self.position = position
    self.group = group
    self.sequence = sequence
    self.chain = chain
  }

  package static let start = RingAnchor(position: 0, group: 1, sequence: 1, chain: 0)
}
