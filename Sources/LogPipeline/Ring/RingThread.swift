import Synchronization

/// The ring thread: takes commands and blocks, drives the writer, asks the committer, answers senders.
///
/// With nothing to do it sleeps without a timer.
final class RingThread: @unchecked Sendable {
  // @unchecked Sendable: once `run` has been called only its thread touches what is below.
  private let writer: RingWriter
  private let shared: RingMailboxes
  private let sources: [RingSource]
  private let committer: Committer
  private let clock: any Clock
  private let onDurable: @Sendable (_ intake: Int, _ ticket: UInt64) -> Void
  private let onRoom: @Sendable () -> Void
  /// Taken out of the queue, but there is no room for it yet.
  private var heldBlock: RawBlock?
  /// It was refused although nothing waited for a commit: there is no room for it.
  private var hasHeldBlockNoRoom = false
  private var waiting: [LeaseRequest] = []
  private var drains: [Mailbox<Bool>] = []
  private var isIntakeDrained = false
  private var isLeasingStopped = false
  private var isClosing = false
  private var isReadOnlyTold = false
  let pulse = ThreadPulse(name: "ring")

  init(
    writer: RingWriter, shared: RingMailboxes, sources: [RingSource], committer: Committer,
    clock: any Clock,
    onDurable: @escaping @Sendable (_ intake: Int, _ ticket: UInt64) -> Void,
    onRoom: @escaping @Sendable () -> Void
  ) {
    self.writer = writer
    self.shared = shared
    self.sources = sources
    self.committer = committer
    self.clock = clock
    self.onDurable = onDurable
    self.onRoom = onRoom
  }

  func run() {
    // What an earlier life left has its age before anything happens.
    writer.findOldest(now: clock.now())
    publish()
    while !isClosing {
      let command = shared.commands.take(until: deadline)
      pulse.begin(at: clock.now())
      defer { pulse.end() }
      if let command { handle(command) }
      while shared.commands.waiting > 0, let command = shared.commands.take() { handle(command) }
      work()
    }
    finish()
  }

  /// For the first snapshot, before the thread runs.
  func publish() {
    shared.snapshot.withLock { writer.update(&$0, isStarved: isFull) }
  }

  private var isStarved: Bool { heldBlock != nil }

  /// For want of space, not of a commit.
  private var isFull: Bool { isStarved && hasHeldBlockNoRoom && writer.isAllDurable }

  /// Now, while there is a block to take; else the writer's next timer.
  private var deadline: MonotonicTime {
    if heldBlock == nil, writer.readOnlyReason == nil, shared.blocks.waiting > 0 {
      return .distantPast
    }
    return min(
      writer.groupDeadline ?? .distantFuture,
      writer.nextSyncDue(isStarved: isStarved) ?? .distantFuture)
  }

  private func handle(_ command: RingCommand) {
    switch command {
    case .look: shared.looked()
    case .lease(let request): waiting.append(request)
    case .cancel(let request):
      if let index = waiting.firstIndex(where: { $0.reply === request.reply }) {
        waiting.remove(at: index)
        request.reply.force([])
      }
    case .settle(let settlement, let consumer): writer.settle(settlement, consumer: consumer)
    case .release(let blocks, let consumer): writer.release(blocks, consumer: consumer)
    case .quarantine(let block, let consumer): writer.quarantine(block, consumer: consumer)
    case .relocate(let block, let items, let isParked):
      writer.relocate(block: block, items: items, isParked: isParked, now: clock.now())
    case .recall: writer.recall()
    case .synced(let error, let took): synced(error, took)
    case .drain(let reply): drains.append(reply)
    case .stopLeasing: isLeasingStopped = true
    case .close: isClosing = true
    }
  }

  private func work() {
    writer.refused += shared.refused.exchange(0, ordering: .relaxed)
    writer.housekeep(
      now: clock.now(), wallMilliseconds: clock.wallMilliseconds(), isStarved: isStarved)
    takeBlock()
    let isDraining = !drains.isEmpty && shared.blocks.waiting == 0
    if let deadline = writer.groupDeadline, isDraining || deadline <= clock.now() {
      writer.closeGroup(wallMilliseconds: clock.wallMilliseconds())
    }
    beginSyncIfDue()
    if writer.readOnlyReason != nil, !isReadOnlyTold {
      isReadOnlyTold = true
      shared.blocks.close()
      onRoom()
    }
    answerDrains()
    answerLeases()
    // So that the oldest event's age is known also while nobody leases.
    writer.findOldest(now: clock.now())
    publish()
  }

