/// Replay's bounded window in memory between the reader and those who deliver: no ring, since the file is the durable log.
///
/// Blocks are compressed on the reader's thread, leased oldest first, settled in any order; a file's settled
/// mark moves over the blocks that are wholly settled, never over one that is not.
package final class ReplayWindow: BlockSource {
  /// Several senders with 5 MB bodies each, and the next ones in the making.
  private static let blocksMax = 256
  private static let storedBytesMax = 8 << 20
  private static let rawCodecBelowBytes = 16 << 10

  private let state = WaitableState(State())

  package init() {}

  /// Waits for room and takes a block; false when the window was aborted.
  ///
  /// `file` says which file of the run it is from (they come one after the other), `firstSequence` is that of its first
  /// event, counted in its file from 1, and `mark` a place whose events are all in this block and those before it.
  package func put(
    _ block: RawBlock, file: Int, stream: StreamId, firstSequence: UInt64, mark: ReplayMark,
    with deflater: borrowing PieceDeflater
  ) -> Bool {
    let codec: BlockCodec = block.bytes.count < Self.rawCodecBelowBytes ? .raw : .deflate
    let stored = codec == .raw ? block.bytes : deflater.piece(block.bytes)
    let crc = Deflater.crc32(block.bytes)
    return state.wait { state -> Bool? in
      if state.isAborted { return false }
      guard
        state.entries.isEmpty
          || state.entries.count < Self.blocksMax
            && state.storedBytes + stored.count <= Self.storedBytesMax
      else { return nil }
      let storedBlock = StoredBlock(
        id: state.nextId, firstSequence: firstSequence, codec: codec, stored: stored,
        rawLengthBytes: block.bytes.count, rawCrc32: crc, items: block.items)
      state.append(Entry(file: file, mark: mark, stream: stream, block: storedBlock))
      return true
    } ?? false
  }

  /// Notes how far a file was read where that is no block's end: stretches without events, and the file's end.
  package func note(_ mark: ReplayMark, file: Int, isFileEnd: Bool) {
    state.change { state in
      if !isFileEnd, let last = state.entries.last, last.block == nil, last.file == file,
        !last.isFileEnd
      {
        state.entries[state.entries.count - 1].mark = mark
        return
      }
      state.append(Entry(file: file, mark: mark, isFileEnd: isFileEnd))
      state.passSettled()
    }
  }

  /// Says what became of a file's earlier events (a resumed replay), before its first block.
  package func begin(file: Int, with advance: ReplayAdvance) {
    state.change { $0.totals[file] = advance }
  }

  /// Nothing more will be put; what waits is still leased.
  package func close() { state.change { $0.isClosed = true } }

  /// Ends at once: what is not settled stays unsettled, and comes again in the next run.
  package func abort() {
    state.change {
      $0.isClosed = true
      $0.isAborted = true
    }
  }

  package func lease(rawBytesMax: Int, itemsMax: Int, until deadline: MonotonicTime)
    -> InFlightBatch?
  {
    // The outer optional: whether to wait on. The inner: whether there is a batch.
    let found: [StoredBlock]?? = state.wait(until: deadline) { state -> [StoredBlock]?? in
      if state.hasEnded { return .some(nil) }
      let blocks = state.lease(rawBytesMax: rawBytesMax, itemsMax: itemsMax)
      return blocks.isEmpty ? nil : .some(blocks)
    }
    guard let blocks = found ?? nil else { return nil }
    return InFlightBatch(blocks: blocks)
  }

  package func settle(_ settlement: Settlement) {
    state.change { state in
      state.settle(settlement)
      state.passSettled()
    }
  }

  package func release(_ blocks: [UInt64]) {
    state.change { state in
      for id in blocks {
        guard let index = state.index(of: id) else { continue }
        state.entries[index].isLeased = false
      }
    }
  }

  package var hasEnded: Bool { state.read { $0.hasEnded } }

  /// The stream whose sequences a leased block carries.
  package func stream(of block: StoredBlock) -> StreamId {
    let stream = state.read { state in
      state.index(of: block.id).flatMap { state.entries[$0].stream }
    }
    guard let stream else {
      invariant(false, "block \(block.id) is in the window while it is leased")
      return StreamId(high: 0, low: 0)
    }
    return stream
  }

  /// The files whose settled mark moved since the last call, with all that became of them.
  package func takeAdvances() -> [Int: ReplayAdvance] {
    state.change { state in
      let moved = state.moved
      state.moved = []
      let advances = state.totals.filter { moved.contains($0.key) }
      for (file, advance) in advances where advance.isFinished { state.totals[file] = nil }
      return advances
    }
  }

  /// Events put and not settled yet.
  package var unsettledEvents: UInt64 {
    state.read { $0.entries.reduce(0) { $0 + UInt64($1.settled.count - $1.settledCount) } }
  }

  /// Waits until the window is closed and empty, or something was settled to its end, or the deadline.
  package func waitForEnd(until deadline: MonotonicTime) -> Bool {
    state.wait(until: deadline) { $0.hasEnded ? true : nil } ?? false
  }
}

