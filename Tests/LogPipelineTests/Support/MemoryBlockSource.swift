import LogPipeline
import Synchronization

/// A block source in memory that checks the duties of its callers and remembers each outcome.
final class MemoryBlockSource: BlockSource {
  private struct State {
    var waiting: [StoredBlock] = []
    var leased: [UInt64: StoredBlock] = [:]
    var outcomes: [UInt64: [Int: ItemOutcome]] = [:]
    var released: [UInt64] = []
    var relocated: [String] = []
    var canRelocate = false
    var isEnded = false
  }
  private let state = Mutex(State())
  private let arrivals = Mailbox<Bool>(capacity: 1)
  private let settlements = Mailbox<Bool>(capacity: 1)

  init(_ blocks: [StoredBlock], isEnded: Bool = true) {
    state.withLock {
      $0.waiting = blocks
      $0.isEnded = isEnded
    }
  }

  func lease(rawBytesMax: Int, itemsMax: Int, until deadline: MonotonicTime) -> InFlightBatch? {
    while true {
      let blocks = state.withLock { state -> [StoredBlock] in
        var taken: [StoredBlock] = []
        var (bytes, items) = (0, 0)
        while let next = state.waiting.first,
          taken.isEmpty
            || (bytes + next.rawLengthBytes <= rawBytesMax && items + next.items.count <= itemsMax)
        {
          taken.append(next)
          state.leased[next.id] = next
          (bytes, items) = (bytes + next.rawLengthBytes, items + next.items.count)
          state.waiting.removeFirst()
        }
        return taken
      }
      if !blocks.isEmpty { return InFlightBatch(blocks: blocks) }
      if hasEnded || arrivals.take(until: deadline) == nil { return nil }
    }
  }

  func settle(_ settlement: Settlement) {
    state.withLock { state in
      invariant(state.leased[settlement.block] != nil, "a block was settled that nobody leased")
      for item in settlement.items {
        let before = state.outcomes[settlement.block, default: [:]].updateValue(
          item.outcome, forKey: item.index)
        invariant(before == nil, "item \(item.index) of \(settlement.block) was settled twice")
      }
      let done = state.outcomes[settlement.block]?.count ?? 0
      let block = state.leased[settlement.block]
      if done + (block?.settled?.count { $0 } ?? 0) == block?.items.count {
        state.leased[settlement.block] = nil
      }
    }
    _ = settlements.offer(true)
  }

  func release(_ blocks: [UInt64]) {
    state.withLock { state in
      for id in blocks {
        invariant(state.leased.removeValue(forKey: id) != nil, "block \(id) was not leased")
        state.released.append(id)
      }
    }
  }

  /// The items come again as a block of their own, as the ring would do it.
  func relocate(_ block: UInt64, items: [Int], isParked: Bool) {
    state.withLock { state in
      invariant(state.leased[block] != nil, "items of a block were moved that nobody leased")
      state.relocated += items.map { "\(block)-\($0)" }
    }
  }

  var canRelocate: Bool {
    get { state.withLock { $0.canRelocate } }
    set { state.withLock { $0.canRelocate = newValue } }
  }
  var relocatedItems: [String] { state.withLock { $0.relocated } }

  var hasEnded: Bool { state.withLock { $0.isEnded && $0.waiting.isEmpty } }
  var releasedBlocks: [UInt64] { state.withLock { $0.released } }
  var leasedBlocks: [UInt64] { state.withLock { $0.leased.keys.sorted() } }

  /// Outcomes by "block-index", the ids of ``BlockFactory``.
  var outcomes: [String: ItemOutcome] {
    state.withLock { state in
      var all: [String: ItemOutcome] = [:]
      for (block, items) in state.outcomes {
        for (index, outcome) in items { all["\(block)-\(index)"] = outcome }
      }
      return all
    }
  }

  func count(_ outcome: ItemOutcome) -> Int { outcomes.values.count { $0 == outcome } }

  /// Waits until `count` items are settled; false when they are not in time.
  func waitForSettled(_ count: Int, within limit: Duration = .seconds(10)) -> Bool {
    let deadline = SystemClock().now() + limit
    while outcomes.count < count {
      if settlements.take(until: deadline) == nil { return outcomes.count >= count }
    }
    return true
  }
}
