/// Who has been delivered what: a window of blocks from one consumer's cursor on. Pure: no I/O, no clock.
///
/// Blocks are settled item by item in any order. The cursor is the start of the first block not wholly settled, and a
/// block's counts go to the durable record only when the cursor passes it: after a crash the record is exact, and
/// blocks in the window are sent again whole.
package struct DeliveryTracker {
  struct Entry {
    let firstSequence: UInt64
    let itemCount: UInt64
    let groupPosition: UInt64
    let group: UInt64
    let writtenMilliseconds: UInt64
    /// nil: a gap, events that are not readable any more.
    let place: BlockPlace?
    var isLeased = false
    var delivered: UInt32 = 0
    var duplicate: UInt32 = 0
    var deadLettered: UInt32 = 0
    var quarantined: UInt64 = 0
    /// One bit an item, made with the first settlement.
    var settledBits: [UInt64] = []

    var settled: UInt64 {
      UInt64(delivered) + UInt64(duplicate) + UInt64(deadLettered) + quarantined
    }
    var isSettled: Bool { settled == itemCount }
    func isSettled(_ index: Int) -> Bool {
      !settledBits.isEmpty && settledBits[index >> 6] >> UInt64(index & 63) & 1 == 1
    }
  }

  /// Durable form: the cursor and what lies behind it.
  package private(set) var record: ConsumerRecord
  private var entries: [Entry] = []
  private var first = 0
  private var itemsInWindow = 0
  /// Where the reader stands: the cursor when the window is empty.
  private var loadedTo: RingAnchor
  private var windowDelivered: UInt64 = 0
  private var windowDuplicate: UInt64 = 0
  private var windowDeadLettered: UInt64 = 0
  private var windowQuarantined: UInt64 = 0

  package init(record: ConsumerRecord) {
    self.record = record
    loadedTo = RingAnchor(
      position: record.position, group: record.group, sequence: record.sequence, chain: nil)
  }

  /// Whether more may be loaded.
  package var hasRoom: Bool {
    entries.count - first < RingLayout.windowBlocksMax
      && itemsInWindow < RingLayout.windowItemsMax
  }

  package var blocksInWindow: Int { entries.count - first }

  /// Of the oldest block that is not wholly settled, or nil when the window is empty.
  package var oldestWrittenMilliseconds: UInt64? {
    first < entries.count ? entries[first].writtenMilliseconds : nil
  }

  /// All that came to an end, behind the cursor and in the window.
  package var counts: ConsumerRecord {
    var counts = record
    counts.delivered += windowDelivered
    counts.duplicate += windowDuplicate
    counts.deadLettered += windowDeadLettered
    counts.quarantined += windowQuarantined
    return counts
  }

  /// The blocks of the next group; those behind the cursor are left out.
  mutating func load(_ group: GroupHeader, _ blocks: [BlockPlace]) {
    for block in blocks where block.firstSequence >= record.sequence {
      append(
        Entry(
          firstSequence: block.firstSequence, itemCount: UInt64(block.row.itemCount),
          groupPosition: group.position, group: group.group,
          writtenMilliseconds: group.writtenMilliseconds, place: block))
      itemsInWindow += Int(block.row.itemCount)
    }
    reached(group.end)
  }

  /// Accepted events that can not be read any more, between two places of the log.
  package mutating func loadGap(from start: RingAnchor, to end: RingAnchor, events: UInt64) {
    if events > 0 {
      var gap = Entry(
        firstSequence: start.sequence, itemCount: events, groupPosition: start.position,
        group: start.group, writtenMilliseconds: 0, place: nil)
      gap.quarantined = events
      windowQuarantined += events
      append(gap)
    }
    reached(end)
  }

  /// The reader went past something without events.
  package mutating func reached(_ anchor: RingAnchor) {
    loadedTo = anchor
    advance()
  }

  /// The oldest blocks that nobody holds; at least one if any waits, more while both limits hold.
  mutating func lease(rawBytesMax: Int, itemsMax: Int) -> [LeasedBlock] {
    var leased: [LeasedBlock] = []
    var rawBytes = 0
    var items = 0
    for index in first..<entries.count {
      let entry = entries[index]
      guard let place = entry.place, !entry.isLeased, !entry.isSettled else { continue }
      rawBytes += Int(place.row.rawLengthBytes)
      items += Int(place.row.itemCount)
      if !leased.isEmpty, rawBytes > rawBytesMax || items > itemsMax { break }
      entries[index].isLeased = true
      let settled =
        entry.settledBits.isEmpty ? nil : (0..<Int(entry.itemCount)).map(entry.isSettled)
      leased.append(LeasedBlock(place: place, settled: settled))
    }
    return leased
  }

  /// Counts each item once: one that was settled before stays as it was.
  package mutating func settle(_ settlement: Settlement) {
    guard let index = index(of: settlement.block) else { return }
    if entries[index].settledBits.isEmpty {
      entries[index].settledBits = [UInt64](
        repeating: 0, count: (Int(entries[index].itemCount) + 63) / 64)
    }
    for item in settlement.items {
      invariant(
        item.index >= 0 && UInt64(item.index) < entries[index].itemCount,
        "a settled item is one of its block's")
      if entries[index].isSettled(item.index) { continue }
      entries[index].settledBits[item.index >> 6] |= 1 << UInt64(item.index & 63)
      switch item.outcome {
      case .delivered:
        entries[index].delivered += 1
        windowDelivered += 1
      case .duplicate:
        entries[index].duplicate += 1
        windowDuplicate += 1
      case .deadLettered:
        entries[index].deadLettered += 1
        windowDeadLettered += 1
      }
    }
    advance()
  }

  /// Gives blocks back: what is not settled in them is leased again.
  package mutating func release(_ blocks: [UInt64]) {
    for block in blocks {
      if let index = index(of: block) { entries[index].isLeased = false }
    }
  }

  /// The block can not be read: its unsettled events are lost, and counted.
  /// - Returns: how many.
  package mutating func quarantine(_ block: UInt64) -> UInt64 {
    guard let index = index(of: block) else { return 0 }
    let lost = entries[index].itemCount - entries[index].settled
    entries[index].quarantined += lost
    windowQuarantined += lost
    advance()
    return lost
  }

  private mutating func append(_ entry: Entry) {
    invariant(
      first == entries.count || entries[entries.count - 1].firstSequence < entry.firstSequence,
      "blocks are loaded in the order of their sequences")
    entries.append(entry)
  }

  /// By halving: sequences ascend. nil: behind the cursor already, or never loaded.
  private func index(of block: UInt64) -> Int? {
    var (low, high) = (first, entries.count)
    while low < high {
      let middle = (low + high) / 2
      if entries[middle].firstSequence < block { low = middle + 1 } else { high = middle }
    }
    return low < entries.count && entries[low].firstSequence == block ? low : nil
  }

  private mutating func advance() {
    while first < entries.count, entries[first].isSettled {
      let entry = entries[first]
      record.delivered += UInt64(entry.delivered)
      record.duplicate += UInt64(entry.duplicate)
      record.deadLettered += UInt64(entry.deadLettered)
      record.quarantined += entry.quarantined
      windowDelivered -= UInt64(entry.delivered)
      windowDuplicate -= UInt64(entry.duplicate)
      windowDeadLettered -= UInt64(entry.deadLettered)
      windowQuarantined -= entry.quarantined
      if entry.place != nil { itemsInWindow -= Int(entry.itemCount) }
      first += 1
    }
    if first == entries.count {
      entries.removeAll(keepingCapacity: true)
      first = 0
      moveCursor(position: loadedTo.position, group: loadedTo.group, sequence: loadedTo.sequence)
    } else {
      let entry = entries[first]
      if first >= 256 {
        entries.removeFirst(first)
        first = 0
      }
      moveCursor(
        position: entry.groupPosition, group: entry.group, sequence: entry.firstSequence)
    }
  }

  private mutating func moveCursor(position: UInt64, group: UInt64, sequence: UInt64) {
    invariant(
      position >= record.position && sequence >= record.sequence && group >= record.group,
      "a cursor never goes back")
    (record.position, record.group, record.sequence) = (position, group, sequence)
  }
}
