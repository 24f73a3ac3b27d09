/// The log as its headers alone tell it, when no superblock does: from the tail that the newest of them names up to that
/// one. It is shown the good headers in the order of the file. Pure.
///
/// Not each of them belongs to the log. What an earlier life wrote behind its end gives itself away by its opening and by
/// the chain, and what was written again further on, or cut off, by its sequences: they start over.
struct RebuiltLog {
  private struct Place {
    let position: UInt64
    let firstSequence: UInt64
    let end: RingAnchor
  }

  /// Only what waited for one commit, a few MiB, can have been written again.
  private static let placesMax = 8192

  private(set) var tail: RingAnchor?
  /// The first group that was not known durable when the newest was written.
  private(set) var hint: RingAnchor?
  /// What was written again further on, with what the log loses by it: a later header may show that the second attempt
  /// did not come to be.
  private struct TakenBack {
    let range: BurnedRange
    let places: [Place]
    let copies: [GroupHeader]
    let tail: RingAnchor?
    let hint: RingAnchor?
  }
  private var takenBack: [TakenBack] = []
  /// Where lives began to write, as far as it shows.
  private(set) var openings: [LogOpening] = []
  /// Groups of copies.
  private(set) var copies: [GroupHeader] = []
  private let newest: GroupHeader
  private var openNumber: UInt32 = 0
  private var nextSequence: UInt64 = 0
  /// The latest, oldest first.
  private var places: [Place] = []

  init(newest: GroupHeader) { self.newest = newest }

  /// Of what lies behind the hint the opening itself finds the end; what it cuts off must not be jumped over later.
  var burns: [BurnedRange] {
    takenBack.map(\.range).filter {
      $0.fromPosition < hint?.position ?? 0 && $0.toPosition > tail?.position ?? 0
    }
  }

  mutating func see(_ header: GroupHeader) {
    guard header.position >= newest.tailPosition, header.position <= newest.position,
      header.group >= newest.tailGroup, header.group <= newest.group,
      header.openNumber >= openNumber
    else { return }
    if header.openNumber > openNumber, !places.isEmpty { begin(header) }
    if header.flags.contains(.burn) || header.firstSequence < nextSequence { takeBack(to: header) }
    openNumber = header.openNumber
    nextSequence = header.firstSequence + UInt64(header.eventCount)
    if tail == nil { tail = header.start }
    if hint == nil, header.group > newest.durableGroup {
      // From where its commit failed on the opening looks for itself which attempt counts.
      let before = header.flags.contains(.burn) ? places.last?.end : nil
      hint = before?.position == header.burnFrom ? before : header.start
    }
    if header.flags.contains(.relocated) { copies.append(header) }
    if places.count == Self.placesMax { places.removeFirst(Self.placesMax / 2) }
    places.append(
      Place(
        position: header.position, firstSequence: header.firstSequence, end: header.end))
  }

  /// A later life than that of the groups before, which went on behind them. If the last of them is not the one that this
  /// header names, or reaches over it, or has its sequences, it was never accepted: in its place was a group of this life,
  /// which is lost. So at least one number lies between those that are kept and this header's. And what an opening jumped
  /// over counts as copies do: whose events would have been accepted nevertheless is none of the log either.
  private mutating func begin(_ header: GroupHeader) {
    let isBurn = header.flags.contains(.burn)
    var position = isBurn ? header.burnFrom : header.position
    // Of the first attempts, which are the first of its life, nothing was seen: what lies in their place is not its.
    if isBurn { forget(from: position) }
    if let last = places.last?.end {
      let isBehind =
        last.position == position && (isBurn || last.chain == header.previousChain)
      let isOther = !isBehind && last.position >= position
      let isLeftover = isOther && last.sequence <= header.firstSequence
      let leftover = places.firstIndex {
        !isBehind && $0.end.group >= header.group
          || $0.end.sequence > header.firstSequence
            && (isBurn || $0.firstSequence < header.firstSequence)
          || $0.end.sequence <= header.firstSequence
            && $0.end.sequence + header.relocatedTotal > header.firstSequence + $0.end.relocated
      }
      if let first = leftover ?? (isLeftover ? places.count - 1 : nil) {
        position = places[first].position
        forget(from: position)
        nextSequence = places.last?.end.sequence ?? 0
      }
    }
    openings = LogOpening.adding(header.openNumber, at: position, to: openings)
  }

  /// What lies before this header and has its sequences, or later ones, is no part of the log.
  private mutating func takeBack(to header: GroupHeader) {
    let first = places.first { $0.end.sequence > header.firstSequence }
    let from = header.flags.contains(.burn) ? header.burnFrom : first?.position ?? 0
    undo(from: from) { $0.toPosition > from }
    // Of a SKIP and the group behind it, which say the same, the group is left.
    let range = BurnedRange(fromPosition: from, toPosition: header.position, toGroup: header.group)
    takenBack.append(
      TakenBack(
        range: range, places: places.filter { $0.position >= from },
        copies: copies.filter { $0.position >= from },
        tail: tail.flatMap { $0.position >= from ? $0 : nil },
        hint: hint.flatMap { $0.position >= from ? $0 : nil }))
    drop(from: from)
  }

  /// The log went on from here, so of what was written again no second attempt behind it came to be: the first ones count,
  /// as far as they lie before it.
  private mutating func forget(from position: UInt64) {
    undo(from: position) { $0.toPosition >= position }
    drop(from: position)
  }

  private mutating func undo(from position: UInt64, where isUndone: (BurnedRange) -> Bool) {
    while let last = takenBack.last, isUndone(last.range) {
      takenBack.removeLast()
      drop(from: last.range.fromPosition)
      places += last.places.filter { $0.position < position }
      copies += last.copies.filter { $0.position < position }
      if tail == nil, let known = last.tail, known.position < position { tail = known }
      if hint == nil, let known = last.hint, known.position < position { hint = known }
    }
  }

  private mutating func drop(from position: UInt64) {
    places.removeAll { $0.position >= position }
    copies.removeAll { $0.position >= position }
    if let known = hint, known.position >= position { hint = nil }
    if let known = tail, known.position >= position { tail = nil }
  }
}
