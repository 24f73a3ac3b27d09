import Synchronization

/// One replay: files in turn, through the window, to whoever drains it; checkpoints and progress on the way.
///
/// Threads: `run` stays on the caller's and keeps checkpoints and progress; a reader thread of its own reads and makes documents;
/// the drainers (senders, archive) are the caller's and work on ``window``, which tells them its end.
package final class ReplayRun: Sendable {
  private static let tick: Duration = .milliseconds(200)
  private static let saveEvery: Duration = .seconds(1)

  /// What the drainers lease from.
  package let window = ReplayWindow()

  private let backlog: Backlog
  private let configuration: ReplayConfiguration
  private let clock: any Clock
  private let makeProcessor: @Sendable () throws -> any FrameProcessing
  private let refuse: @Sendable (Refusal, SourceContext) -> Void
  private let shared: Mutex<Shared>

  private struct Shared {
    var report = ReplayReport()
    var checkpoints: [Int: ReplayCheckpoint] = [:]
    var stopDeadline: MonotonicTime?
  }

  /// `makeProcessor` is called once, on the reader's thread; `refuse` there too, for each line that was not taken.
  package init(
    _ backlog: Backlog, _ configuration: ReplayConfiguration, clock: any Clock = SystemClock(),
    refuse: @escaping @Sendable (Refusal, SourceContext) -> Void,
    makeProcessor: @escaping @Sendable () throws -> any FrameProcessing
  ) {
    (self.backlog, self.configuration, self.clock) = (backlog, configuration, clock)
    (self.refuse, self.makeProcessor) = (refuse, makeProcessor)
    var first = Shared()
    first.report.files = backlog.files.count
    first.report.problems = backlog.problems
    first.report.progress.fileCount = backlog.files.count
    first.report.progress.bytesTotal = backlog.sizeBytes
    shared = Mutex(first)
  }

  /// How it stands, from any thread.
  package var progress: ReplayProgress { shared.withLock { $0.report.progress } }

  /// Reads no further; what was read may still be delivered for `grace`, then the window ends.
  package func stop(grace: Duration) {
    let deadline = clock.now() + grace
    shared.withLock {
      $0.stopDeadline = deadline
      $0.report.wasStopped = true
      $0.report.progress.isStopping = true
    }
  }

  /// Replays everything; returns when all is settled, or after ``stop(grace:)``. The drainers must be running.
  ///
  /// - Parameter show: writes progress, as it is, to the terminal or log.
  /// - Returns: what it came to, the exit code too.
  /// - Throws: ``SystemError`` when the reader's thread can not be started; nothing was read.
  package func run(show: (String) -> Void) throws(SystemError) -> ReplayReport {
    let startedAt = clock.now()
    var text = ReplayProgressText(style: configuration.progress, startedAt: startedAt)
    var savedAt = startedAt
    let reader = try PosixThread("replay") { [self] in readFiles() }
    var hasEnded = false
    while !hasEnded {
      hasEnded = window.waitForEnd(until: clock.now() + Self.tick)
      takeAdvances()
      let now = clock.now()
      if now.since(savedAt) >= Self.saveEvery {
        saveCheckpoints()
        savedAt = now
      }
      if let line = text.update(progress, at: now) { show(line) }
      if let deadline = shared.withLock({ $0.stopDeadline }), now >= deadline { window.abort() }
    }
    reader.join()
    takeAdvances()
    saveCheckpoints()
    show(text.end(progress, at: clock.now()))
    let (unsettled, elapsed) = (window.unsettledEvents, clock.now().since(startedAt))
    return shared.withLock {
      $0.checkpoints = [:]
      $0.report.unsettled = unsettled
      $0.report.elapsed = elapsed
      // All that was asked for was done before the stop came.
      if unsettled == 0, $0.report.progress.fileNumber == $0.report.files,
        $0.report.filesFinished + $0.report.filesFinishedBefore == $0.report.files
      {
        $0.report.wasStopped = false
      }
      return $0.report
    }
  }
}

