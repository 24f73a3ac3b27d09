import Synchronization

/// Standard input for `pipe`: JSON lines (or gzip of them) until its end, on a thread of its own, into the ring.
///
/// Never sets O_NONBLOCK: the open file is shared with whoever writes to it. An open block is handed over 2 ms
/// after its first event even when nothing more comes.
package final class StdinInput: Sendable {
  package enum WhenFull: Sendable {
    /// Reads no further until there is room: the writer waits.
    case block
    /// Takes what comes and drops what has no room; each event is counted.
    case dropNewest
  }

  package struct Counts: Equatable, Sendable {
    /// Events handed over to the ring.
    package var events: UInt64 = 0
    package var refused: UInt64 = 0
    /// Events without room (`dropNewest`), or taken in when the ring had closed.
    package var dropped: UInt64 = 0
    /// Ended before the end of the input.
    package var wasStopped = false
    /// Why reading ended early, for the operator.
    package var problem: String?
  }
  private static let blockAgeMax: Duration = .milliseconds(2)

  private let sink: any BlockSink
  private let whenFull: WhenFull
  private let hasNoRoom: @Sendable () -> Bool
  private let lineMaxBytes: Int
  private let intake: Int
  private let clock: any Clock
  private let refuse: @Sendable (Refusal, SourceContext) -> Void
  private let makeProcessor: @Sendable () throws -> any FrameProcessing
  private let wakeup: Wakeup
  private let isStopping = Atomic(false)
  private let isDone = Atomic(false)
  private let shown = Mutex(Counts())
  private let thread = Mutex<PosixThread?>(nil)

  /// `hasNoRoom` tells a full ring, where `dropNewest` drops, from one that is only busy for a moment;
  /// `intake` is this input's number among the ring's; `refuse` is called on the reader's thread for each line that was not
  /// taken, `makeProcessor` once, on that thread too.
  package init(
    into sink: any BlockSink, whenFull: WhenFull,
    hasNoRoom: @escaping @Sendable () -> Bool = { true }, intake: Int,
    lineMaxBytes: Int = LineReader.lineMaxBytesDefault, clock: any Clock = SystemClock(),
    refuse: @escaping @Sendable (Refusal, SourceContext) -> Void,
    makeProcessor: @escaping @Sendable () throws -> any FrameProcessing
  ) throws(SystemError) {
    (self.sink, self.whenFull, self.intake) = (sink, whenFull, intake)
    self.hasNoRoom = hasNoRoom
    (self.lineMaxBytes, self.clock) = (lineMaxBytes, clock)
    (self.refuse, self.makeProcessor) = (refuse, makeProcessor)
    wakeup = try Wakeup()
  }

  /// What was read so far, from any thread.
  package var counts: Counts { shown.withLock { $0 } }

  /// Whether reading is over and everything was handed on.
  package var hasEnded: Bool { isDone.load(ordering: .acquiring) }

  /// Starts reading a copy of the descriptor; the thread ends at the input's end or after ``stop()``.
  package func start(reading raw: Int32 = 0) throws(SystemError) {
    let content = InputFileContent(
      name: "standard input", descriptor: try .duplicate(of: raw), isSeekable: false)
    let handed = Mutex<InputFileContent?>(content)
    let started = try PosixThread("stdin") { [self] in
      if let content = handed.withLock({ $0.take() }) { run(content) }
      isDone.store(true, ordering: .releasing)
    }
    thread.withLock { $0 = started }
  }

  /// Reads no further; whole lines that were read are still handed over.
  package func stop() {
    isStopping.store(true, ordering: .releasing)
    wakeup.signal()
  }

  /// Waits for the thread's end.
  package func join() -> Counts {
    thread.withLock { $0?.join() }
    return counts
  }

  private func run(_ content: InputFileContent) {
    let source = SourceContext(input: .stdin, peer: "stdin")
    do {
      let feed = LineIntake(
        unit: FrameUnit(source: source, keepsAllOccurrences: false),
        processor: try makeProcessor(), lineMaxBytes: lineMaxBytes, archived: nil)
      let builder = BlockBuilder(intake: intake)
      // Also after an error: what was read before it is good.
      defer {
        builder.seal()
        _ = push(builder)
        tellRefused(feed)
      }
      try readAll(content, feed, builder, source)
    } catch {
      shown.withLock { $0.problem = "\(error)" }
      Log.error("Standard input is read no further: \(error)")
    }
  }

  private func readAll(
    _ content: InputFileContent, _ feed: LineIntake, _ builder: BlockBuilder,
    _ source: SourceContext
  ) throws {
    let reader = LineReader(content, lineMaxBytes: lineMaxBytes)
    var openBlock: (ticket: UInt64, deadline: MonotonicTime)?
    var outcome = LineReader.Outcome.more
    while outcome == .more {
      let span = openBlock.map { $0.deadline.since(clock.now()) }
      let isReady =
        try content.hasBufferedInput || content.waitReadable(orSignal: wakeup, for: span)
      if isStopping.load(ordering: .acquiring) {
        return shown.withLock { $0.wasStopped = true }
      }
      if isReady {
        outcome = try reader.read { piece in
          feed.take(piece, into: builder) { refuse($0, source) }
          return push(builder)
        }
        tellRefused(feed)
      }
      let now = clock.now()
      if let open = openBlock, open.ticket == builder.openTicket, now >= open.deadline {
        builder.seal()
        guard push(builder) else { return shown.withLock { $0.wasStopped = true } }
      }
      if builder.openItemCount == 0 {
        openBlock = nil
      } else if openBlock?.ticket != builder.openTicket {
        openBlock = (builder.openTicket, now + Self.blockAgeMax)
      }
    }
    if outcome == .stopped { shown.withLock { $0.wasStopped = true } }
  }

  /// Hands over sealed blocks; false when the ring has closed.
  private func push(_ builder: BlockBuilder) -> Bool {
    let blocks = builder.sealed
    builder.sealed = []
    for (index, block) in blocks.enumerated() {
      let isTaken = whenFull == .block ? sink.put(block) : offer(block)
      let count = UInt64(block.items.count)
      shown.withLock { if isTaken { $0.events += count } else { $0.dropped += count } }
      guard isTaken || whenFull == .dropNewest else {
        let rest = blocks[(index + 1)...].reduce(0) { $0 + UInt64($1.items.count) }
        shown.withLock { $0.dropped += rest }
        return false
      }
    }
    return true
  }

  /// Waits while the ring is only busy; false when it is full or closed.
  private func offer(_ block: RawBlock) -> Bool {
    while !sink.offer(block) {
      if hasNoRoom() || isStopping.load(ordering: .acquiring) { return false }
      PosixThread.sleep(.milliseconds(1))
    }
    return true
  }

  /// The count travels with the ring's ledger.
  private func tellRefused(_ feed: LineIntake) {
    let news = shown.withLock { counts in
      let news = feed.refused - counts.refused
      counts.refused = feed.refused
      return news
    }
    if news > 0 { sink.noteRefused(news) }
  }
}
