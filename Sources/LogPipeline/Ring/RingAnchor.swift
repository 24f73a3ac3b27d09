/// A place between two groups, with all that the next group must match.
package struct RingAnchor: Equatable, Sendable {
  /// Logical: only grows. Physical is `dataStart + position % dataSize`.
  package var position: UInt64
  /// The number the group here has, or will have. Starts at 1; numbers never repeat.
  package var group: UInt64
  /// Of the first event here. Starts at 1.
  package var sequence: UInt64
  /// Of all events before it, how many are copies of others further back: relocated, so not accepted anew.
  package var relocated: UInt64
  /// XXH3-64 of the header before; nil: not known here (after damage, at a cursor), so it is not checked.
  package var chain: UInt64?

  package init(
    position: UInt64, group: UInt64, sequence: UInt64, relocated: UInt64 = 0, chain: UInt64?
  ) {
    self.position = position
    self.group = group
    self.sequence = sequence
    self.relocated = relocated
    self.chain = chain
  }

  /// Events accepted between an earlier place and this one; sequences also count copies.
  package func accepted(since earlier: RingAnchor) -> UInt64 {
    let sequences = sequence > earlier.sequence ? sequence - earlier.sequence : 0
    let copies = relocated > earlier.relocated ? relocated - earlier.relocated : 0
    return sequences > copies ? sequences - copies : 0
  }

  package static let start = RingAnchor(position: 0, group: 1, sequence: 1, chain: 0)
}
