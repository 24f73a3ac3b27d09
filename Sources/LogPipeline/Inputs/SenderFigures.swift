/// What came from one address, or over one connection.
package struct SenderFigures: Equatable, Sendable {
  /// "203.0.113.7", or with a port.
  package let name: String
  /// Open now.
  package var connections: UInt64 = 0
  package var bytes: UInt64 = 0
  /// Lines that became events, and that did not.
  package var taken: UInt64 = 0
  package var refused: UInt64 = 0

  package init(_ name: String) { self.name = name }

  mutating func add(_ other: SenderFigures) {
    connections += other.connections
    bytes += other.bytes
    taken += other.taken
    refused += other.refused
  }

  /// The larger ones, largest first.
  static func top(
    _ all: some Sequence<SenderFigures>, _ countMax: Int = shownMax
  ) -> [SenderFigures] {
    Array(all.sorted { ($0.bytes, $1.name) > ($1.bytes, $0.name) }.prefix(countMax))
  }

  /// Those of several intakes by name, the larger ones.
  static func merged(_ lists: [[SenderFigures]]) -> [SenderFigures] {
    var all: [String: SenderFigures] = [:]
    for figures in lists.joined() {
      all[figures.name, default: SenderFigures(figures.name)].add(figures)
    }
    return top(all.values)
  }

  /// So many are shown; all others are in the sums alone.
  package static let shownMax = 10
  /// So many of each intake are put together with those of others, so that who sends much over several is not missed.
  static let keptMax = 100
}