/// The run's own thread.
extension ReplayRun {
  private func takeAdvances() {
    for (file, advance) in window.takeAdvances() {
      shared.withLock { shared in
        guard let checkpoint = shared.checkpoints[file] else { return }
        let before = checkpoint.settled
        shared.report.progress.delivered += advance.delivered - before.delivered
        shared.report.progress.duplicate += advance.duplicate - before.duplicate
        shared.report.progress.deadLettered += advance.deadLettered - before.deadLettered
        checkpoint.advance(to: advance)
        if advance.isFinished { shared.report.filesFinished += 1 }
      }
    }
  }

  /// Saves what moved; a finished file's checkpoint is saved once more and let go.
  private func saveCheckpoints() {
    let checkpoints = shared.withLock { $0.checkpoints }
    for (file, checkpoint) in checkpoints {
      do throws(ReplayError) {
        try checkpoint.save()
        if checkpoint.settled.isFinished {
          shared.withLock { $0.checkpoints[file] = nil }
        }
      } catch { Log.error(error.description) }
    }
  }
}

/// The reader's thread.
extension ReplayRun {
  private func readFiles() {
    defer { window.close() }
    let processor: any FrameProcessing
    do { processor = try makeProcessor() } catch {
      return noteProblem("replay", "Nothing was read: \(error)")
    }
    var bytesBefore: UInt64 = 0
    for (index, file) in backlog.files.enumerated() {
      shared.withLock {
        $0.report.progress.fileNumber = index + 1
        $0.report.progress.bytesRead = bytesBefore
      }
      if isStopped { return }
      do {
        guard try read(file, index, bytesBefore, processor) else { return }
      } catch { noteProblem(file.path, "\(error)") }
      bytesBefore += file.sizeBytes
      shared.withLock { $0.report.progress.bytesRead = bytesBefore }
    }
  }

  /// False when it was stopped.
  private func read(
    _ file: Backlog.File, _ index: Int, _ bytesBefore: UInt64, _ processor: any FrameProcessing
  ) throws -> Bool {
    let content = try InputFileContent.open(file.path)
    let checkpoint = try ReplayCheckpoint(
      of: content, folder: configuration.checkpointFolder, settings: configuration.settings,
      destination: configuration.destination)
    let earlier = checkpoint.earlier.mark
    if checkpoint.start == .nothingToDo {
      Log.info("Already replayed, nothing to do.", ("file", file.path))
      shared.withLock {
        $0.report.filesFinishedBefore += 1
        $0.report.progress.bytesPassed += file.sizeBytes
      }
      return true
    }
    if checkpoint.start != .fromStart {
      Log.info("Goes on where it was left.", ("file", file.path), ("events", "\(earlier.events)"))
    }
    window.begin(file: index, with: checkpoint.settled)
    let (eventsBefore, refusedBefore) = shared.withLock {
      $0.checkpoints[index] = checkpoint
      $0.report.progress.bytesPassed += earlier.fileOffsetBytes
      return ($0.report.progress.events, $0.report.progress.refused)
    }
    let reader = ReplayFileReader(
      content, file: index, checkpoint: checkpoint, window: window, processor: processor,
      configuration: configuration, refuse: refuse)
    return try reader.readAll {
      shared.withLock {
        $0.report.progress.bytesRead = bytesBefore + content.fileOffsetBytes
        $0.report.progress.events = eventsBefore + reader.events
        $0.report.progress.refused = refusedBefore + reader.refused
        return $0.stopDeadline == nil
      }
    }
  }

  private var isStopped: Bool { shared.withLock { $0.stopDeadline != nil } }

  private func noteProblem(_ name: String, _ message: String) {
    Log.error(message)
    shared.withLock { $0.report.problems.append(Backlog.Problem(name: name, message: message)) }
  }
}
