/// What is to be moved on, and what limits it: state of the ring's relocation and repacking. Pure.
package struct MoveDesk {
  /// A copy made because something held it up is left alone so long before it is copied again.
  static let restAfterMove = Duration.seconds(60)
  /// A block at the cursor that is held so long while others pass is moved on.
  static let cursorHeldMax = Duration.seconds(60)
  /// A block at the cursor is passed by others once so many blocks, or events, behind it are settled.
  static let passedBlocksMin = 512
  static let passedItemsMin = 131_072
  /// So many blocks at the cursor are moved on at once.
  static let movedAtOnce = 16
  /// How long what was set aside is not leased again, unless it is called for.
  package static let restOfFailing = Duration.seconds(60)
  package static let restOfParked = Duration.seconds(600)
  /// Groups are worth repacking while they are smaller than this on average.
  static let repackGroupBytes: UInt64 = 64 << 10

  struct Request: Sendable {
    let block: UInt64
    let items: [Int]
    /// The copy's rest.
    let restsUntil: MonotonicTime
  }
  /// Copies that are written and not loaded yet, by their first sequence, ascending: until when they rest.
  private var rests: [(firstSequence: UInt64, until: MonotonicTime)] = []
  /// Asked for, not written yet.
  private(set) var requests: [Request] = []
  /// Groups of relocated events still in the ring, oldest first.
  private var relocated: [(position: UInt64, endPosition: UInt64)] = []
  private(set) var isRepacking = false
  /// No event is on its way.
  var isIdle = true
  /// Dropped and not told of yet.
  var dropped: UInt64 = 0
  var lastDropTold: MonotonicTime?

  mutating func ask(_ block: UInt64, _ items: [Int], restsUntil: MonotonicTime) {
    requests.append(Request(block: block, items: items, restsUntil: restsUntil))
  }

  /// A group of copies was written.
  mutating func wroteCopies(from firstSequence: UInt64, restUntil: MonotonicTime) {
    rests.append((firstSequence, restUntil))
  }

  /// A group is loaded. - Returns: until when what it holds rests.
  mutating func takeRest(from firstSequence: UInt64) -> MonotonicTime? {
    guard let known = rests.first, known.firstSequence <= firstSequence else { return nil }
    let found = rests.last { $0.firstSequence == firstSequence }?.until
    rests.removeAll { $0.firstSequence <= firstSequence }
    return found
  }

  /// Nothing rests any more.
  mutating func recall() { rests = [] }

  mutating func takeRequests() -> [Request] {
    defer { requests = [] }
    return requests
  }

  /// The reader, or the writer, came to a group.
  mutating func found(_ header: GroupHeader) {
    guard header.flags.contains(.relocated), !header.flags.contains(.repacked),
      header.position >= relocated.last?.endPosition ?? 0
    else { return }
    relocated.append((header.position, header.end.position))
  }

  /// What relocated groups from the tail on take up.
  mutating func relocatedBytes(tail: UInt64) -> UInt64 {
    relocated.removeAll { $0.endPosition <= tail }
    return relocated.reduce(0) { $0 + $1.endPosition - $1.position }
  }

  /// At low rates each event takes a page: worth copying together when the ring fills, until groups are large.
  ///
  /// Starts at three quarters, not at half, and only when it frees as much as is free yet: each turn copies all that is
  /// packed already, so turns are made rare.
  mutating func shouldRepack(usedBytes: UInt64, groups: UInt64, capacityBytes: UInt64) -> Bool {
    guard groups > 0, usedBytes / groups < Self.repackGroupBytes else {
      isRepacking = false
      return false
    }
    let freeBytes = capacityBytes - min(usedBytes, capacityBytes)
    if usedBytes > capacityBytes / 4 * 3, groups * UInt64(RingLayout.pageBytes) >= freeBytes {
      isRepacking = true
    }
    if usedBytes < capacityBytes / 2 { isRepacking = false }
    return isRepacking
  }
}
