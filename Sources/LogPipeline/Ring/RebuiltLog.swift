/// The log as its headers alone tell it, when no superblock does: from the tail that the newest of them names up to that
/// one. It is shown the good headers in the order of the file. Pure.
///
/// Not each of them belongs to the log. What an earlier life wrote behind its end gives itself away by its opening, and
/// what was written again further on, or cut off, by its sequences: they start over.
struct RebuiltLog {
  private struct Place {
    let position: UInt64
    let endSequence: UInt64
  }

  /// Only what waited for one commit, a few MiB, can have been written again.
  private static let placesMax = 8192

  private(set) var tail: RingAnchor?
  /// The first group that was not known durable when the newest was written.
  private(set) var hint: RingAnchor?
  private(set) var burns: [BurnedRange] = []
  /// Groups of copies.
  private(set) var copies: [GroupHeader] = []
  private let newest: GroupHeader
  private var openNumber: UInt32 = 0
  private var nextSequence: UInt64 = 0
  /// The latest, oldest first.
  private var places: [Place] = []

  init(newest: GroupHeader) { self.newest = newest }

  mutating func see(_ header: GroupHeader) {
    guard header.position >= newest.tailPosition, header.position <= newest.position,
      header.group >= newest.tailGroup, header.group <= newest.group,
      header.openNumber >= openNumber
    else { return }
    if header.flags.contains(.burn) || header.firstSequence < nextSequence { takeBack(to: header) }
    openNumber = header.openNumber
    nextSequence = header.firstSequence + UInt64(header.eventCount)
    if tail == nil { tail = header.start }
    if hint == nil, header.group > newest.durableGroup { hint = header.start }
    if header.flags.contains(.relocated) { copies.append(header) }
    if places.count == Self.placesMax { places.removeFirst(Self.placesMax / 2) }
    places.append(
      Place(position: header.position, endSequence: nextSequence))
  }

  /// What lies before this header and has its sequences, or later ones, is no part of the log.
  private mutating func takeBack(to header: GroupHeader) {
    let first = places.first { $0.endSequence > header.firstSequence }
    let from = header.flags.contains(.burn) ? header.burnFrom : first?.position ?? 0
    guard let start = tail, from > start.position else {
      (tail, hint, burns, copies, places) = (nil, nil, [], [], [])
      return
    }
    places.removeAll { $0.position >= from }
    copies.removeAll { $0.position >= from }
    if let known = hint, known.position >= from { hint = nil }
    // Of a SKIP and the group behind it, which say the same, the group is left.
    burns.removeAll { $0.fromPosition >= from }
    burns.append(
      BurnedRange(fromPosition: from, toPosition: header.position, toGroup: header.group))
  }
}