  /// One at a time, so that a commit's answer never waits for many.
  private func takeBlock() {
    guard writer.readOnlyReason == nil else { return }
    guard
      let block = heldBlock ?? (shared.blocks.waiting > 0 ? shared.blocks.take() : nil)
    else { return }
    heldBlock = nil
    if !writer.append(block, now: clock.now()) {
      writer.closeGroup(wallMilliseconds: clock.wallMilliseconds())
      guard writer.append(block, now: clock.now()) else {
        heldBlock = block
        // With a commit under way it may only have to wait for that.
        hasHeldBlockNoRoom = writer.isAllDurable
        return
      }
    }
    shared.buffers.give(block.bytes)
  }

  private func beginSyncIfDue() {
    let now = clock.now()
    guard let due = writer.nextSyncDue(isStarved: isStarved), due <= now else { return }
    if writer.beginSync(now: now, isStarved: isStarved) { committer.request() }
  }

  private func synced(_ error: SystemError?, _ took: Duration) {
    let durable = writer.endSync(error: error, took: took, now: clock.now())
    guard !durable.isEmpty else { return }
    publish()
    for moved in durable { onDurable(moved.intake, moved.ticket) }
  }

  private func answerLeases() {
    if !waiting.isEmpty { giveLeases() }
    for consumer in sources.indices { _ = updateHasEnded(consumer) }
  }

  private func giveLeases() {
    // The oldest wish of each consumer first; one that must wait lets other consumers' pass.
    var starved: Set<Int> = []
    var kept: [LeaseRequest] = []
    for request in waiting {
      if starved.contains(request.consumer) {
        kept.append(request)
        continue
      }
      let leased =
        isLeasingStopped
        ? []
        : writer.lease(
          consumer: request.consumer, rawBytesMax: request.rawBytesMax,
          itemsMax: request.itemsMax, now: clock.now())
      if leased.isEmpty, !updateHasEnded(request.consumer) {
        starved.insert(request.consumer)
        kept.append(request)
      } else {
        request.reply.force(leased)
      }
    }
    waiting = kept
  }

  /// - Returns: whether nothing more will ever come for it.
  private func updateHasEnded(_ consumer: Int) -> Bool {
    let isIntakeOver = isIntakeDrained || isReadOnlyTold
    let hasEnded = isLeasingStopped || isIntakeOver && writer.isAllSettled(consumer: consumer)
    if hasEnded, !sources[consumer].hasEnded {
      // First the figures, so that who sees the end sees them too.
      publish()
      sources[consumer].noteEnd()
    }
    return hasEnded
  }

  private func answerDrains() {
    guard !drains.isEmpty else { return }
    let isDone = heldBlock == nil && shared.blocks.waiting == 0 && writer.isAllDurable
    guard isDone || writer.readOnlyReason != nil else { return }
    isIntakeDrained = isDone
    publish()
    for reply in drains { reply.force(isDone) }
    drains = []
  }

  /// The last group, then the superblock that says all is in order. What does not become durable was never accepted.
  private func finish() {
    writer.closeGroup(wallMilliseconds: clock.wallMilliseconds())
    // A commit may fail and be written again; a disk that goes on failing ends this too.
    for _ in 0..<6 {
      waitForCommit()
      let isLast = writer.isAllDurable || writer.readOnlyReason != nil
      guard writer.beginSync(now: clock.now(), isClosing: isLast) else { continue }
      committer.request()
      waitForCommit()
      if isLast { break }
    }
    committer.stop()
    isLeasingStopped = true
    shared.commands.close()
    while let command = shared.commands.take() { handle(command) }
    answerLeases()
    for reply in drains { reply.force(writer.isAllDurable) }
    publish()
  }

  private func waitForCommit() {
    while writer.sync.isInFlight, let command = shared.commands.take() { handle(command) }
  }
}
