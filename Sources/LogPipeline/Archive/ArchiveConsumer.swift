import Synchronization

/// Drains a source into the daily archive files, on a thread of its own.
///
/// One append collects up to 1 MiB of lines or what came in a second; its events are settled after fsync. An
/// error (disk full, no permission) pauses: the blocks stay leased, the operator is told, and it is tried again.
package final class ArchiveConsumer: Sendable {
  private static let batchBytesMax = 1 << 20
  private static let batchItemsMax = 16_384
  private static let batchSpan: Duration = .seconds(1)
  private static let pauseMax: Duration = .seconds(30)

  package struct Status: Equatable, Sendable {
    package var written = ArchiveWriter.Written()
    /// Why it pauses, nil while all is well.
    package var problem: String?
  }

  private let source: any BlockSource
  private let streamOf: @Sendable (StoredBlock) -> StreamId
  private let folder: String
  private let indexName: @Sendable (Int32) -> String
  private let clock: any Clock
  private let isStopping = WaitableState(false)
  private let shown = Mutex(Status())
  private let thread = Mutex<PosixThread?>(nil)

  /// - Parameters:
  ///   - folder: made when it is missing.
  ///   - source: what is drained.
  ///   - clock: for the pace of appends.
  ///   - indexName: the index of a day (days since 1970), e.g. "holysheep-logs-2026.11.21"; the file is called so too.
  ///   - streamOf: the stream whose sequences a block carries: the ring's id, or `ReplayWindow.stream(of:)`.
  package init(
    folder: String, source: any BlockSource, clock: any Clock = SystemClock(),
    indexName: @escaping @Sendable (Int32) -> String,
    streamOf: @escaping @Sendable (StoredBlock) -> StreamId
  ) {
    (self.folder, self.indexName, self.source) = (folder, indexName, source)
    (self.clock, self.streamOf) = (clock, streamOf)
  }

  package var status: Status { shown.withLock { $0 } }

  /// Starts the thread; it ends when the source has ended, or after ``stop()``.
  package func start() throws(SystemError) {
    try FileSystem.makeDirectories(folder)
    let started = try PosixThread("archive") { [self] in run() }
    thread.withLock { $0 = started }
  }

  /// Writes what it holds and leases no more; a pause ends at once, and its blocks go back to the source.
  package func stop() { isStopping.change { $0 = true } }

  /// Waits for the thread's end.
  package func join() { thread.withLock { $0?.join() } }

  private func run() {
    let writer = ArchiveWriter(folder: folder, indexName: indexName)
    while !source.hasEnded, !isStopping.read({ $0 }) {
      guard let first = lease(until: clock.now() + .milliseconds(200), Self.batchBytesMax) else {
        continue
      }
      let blocks = collectBatch(first)
      if write(blocks, with: writer) {
        for block in blocks { source.settle(.whole(block, .delivered)) }
      } else {
        source.release(blocks.map(\.id))
      }
      shown.withLock { $0.written = writer.written }
    }
  }

  /// Leases until the batch is full, a second has passed, or nothing more will come.
  private func collectBatch(_ first: [StoredBlock]) -> [StoredBlock] {
    var blocks = first
    let deadline = clock.now() + Self.batchSpan
    var room = Self.batchBytesMax - blocks.reduce(0) { $0 + $1.rawLengthBytes }
    while room > 0, clock.now() < deadline, !source.hasEnded, !isStopping.read({ $0 }) {
      // Short waits, so that a stop is seen.
      let until = min(deadline, clock.now() + .milliseconds(100))
      guard let more = lease(until: until, room) else { continue }
      blocks += more
      room -= more.reduce(0) { $0 + $1.rawLengthBytes }
    }
    return blocks
  }

  /// The duty of the lease goes over to `run`, which settles or releases each block.
  private func lease(until deadline: MonotonicTime, _ rawBytesMax: Int) -> [StoredBlock]? {
    guard
      let batch = source.lease(
        rawBytesMax: rawBytesMax, itemsMax: Self.batchItemsMax, until: deadline)
    else { return nil }
    let blocks = batch.blocks
    batch.finish()
    return blocks
  }

  /// Tries until it is written; false when stopped before.
  private func write(_ blocks: [StoredBlock], with writer: ArchiveWriter) -> Bool {
    let named = blocks.map { (block: $0, stream: streamOf($0)) }
    var pause: Duration = .seconds(1)
    while true {
      do throws(ArchiveError) {
        try writer.append(named)
        if shown.withLock({ $0.problem != nil }) { Log.info("The archive is written again.") }
        shown.withLock { $0.problem = nil }
        return true
      } catch {
        Log.error(error.description, ("next_try_s", "\(Int(pause.inSeconds))"))
        shown.withLock { $0.problem = error.description }
      }
      let until = clock.now() + pause
      if isStopping.wait(until: until, { $0 ? true : nil }) != nil { return false }
      pause = min(pause * 2, Self.pauseMax)
    }
  }
}
