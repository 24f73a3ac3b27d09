import Synchronization

/// The disk-backed ring queue between acceptance and delivery: what it has taken and made durable is never lost.
///
/// Intakes offer blocks; the ring thread compresses them and writes groups; the commit thread makes them durable, and
/// then `onDurable` tells the intake. Senders lease durable blocks and settle their items. Order of calls: `open`,
/// `start`, then anything from any thread; to stop: `drainIntake`, `stopLeasing` once senders are done, `close`.
package final class Ring: BlockSource, BlockSink, Sendable {
  /// Names this ring's sequence of events for ever: it survives restarts and a change of the file.
  package let streamId: StreamId
  /// The primary consumer's cursor when the ring was opened: what stands before this sequence never comes again.
  package let firstSequenceAtOpening: UInt64
  /// Of the ring's and the commit thread.
  package var pulses: [ThreadPulse] { [ringThread.pulse, committer.pulse] }
  /// Where the memory of blocks goes once they are written: for the ``BlockBuilder`` that fills the next.
  package var buffers: BlockBuffers { shared.buffers }
  private let disk: FileDisk
  private let shared: RingMailboxes
  private let ringThread: RingThread
  private let committer: Committer
  private let threads = Mutex<[PosixThread]>([])
  /// One a consumer; the first is the primary's.
  private let sources: [RingSource]

  /// Locks the file (made first when it is not there, which takes as long as writing its size), recovers its state.
  ///
  /// Both callbacks run on the ring thread and must be short. `onDurable`: all the intake's blocks up to the ticket
  /// are accepted. `onRoom`: there is room after `offer` answered false; also once when the ring becomes read-only.
  /// Throws why it can not serve; no event on disk was touched then.
  package static func open(
    _ configuration: RingConfiguration, clock: any Clock,
    onDurable: @escaping @Sendable (_ intake: Int, _ ticket: UInt64) -> Void,
    onRoom: @escaping @Sendable () -> Void
  ) throws(RingError) -> Ring {
    guard configuration.sizeBytes >= RingConfiguration.sizeBytesMin else {
      throw .sizeTooSmall(
        givenBytes: configuration.sizeBytes, minimumBytes: RingConfiguration.sizeBytesMin)
    }
    let names = configuration.consumers
    guard 1...RingLayout.consumersMax ~= names.count, Set(names).count == names.count,
      names.allSatisfy({ 1...RingLayout.consumerNameBytes ~= $0.utf8.count })
    else { throw .badConsumerNames(names) }
    let disk = try RingFile.open(configuration, clock: clock)
    let state = try RingOpening.recover(configuration, on: disk)
    tell(state.report, configuration)
    let writer = RingWriter(
      state: state, configuration: configuration, disk: disk, now: clock.now())
    return Ring(
      disk, writer, clock: clock, onDurable: onDurable, onRoom: onRoom)
  }

  private init(
    _ disk: FileDisk, _ writer: sending RingWriter,
    clock: any Clock, onDurable: @escaping @Sendable (_ intake: Int, _ ticket: UInt64) -> Void,
    onRoom: @escaping @Sendable () -> Void
  ) {
    self.disk = disk
    let ringId = writer.superblock.ringId
    streamId = StreamId(high: ringId.0, low: ringId.1)
    firstSequenceAtOpening = writer.consumers[0].record.sequence
    let shared = RingMailboxes(onRoom: onRoom)
    self.shared = shared
    sources = writer.consumers.enumerated().map { index, consumer in
      RingSource(name: consumer.name, consumer: index, disk: disk, shared: shared)
    }
    committer = Committer(disk: disk, clock: clock) { error, took in
      shared.commands.force(.synced(error, took: took))
    }
    ringThread = RingThread(
      writer: writer, shared: shared, sources: sources, committer: committer, clock: clock,
      onDurable: onDurable,
      onRoom: onRoom)
    ringThread.publish()
  }

  /// Starts the ring thread and the commit thread.
  package func start() throws(SystemError) {
    let (ringThread, committer) = (ringThread, committer)
    let ring = try PosixThread("ring") { ringThread.run() }
    let commit = try PosixThread("commit") { committer.run() }
    threads.withLock { $0 = [ring, commit] }
    shared.isStarted.store(true, ordering: .releasing)
  }

  /// False: no room now (`onRoom` tells when there is), or for ever: drained, closed, read-only (``snapshot()``).
  package func offer(_ block: RawBlock) -> Bool {
    guard shared.blocks.offer(block) else { return false }
    shared.look()
    return true
  }

  package func put(_ block: RawBlock) -> Bool {
    guard shared.blocks.put(block) else { return false }
    shared.look()
    return true
  }

  /// Durable within a second, or with the next group.
  package func noteRefused(_ count: UInt64) {
    shared.refused.add(count, ordering: .relaxed)
    shared.look()
  }

  package func lease(
    rawBytesMax: Int, itemsMax: Int, until deadline: MonotonicTime
  ) -> InFlightBatch? {
    sources[0].lease(rawBytesMax: rawBytesMax, itemsMax: itemsMax, until: deadline)
  }

  package func settle(_ settlement: Settlement) { sources[0].settle(settlement) }

  package func release(_ blocks: [UInt64]) { sources[0].release(blocks) }

  package func relocate(_ block: UInt64, items: [Int], isParked: Bool) {
    sources[0].relocate(block, items: items, isParked: isParked)
  }
  package func recall() { sources[0].recall() }

  package var canRelocate: Bool { sources[0].canRelocate }

  package var hasEnded: Bool { sources[0].hasEnded }

  package var waitingCount: UInt64? { snapshot().ledger.waiting }

  /// What another consumer of the configuration leases from; nil when there is none of that name.
  package func source(named name: String) -> (any BlockSource)? {
    sources.first { $0.name == name }
  }

  /// A copy, as of the ring thread's last step.
  package func snapshot() -> RingSnapshot { shared.snapshot.withLock { $0 } }

  /// Where the file lies, how fast that syncs, whether the path still names it.
  package var file: RingFileState { disk.state }

  /// Looks whether the path still names the file; each commit does too. Once a second, for when nothing is committed.
  package func lookAtFile() { disk.isAtPath() }

  /// No more blocks are taken in; everything queued is written and committed. Call it after the last `offer`.
  ///
  /// - Returns: true when all of it is durable; false in the read-only state, or at the deadline (a full ring whose
  ///   events nobody takes): what is not durable then was never accepted.
  package func drainIntake(until deadline: MonotonicTime = .distantFuture) -> Bool {
    shared.blocks.close()
    let reply = Mailbox<Bool>(capacity: 1)
    guard shared.isStarted.load(ordering: .acquiring), shared.commands.force(.drain(reply)) else {
      return false
    }
    return reply.take(until: deadline) ?? false
  }

  /// `lease` answers nil from now on, also where it waits; settlements are still taken.
  package func stopLeasing() {
    shared.isLeasingStopped.store(true, ordering: .releasing)
    shared.commands.force(.stopLeasing)
  }

  /// The last superblock with the cursor, a sync, the threads' end, and the file is free for the next process.
  ///
  /// Settlements given before it are in; a second call does nothing.
  package func close() {
    shared.blocks.close()
    let running = threads.withLock { threads in
      defer { threads = [] }
      return threads
    }
    shared.commands.force(.close)
    for thread in running { thread.join() }
    disk.unlock()
  }

  private static func tell(_ report: RecoveryReport, _ configuration: RingConfiguration) {
    if report == RecoveryReport() || report.wasClosedCleanly { return }
    Log.info(
      "The ring was not closed in order; its log was read again", ("path", configuration.path),
      ("groups_found", "\(report.groupsFound)"), ("events_found", "\(report.eventsFound)"),
      ("torn_tail", "\(report.isTailTorn)"), ("burned_ranges", "\(report.burnsFound)"))
    if report.eventsQuarantined > 0 {
      Log.error(
        "Accepted events are not readable any more; the disk lost or changed them",
        ("path", configuration.path), ("events", "\(report.eventsQuarantined)"))
    }
  }
}
