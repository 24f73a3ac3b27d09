/// A stretch of the log whose commit failed: readers go from its start straight to its end.
package struct BurnedRange: Equatable, Sendable {
  package static let bytes = 24
  package let fromPosition: UInt64
  package let toPosition: UInt64
  /// The number of the group at `toPosition`.
  package let toGroup: UInt64

  package init(fromPosition: UInt64, toPosition: UInt64, toGroup: UInt64) {
    self.fromPosition = fromPosition
    self.toPosition = toPosition
    self.toGroup = toGroup
  }
}

extension [BurnedRange] {
  /// What a reader that comes to a place passes over. It may come into the midst of it: an opening moves a cursor to the
  /// tail, which can lie there.
  package func holding(_ position: UInt64) -> BurnedRange? {
    first { $0.fromPosition <= position && position < $0.toPosition }
  }
}
