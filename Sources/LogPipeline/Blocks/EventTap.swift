import Synchronization

/// Shows blocks to whoever watches as they pass. With nobody there it costs one relaxed look a block; with somebody a
/// reference to the block, never a wait.
package final class EventTap: Sendable {
  package static let queuesMax = 4
  private let openCount = Atomic<Int>(0)
  private let queues = Mutex<[EventTapQueue]>([])

  package init() {}

  /// On the thread that made the blocks.
  @inline(__always) package func pass(_ blocks: [RawBlock]) {
    guard openCount.load(ordering: .relaxed) > 0 else { return }
    show(blocks)
  }

  /// What passes from now on; nil: too many watch already.
  package func open() -> EventTapQueue? {
    queues.withLock { queues in
      guard queues.count < Self.queuesMax else { return nil }
      let queue = EventTapQueue()
      queues.append(queue)
      openCount.store(queues.count, ordering: .relaxed)
      return queue
    }
  }

  package func close(_ queue: EventTapQueue) {
    queues.withLock { queues in
      queues.removeAll { $0 === queue }
      openCount.store(queues.count, ordering: .relaxed)
    }
  }

  @inline(never) private func show(_ blocks: [RawBlock]) {
    queues.withLock { queues in
      for queue in queues {
        for block in blocks { queue.offer(block) }
      }
    }
  }
}
