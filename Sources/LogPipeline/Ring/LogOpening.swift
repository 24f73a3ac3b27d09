/// Where an opening of the ring began to write: groups from there to the next opening's place are its own.
///
/// Else a disk that loses a write could show, in its place, what an earlier life had written there and never
/// committed: of the same number, behind the same group, whole.
package struct LogOpening: Equatable, Sendable {
  package static let bytes = 16
  package let number: UInt32
  package let position: UInt64

  package init(number: UInt32, position: UInt64) {
    self.number = number
    self.position = position
  }

  /// Whether a group at this place can be of that opening; of places before the oldest one known, all earlier ones.
  package static func allow(
    _ openNumber: UInt32, at position: UInt64, by openings: [LogOpening]
  ) -> Bool {
    if let known = openings.last(where: { $0.position <= position }) {
      return known.number == openNumber
    }
    return openNumber < openings.first?.number ?? .max
  }

  /// Of the log that now ends at `end`, where a new opening begins.
  package static func adding(
    _ number: UInt32, at end: UInt64, to openings: [LogOpening]
  ) -> [LogOpening] {
    let kept = openings.filter { $0.position < end }
    return kept.suffix(RingLayout.openingsMax - 1) + [LogOpening(number: number, position: end)]
  }

  /// Without those whose groups all lie before the tail.
  package static func pruned(_ openings: [LogOpening], tail: UInt64) -> [LogOpening] {
    let first = openings.lastIndex { $0.position <= tail } ?? 0
    return Array(openings[first...])
  }
}
