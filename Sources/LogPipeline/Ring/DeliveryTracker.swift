/// Who has been delivered what: a window of blocks from one consumer's cursor on. Pure: no I/O, no clock.
///
/// Blocks are settled item by item in any order. The cursor is the start of the first block not wholly settled, and a
/// block's counts go to the durable record only when the cursor passes it: after a crash the record is exact, and
/// blocks in the window are sent again whole.
package struct DeliveryTracker {
  /// Durable form: the cursor and what lies behind it.
  package private(set) var record: ConsumerRecord
  private var entries: [TrackedBlock] = []
  private var first = 0
  private var itemsInWindow = 0
  private var settledBlocks = 0
  /// Where the reader stands: the cursor when the window is empty.
  private var loadedTo: RingAnchor
  /// What came to an end in the window.
  private var window = ConsumerRecord(name: "")

  package init(record: ConsumerRecord) {
    self.record = record
    loadedTo = record.anchor
  }

  /// Whether more may be loaded.
  package var hasRoom: Bool {
    blocksInWindow < RingLayout.windowBlocksMax && itemsInWindow < RingLayout.windowItemsMax
  }

  package var blocksInWindow: Int { entries.count - first }

  /// Of the oldest block that is not wholly settled, or nil when the window is empty.
  package var oldestWrittenMilliseconds: UInt64? {
    first < entries.count ? entries[first].writtenMilliseconds : nil
  }

  /// All that came to an end, behind the cursor and in the window.
  package var counts: ConsumerRecord { record.adding(window) }

  /// Held by the window; bounded by ``RingLayout/windowBlocksMax`` and ``RingLayout/windowItemsMax``.
  package var memoryBytes: Int {
    entries.reduce((entries.capacity - entries.count) * MemoryLayout<TrackedBlock>.stride) {
      $0 + $1.memoryBytes
    }
  }

  // MARK: what the reader finds

  /// The blocks of the next group; those behind the cursor are left out. `voids`: copies that count for nothing.
  package mutating func load(
    _ group: GroupHeader, _ blocks: [BlockPlace], origins: [UInt64] = [],
    voids: [VoidedCopies] = [], now: MonotonicTime
  ) {
    for block in blocks where block.firstSequence >= record.sequence {
      var entry = TrackedBlock(
        firstSequence: block.firstSequence, itemCount: UInt64(block.row.itemCount),
        group: group.start, writtenMilliseconds: group.writtenMilliseconds, place: block,
        isCopy: group.flags.contains(.relocated), loadedAt: now)
      if !origins.isEmpty, !voids.isEmpty {
        let start = Int(block.firstSequence - group.firstSequence)
        for index in 0..<Int(block.row.itemCount)
        where VoidedCopies.isVoid(
          copy: block.firstSequence + UInt64(index), of: origins[start + index], after: voids)
        {
          entry.void(index)
        }
      }
      append(entry)
      itemsInWindow += Int(block.row.itemCount)
    }
    reached(group.end)
  }

  /// Accepted events that can not be read any more, between two places of the log.
  package mutating func loadGap(
    from start: RingAnchor, to end: RingAnchor, events: UInt64, now: MonotonicTime
  ) {
    if events > 0 {
      var gap = TrackedBlock(
        firstSequence: start.sequence, itemCount: events, group: start, writtenMilliseconds: 0,
        place: nil, isCopy: false, loadedAt: now)
      gap.quarantined = events
      window.quarantined += events
      append(gap)
    }
    reached(end)
  }

  /// The reader went past something without events.
  package mutating func reached(_ anchor: RingAnchor) {
    loadedTo = anchor
    advance()
  }

  // MARK: what consumers ask and answer

  /// The oldest blocks that nobody holds; at least one if any waits, more while both limits hold.
  package mutating func lease(rawBytesMax: Int, itemsMax: Int, now: MonotonicTime) -> [LeasedBlock]
  {
    var leased: [LeasedBlock] = []
    var rawBytes = 0
    var items = 0
    for index in first..<entries.count where entries[index].isWaiting {
      guard let place = entries[index].place else { continue }
      rawBytes += Int(place.row.rawLengthBytes)
      items += Int(place.row.itemCount)
      if !leased.isEmpty, rawBytes > rawBytesMax || items > itemsMax { break }
      entries[index].leasedAt = now
      leased.append(
        LeasedBlock(
          place: place, settled: entries[index].closedItems,
          isMovable: entries[index].isMovable(at: now), isCopy: entries[index].isCopy))
    }
    return leased
  }

  /// Counts each item once: one that was settled before stays as it was.
  package mutating func settle(_ settlement: Settlement) {
    guard let index = index(of: settlement.block), !entries[index].isSettled else { return }
    let new = entries[index].settle(settlement.items)
    window.delivered += UInt64(new.delivered)
    window.duplicate += UInt64(new.duplicate)
    window.deadLettered += UInt64(new.deadLettered)
    didSettle(index)
  }

  /// Gives blocks back: what is not settled in them is leased again.
  package mutating func release(_ blocks: [UInt64]) {
    for block in blocks {
      if let index = index(of: block) { entries[index].leasedAt = nil }
    }
  }

  /// The block can not be read: its unsettled events are lost, and counted.
  /// - Returns: how many.
  package mutating func quarantine(_ block: UInt64) -> UInt64 {
    guard let index = index(of: block), !entries[index].isSettled else { return 0 }
    // What is being moved was read whole before.
    let lost = entries[index].itemCount - entries[index].settled - UInt64(entries[index].moving)
    entries[index].quarantineRest()
    window.quarantined += lost
    didSettle(index)
    return lost
  }

  /// Gives up what is not settled of all blocks whose group lies before `end`.
  /// - Returns: how many events; nil: some are being moved, try again after the commit.
  mutating func drop(before end: UInt64) -> UInt64? {
    let reach = entries[first...].prefix { $0.groupPosition < end }
    guard reach.allSatisfy({ $0.moving == 0 }) else { return nil }
    var dropped: UInt64 = 0
    for index in reach.indices where !entries[index].isSettled {
      let lost = entries[index].itemCount - entries[index].settled
      entries[index].dropped += UInt32(lost)
      window.dropped += lost
      dropped += lost
      settledBlocks += 1
      entries[index].forgetBits()
    }
    advance()
    return dropped
  }

  /// Copies were lost, and whether they still counted is not known: see ``quarantine(unaccounted:)``.
  mutating func markUncertain() { record.flags |= ConsumerRecord.flagUncertain }
  var isUncertain: Bool { record.flags & ConsumerRecord.flagUncertain != 0 }

  /// What the sum lacks once all other events have come to their end.
  mutating func quarantine(unaccounted events: UInt64) {
    record.quarantined += events
    record.flags &= ~ConsumerRecord.flagUncertain
  }

  // MARK: moving

  /// What is open of a block (of these items, or of all) and may be copied. It is not leased again before
  /// ``finishMoves(_:)`` or ``cancelMoves()``.
  package mutating func startMoving(_ block: UInt64, _ items: [Int]? = nil) -> [Int] {
    guard let index = index(of: block), entries[index].place != nil else { return [] }
    let wanted = items ?? Array(0..<Int(entries[index].itemCount))
    return wanted.filter {
      $0 >= 0 && $0 < Int(entries[index].itemCount) && entries[index].startMoving($0)
    }
  }

  /// The copies of these events, by sequence, are durable and take over.
  package mutating func finishMoves(_ origins: [UInt64]) {
    var at: Int?
    for origin in origins {
      let known = at.map { entries[$0] }
      if let known, origin >= known.firstSequence, origin < known.firstSequence + known.itemCount {
      } else {
        if let at { didMove(at) }
        at = index(holding: origin)
      }
      if let at { entries[at].passOn(Int(origin - entries[at].firstSequence)) }
    }
    if let at { didMove(at) }
    advance()
  }

  /// No copy will come: what was to be moved waits again where it is.
  /// - Returns: whether anything was.
  mutating func cancelMoves() -> Bool {
    var isAny = false
    for index in first..<entries.count where entries[index].moving > 0 {
      entries[index].stopMoving()
      entries[index].leasedAt = nil
      isAny = true
    }
    return isAny
  }

  /// The block at the cursor, if it has been held since before `limit` while at least half a window behind it was
  /// settled: others pass, it does not.
  package func holdsUp(since limit: MonotonicTime) -> UInt64? {
    guard first < entries.count, let leasedAt = entries[first].leasedAt, leasedAt <= limit,
      entries[first].isOpen, settledBlocks * 2 >= RingLayout.windowBlocksMax || isHalfSettled
    else { return nil }
    return entries[first].firstSequence
  }

  private var isHalfSettled: Bool {
    guard itemsInWindow * 2 >= RingLayout.windowItemsMax else { return false }
    let settled = entries[first...].reduce(0) { $0 + ($1.isSettled ? $1.itemCount : 0) }
    return settled * 2 >= RingLayout.windowItemsMax
  }

  /// Blocks with open events, oldest first.
  var openBlocks: LazyFilterSequence<ArraySlice<TrackedBlock>> {
    entries[first...].lazy.filter { $0.place != nil && $0.isOpen }
  }

  func block(_ block: UInt64) -> TrackedBlock? { index(of: block).map { entries[$0] } }

  // MARK: the cursor

  private mutating func append(_ entry: TrackedBlock) {
    invariant(
      first == entries.count || entries[entries.count - 1].firstSequence < entry.firstSequence,
      "blocks are loaded in the order of their sequences")
    entries.append(entry)
    if entry.isSettled { settledBlocks += 1 }
  }

  private mutating func didSettle(_ index: Int) {
    guard entries[index].isSettled else { return }
    settledBlocks += 1
    entries[index].forgetBits()
    advance()
  }

  private mutating func didMove(_ index: Int) {
    if entries[index].isSettled { settledBlocks += 1 }
    entries[index].forgetBits()
  }

  /// By halving: sequences ascend. nil: behind the cursor already, or never loaded.
  private func index(of block: UInt64) -> Int? {
    index(holding: block).flatMap { entries[$0].firstSequence == block ? $0 : nil }
  }

  private func index(holding sequence: UInt64) -> Int? {
    var (low, high) = (first, entries.count)
    while low < high {
      let middle = (low + high) / 2
      if entries[middle].firstSequence <= sequence { low = middle + 1 } else { high = middle }
    }
    guard low > first else { return nil }
    return sequence < entries[low - 1].end ? low - 1 : nil
  }

  private mutating func advance() {
    while first < entries.count, entries[first].isSettled {
      record.add(entries[first], sign: 1)
      window.add(entries[first], sign: -1)
      if entries[first].place != nil { itemsInWindow -= Int(entries[first].itemCount) }
      settledBlocks -= 1
      first += 1
    }
    if first == entries.count {
      entries.removeAll(keepingCapacity: true)
      first = 0
      moveCursor(to: loadedTo)
    } else {
      if first >= 256 {
        entries.removeFirst(first)
        first = 0
      }
      moveCursor(to: entries[first].cursor)
    }
  }

  private mutating func moveCursor(to anchor: RingAnchor) {
    invariant(
      anchor.position >= record.position && anchor.sequence >= record.sequence
        && anchor.group >= record.group && anchor.relocated >= record.relocated,
      "a cursor never goes back")
    if anchor.sequence > record.sequence { record.flags &= ~ConsumerRecord.flagDisplaced }
    record.position = anchor.position
    record.group = anchor.group
    record.sequence = anchor.sequence
    record.relocated = anchor.relocated
  }
}
