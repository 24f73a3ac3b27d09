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
  private var settledEntries = 0
  /// When so many are there, those that are settled are put together.
  private var compactAt = Self.compactAtLeast
  private static let compactAtLeast = 384
  /// Of wholly settled blocks; gaps not counted, as in `itemsInWindow`.
  private var settledItems = 0
  /// No block before this one waits, but for those that rest, of which the first has rested at `restEnds`.
  private var waitingFrom = 0
  private var restEnds = MonotonicTime.distantFuture
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
    !isFull && entries.count - max(first, waitingFrom) < RingLayout.readAheadBlocksMax
  }

  private var isFull: Bool {
    blocksInWindow >= RingLayout.windowBlocksMax || itemsInWindow >= RingLayout.windowItemsMax
  }

  /// Blocks that are settled and stand in a row behind one that is not count once.
  package var blocksInWindow: Int { entries.count - first }

  /// Of the oldest block that is not wholly settled, or nil when the window is empty.
  package var oldestWrittenMilliseconds: UInt64? {
    first < entries.count ? entries[first].writtenMilliseconds : nil
  }

  /// All that came to an end, behind the cursor and in the window.
  package var counts: ConsumerRecord { record.adding(window) }

  /// Held by the window: some 240 bytes for each block that is open or read ahead, and for those between, settled, together.
  package var memoryBytes: Int {
    entries.reduce((entries.capacity - entries.count) * MemoryLayout<TrackedBlock>.stride) {
      $0 + $1.memoryBytes
    }
  }

  // MARK: what the reader finds

  /// The blocks of the next group; those behind the cursor are left out. `voids`: copies that count for nothing.
  /// `restsUntil`: they are not leased before.
  package mutating func load(
    _ group: GroupHeader, _ blocks: [BlockPlace], origins: [UInt64] = [],
    voids: [VoidedCopies] = [], restsUntil: MonotonicTime? = nil, now: MonotonicTime
  ) {
    for block in blocks where block.firstSequence >= record.sequence {
      var entry = TrackedBlock(
        firstSequence: block.firstSequence, itemCount: UInt64(block.row.itemCount),
        group: group.start, writtenMilliseconds: group.writtenMilliseconds, place: block,
        isCopy: group.flags.contains(.relocated), loadedAt: now, restsUntil: restsUntil)
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
    if restEnds <= now { lookFromTheStart() }
    var index = max(first, waitingFrom)
    while index < entries.count {
      defer { index += 1 }
      guard entries[index].isWaiting, let place = entries[index].place else { continue }
      if let rest = entries[index].restsUntil, rest > now {
        restEnds = min(restEnds, rest)
        continue
      }
      rawBytes += Int(place.row.rawLengthBytes)
      items += Int(place.row.itemCount)
      if !leased.isEmpty, rawBytes > rawBytesMax || items > itemsMax {
        waitingFrom = index
        return leased
      }
      entries[index].leasedAt = now
      leased.append(
        LeasedBlock(
          place: place, settled: entries[index].closedItems,
          isCopy: entries[index].isCopy))
    }
    waitingFrom = index
    return leased
  }

  private mutating func lookFromTheStart() {
    waitingFrom = first
    restEnds = .distantFuture
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
      guard let index = index(of: block) else { continue }
      entries[index].leasedAt = nil
      waitingFrom = min(waitingFrom, index)
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
      noteSettled(entries[index])
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

  // MARK: resting and moving

  /// What is open of a block can not be delivered for now: it is not leased before this moment, given back or not.
  mutating func rest(_ block: UInt64, until end: MonotonicTime) {
    if let index = index(of: block) { entries[index].restsUntil = end }
  }

  /// Whatever rests has rested.
  mutating func recall() {
    for index in first..<entries.count { entries[index].restsUntil = nil }
    lookFromTheStart()
  }

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
    if isAny { lookFromTheStart() }
    return isAny
  }

  /// The blocks at the cursor that others have passed: they rest, or have been held since before `limit`, while much
  /// behind them is settled already. At most `count`.
  package func holdingUp(
    since limit: MonotonicTime, count: Int, now: MonotonicTime
  ) -> [UInt64] {
    guard first < entries.count, isCrowded else { return [] }
    var found: [UInt64] = []
    for entry in entries[first...] where !entry.isSettled {
      guard entry.isOpen, entry.isMovable(at: now),
        entry.leasedAt.map({ $0 <= limit }) ?? entry.isResting(at: now)
      else { break }
      found.append(entry.firstSequence)
      if found.count == count { break }
    }
    return found
  }

  /// Twice as much is settled as is open, so that copying what is open never costs more than half of what passes; or
  /// the window is full.
  private var isCrowded: Bool {
    func isMuch(_ settled: Int, _ open: Int, least: Int, most: Int) -> Bool {
      settled >= max(least, min(2 * open, most))
    }
    return isFull
      || isMuch(
        settledBlocks, blocksInWindow - settledEntries, least: MoveDesk.passedBlocksMin,
        most: RingLayout.windowBlocksMax / 2)
      || isMuch(
        settledItems, itemsInWindow - settledItems, least: MoveDesk.passedItemsMin,
        most: RingLayout.windowItemsMax / 2)
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
    if entry.isSettled { noteSettled(entry) }
    if blocksInWindow >= compactAt { compact() }
  }

  private mutating func didSettle(_ index: Int) {
    guard entries[index].isSettled else { return }
    noteSettled(entries[index])
    entries[index].forgetBits()
    advance()
  }

  private mutating func didMove(_ index: Int) {
    if entries[index].isSettled { noteSettled(entries[index]) }
    entries[index].forgetBits()
  }

  private mutating func noteSettled(_ entry: TrackedBlock) {
    settledBlocks += 1
    settledEntries += 1
    if entry.place != nil { settledItems += Int(entry.itemCount) }
  }

  /// One entry for settled blocks in a row: what one stuck block holds up takes no memory.
  private mutating func compact() {
    var last = first
    for index in entries.indices where index > first {
      if entries[last].canAbsorb(entries[index]) {
        entries[last].absorb(entries[index])
        settledEntries -= 1
      } else {
        last += 1
        if last < index { entries[last] = entries[index] }
      }
    }
    entries.removeSubrange((last + 1)...)
    lookFromTheStart()
    compactAt = max(Self.compactAtLeast, 2 * blocksInWindow)
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
      if entries[first].place != nil {
        itemsInWindow -= Int(entries[first].itemCount)
        settledItems -= Int(entries[first].itemCount)
      }
      settledBlocks -= entries[first].blockCount
      settledEntries -= 1
      first += 1
    }
    if first == entries.count {
      entries.removeAll(keepingCapacity: true)
      first = 0
      lookFromTheStart()
      moveCursor(to: loadedTo)
    } else {
      if first >= 256 {
        entries.removeFirst(first)
        waitingFrom = max(0, waitingFrom - first)
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