extension ReplayWindow {
  /// A block, or a place between two of them.
  private struct Entry {
    let file: Int
    var mark: ReplayMark
    var stream: StreamId?
    var block: StoredBlock?
    var isFileEnd = false
    var isLeased = false
    var settled: [Bool] = []
    var settledCount = 0
    var delivered: UInt64 = 0
    var duplicate: UInt64 = 0
    var deadLettered: UInt64 = 0

    init(file: Int, mark: ReplayMark, stream: StreamId, block: StoredBlock) {
      (self.file, self.mark, self.stream, self.block) = (file, mark, stream, block)
      settled = [Bool](repeating: false, count: block.items.count)
    }

    init(file: Int, mark: ReplayMark, isFileEnd: Bool) {
      (self.file, self.mark, self.isFileEnd) = (file, mark, isFileEnd)
    }

    var isSettled: Bool { settledCount == settled.count }

    /// As it is leased: with what was settled before.
    func stored(_ block: StoredBlock) -> StoredBlock {
      guard settledCount > 0 else { return block }
      return StoredBlock(
        id: block.id, firstSequence: block.firstSequence, codec: block.codec, stored: block.stored,
        rawLengthBytes: block.rawLengthBytes, rawCrc32: block.rawCrc32, items: block.items,
        settled: settled)
    }
  }

  private struct State {
    /// In the order they were put; the first has the id `firstId`.
    var entries: [Entry] = []
    var firstId: UInt64 = 1
    var storedBytes = 0
    var isClosed = false
    var isAborted = false
    var totals: [Int: ReplayAdvance] = [:]
    var moved: Set<Int> = []

    var nextId: UInt64 { firstId + UInt64(entries.count) }
    var hasEnded: Bool { isAborted || isClosed && entries.isEmpty }

    func index(of id: UInt64) -> Int? {
      id >= firstId && id < nextId ? Int(id - firstId) : nil
    }

    mutating func append(_ entry: Entry) {
      storedBytes += entry.block?.stored.count ?? 0
      entries.append(entry)
    }

    mutating func lease(rawBytesMax: Int, itemsMax: Int) -> [StoredBlock] {
      var blocks: [StoredBlock] = []
      var (rawBytes, items) = (0, 0)
      for index in entries.indices where !entries[index].isLeased && !entries[index].isSettled {
        guard let block = entries[index].block else { continue }
        rawBytes += block.rawLengthBytes
        items += block.items.count
        guard blocks.isEmpty || rawBytes <= rawBytesMax && items <= itemsMax else { break }
        entries[index].isLeased = true
        blocks.append(entries[index].stored(block))
      }
      return blocks
    }

    mutating func settle(_ settlement: Settlement) {
      guard let index = index(of: settlement.block) else {
        return invariant(isAborted, "block \(settlement.block) is in the window while it is leased")
      }
      for item in settlement.items {
        invariant(
          !entries[index].settled[item.index],
          "item \(item.index) of block \(settlement.block) is settled once")
        entries[index].settled[item.index] = true
        entries[index].settledCount += 1
        switch item.outcome {
        case .delivered: entries[index].delivered += 1
        case .duplicate: entries[index].duplicate += 1
        case .deadLettered: entries[index].deadLettered += 1
        }
      }
      if entries[index].isSettled { entries[index].isLeased = false }
    }

    /// Moves each file's mark over what is wholly settled.
    mutating func passSettled() {
      var passed = 0
      for entry in entries {
        guard entry.isSettled else { break }
        var total = totals[entry.file] ?? ReplayAdvance(mark: entry.mark)
        total.mark = entry.mark
        total.delivered += entry.delivered
        total.duplicate += entry.duplicate
        total.deadLettered += entry.deadLettered
        total.isFinished = entry.isFileEnd
        totals[entry.file] = total
        moved.insert(entry.file)
        storedBytes -= entry.block?.stored.count ?? 0
        passed += 1
      }
      entries.removeFirst(passed)
      firstId += UInt64(passed)
    }
  }
}
