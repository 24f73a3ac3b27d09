import Synchronization

/// What one consumer leases from the ring. Any thread of that consumer may call it.
final class RingSource: BlockSource, Sendable {
  let name: String
  private let consumer: Int
  private let disk: any Disk
  private let shared: RingMailboxes
  private let end = Atomic<Bool>(false)
  /// Said once, until a read works again.
  private let isDiskAway = Atomic<Bool>(false)

  init(name: String, consumer: Int, disk: any Disk, shared: RingMailboxes) {
    self.name = name
    self.consumer = consumer
    self.disk = disk
    self.shared = shared
  }

  func lease(
    rawBytesMax: Int, itemsMax: Int, until deadline: MonotonicTime
  ) -> InFlightBatch? {
    while shared.isStarted.load(ordering: .acquiring),
      !shared.isLeasingStopped.load(ordering: .acquiring)
    {
      let request = LeaseRequest(
        consumer: consumer, rawBytesMax: rawBytesMax, itemsMax: itemsMax)
      guard shared.commands.force(.lease(request)) else { return nil }
      var answer = request.reply.take(until: deadline)
      if answer == nil {
        // Either this reaches the ring thread first, or its answer is on the way: one comes for certain.
        shared.commands.force(.cancel(request))
        answer = request.reply.take()
      }
      guard let leased = answer, !leased.isEmpty else { return nil }
      let read = leased.map { LeasedBlockReader.read($0, on: disk) }
      if read.contains(where: { $0 == nil }), !disk.isReadable {
        waitForDisk(leased)
        continue
      }
      isDiskAway.store(false, ordering: .relaxed)
      for (block, stored) in zip(leased, read) where stored == nil {
        shared.commands.force(.quarantine(block.place.firstSequence, consumer: consumer))
      }
      let blocks = read.compactMap { $0 }
      if !blocks.isEmpty { return InFlightBatch(blocks: blocks) }
    }
    return nil
  }

  func settle(_ settlement: Settlement) {
    shared.commands.force(.settle(settlement, consumer: consumer))
  }

  func release(_ blocks: [UInt64]) {
    shared.commands.force(.release(blocks, consumer: consumer))
  }

  func relocate(_ block: UInt64, items: [Int], isParked: Bool) {
    guard consumer == 0 else { return }
    shared.commands.force(.relocate(block, items: items, isParked: isParked))
  }

  func recall() {
    if consumer == 0 { shared.commands.force(.recall) }
  }

  var canRelocate: Bool {
    consumer == 0 && shared.snapshot.withLock { $0.isRelocationPossible }
  }

  var hasEnded: Bool { end.load(ordering: .acquiring) }

  func noteEnd() { end.store(true, ordering: .releasing) }

  /// Nothing can be read at all: the blocks wait, and so does who leased them.
  private func waitForDisk(_ leased: [LeasedBlock]) {
    release(leased.map(\.place.firstSequence))
    if !isDiskAway.exchange(true, ordering: .relaxed) {
      Log.error(
        "The ring's disk can not be read; delivery waits for it and tries each second. Nothing is given up. Repair the disk or its connection."
      )
    }
    PosixThread.sleep(.seconds(1))
  }
}
