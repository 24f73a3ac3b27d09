import Synchronization

/// Follows growing log files (`inputs.follow`): one thread for all of them, woken by inotify and by the clock.
///
/// Owned by the agent. Life: `init`, `start`; from other threads `ticketDurable`, `roomAppeared`, `snapshot`. To stop, in
/// this order: `requestStop`, `waitUntilHandedOver`, (the ring makes all durable), `finish`, `join`.
package final class FollowInput: TicketTaking, @unchecked Sendable {
  // @unchecked Sendable: `signals`, `published`, `handedOver` and the loop's wakeup are safe from any thread, `thread`
  // belongs to the owner; everything else is touched by the follow thread once it runs.
  private enum Phase { case reading, handingOver, handedOver }

  private let configuration: FollowConfiguration
  private let loop: EventLoop
  private let reader: FollowReader
  private var desk: IntakeDesk { reader.desk }
  private let watch: DirectoryWatch?
  private let publishMore: () -> Void
  private let signals = IntakeSignals()
  private let published = Mutex(FollowSnapshot())
  private let handedOver = Mailbox<Bool>(capacity: 1)
  private var thread: PosixThread?
  private var phase = Phase.reading

  private var lookTimer: LoopTimer?
  /// For the next pass after news, and for saves.
  private var paceTimer: LoopTimer?
  private var isLookWanted = true
  private var isReadWanted = true
  private var lastPass: MonotonicTime?
  private var foldersUnwatched = 0
  private var watchPace = LogPace()

  /// Between two passes that events asked for: a busy writer makes thousands of events a second.
  private static let paceMin: Duration = .milliseconds(5)

  /// Reads the positions of earlier runs; no file is opened before ``start()``. `publishMore` is called on the follow
  /// thread at the end of each turn.
  package init(
    _ configuration: FollowConfiguration, mill: FrameMill, sink: any BlockSink,
    refusedLog: RefusedLog? = nil, clock: any Clock = SystemClock(),
    publishMore: @escaping () -> Void = {}
  ) throws(IntakeError) {
    self.configuration = configuration

    self.publishMore = publishMore
    reader = try FollowReader(
      configuration, mill: mill, sink: sink, refusedLog: refusedLog, clock: clock)
    do throws(SystemError) { loop = try EventLoop(clock: clock, name: "follow") } catch {
      throw .system(error)
    }
    do throws(SystemError) { watch = try DirectoryWatch() } catch {
      watch = nil
      Log.warning(
        "Followed files are looked at by the clock alone (inputs.follow.poll): the system gives no inotify.",
        ("cause", "\(error)"))
    }
  }

  /// Starts the thread.
  package func start() throws(IntakeError) {
    loop.onWakeup = { [unowned self] in takeSignals() }
    loop.onTurnEnd = { [unowned self] _ in endTurn() }
    lookTimer = loop.makeTimer { [unowned self] in
      (isLookWanted, isReadWanted) = (true, true)
    }
    paceTimer = loop.makeTimer {}
    do throws(SystemError) {
      if let watch { _ = try loop.add(watch.raw, self) }
      loop.wakeup.signal()
      thread = try PosixThread("follow") { [self] in loop.run() }
    } catch { throw .system(error) }
  }

  package func ticketDurable(_ ticket: UInt64) {
    signals.raiseDurable(to: ticket)
    loop.wakeup.signal()
  }

  package func roomAppeared() { loop.wakeup.signal() }

  /// Whether the follow thread comes back from its work: a network file system may hold it.
  package var pulse: ThreadPulse { loop.pulse }

  /// As of the thread's last turn. Any thread.
  package var snapshot: FollowSnapshot { published.withLock { $0 } }

  /// Reads no further and hands over the last block; it waits for room in the ring until the deadline.
  package func requestStop(until deadline: MonotonicTime) {
    signals.requestStop(.init(readUntil: deadline, answerUntil: deadline))
    loop.wakeup.signal()
  }

  /// Waits until the ring has the last block. False: it had no room; those lines are read again after the next start.
  package func waitUntilHandedOver() -> Bool { handedOver.take() ?? false }

  /// No more will become durable: the last positions are saved, and the thread ends.
  package func finish() {
    signals.finishAnswers()
    loop.wakeup.signal()
  }

  /// Waits until the thread has ended; call it once.
  package func join() {
    thread?.join()
    thread = nil
  }

  private func takeSignals() {
    takeDurable()
    if !desk.hasRoom { desk.offerBlocks() }
    if desk.hasRoom { isReadWanted = true }
  }

  private func takeDurable() {
    reader.becameDurable(signals.durableTicket)
  }

  private func endTurn() -> Bool {
    if phase == .reading, signals.stopRequest != nil { stopReading() }
    var isMore = false
    if phase == .reading { isMore = pass() }
    let looksAgain = desk.endTurn(isIdle: !isMore)
    takeDurable()
    if phase == .handingOver { handOver() }
    if phase == .handedOver, signals.isFinishing { end() }
    reader.saveIfDue()
    if reader.wantsSave { paceTimer?.armIfSooner(at: loop.now() + configuration.saveEvery) }
    publish()
    return looksAgain || isMore && desk.hasRoom
  }

  /// Looks and reads when there is reason to, but not more often than the pace.
  /// - Returns: whether there is more to read at once.
  private func pass() -> Bool {
    guard isLookWanted || isReadWanted else { return false }
    let now = loop.now()
    if let lastPass, now.since(lastPass) < Self.paceMin {
      paceTimer?.armIfSooner(at: lastPass + Self.paceMin)
      return false
    }
    if isLookWanted {
      isLookWanted = false
      // Before the look: what comes in between is told.
      watchFolders()
      reader.look()
      watchFolders()
      lookTimer?.arm(at: loop.now() + configuration.poll)
    }
    isReadWanted = reader.readAll()
    // What is more is read in the next turn, without a pause.
    lastPass = isReadWanted ? nil : loop.now()
    return isReadWanted
  }

  private func watchFolders() {
    guard let watch else { return }
    foldersUnwatched = watch.watch(reader.foldersToWatch)
    if foldersUnwatched > 0, watchPace.isDue(at: loop.now()) {
      Log.info(
        "Some folders of followed files can not be watched; they are looked at by the clock (inputs.follow.poll). Raise fs.inotify.max_user_watches if there are many.",
        ("folders", "\(foldersUnwatched)"))
    }
  }

  private func stopReading() {
    phase = .handingOver
    desk.sealOpenBlock()
  }

  private func handOver() {
    guard desk.hasRoom || loop.now() >= signals.stopRequest?.answerUntil ?? loop.now() else {
      paceTimer?.armIfSooner(at: loop.now() + .milliseconds(20))
      return
    }
    phase = .handedOver
    if !desk.hasRoom {
      Log.warning(
        "Stopping without room in the ring: the last lines of followed files are read again after the next start."
      )
    }
    _ = handedOver.offer(desk.hasRoom)
  }

  private func end() {
    // What became durable while this turn ran counts, too.
    takeDurable()
    if reader.wantsSave { reader.save() }
    loop.stop()
  }

  private func publish() {
    desk.counters.isPaused = !desk.hasRoom
    var snapshot = reader.snapshot
    snapshot.foldersUnwatched = UInt64(foldersUnwatched)
    published.withLock { $0 = snapshot }
    publishMore()
  }
}

extension FollowInput: ReadyHandler {
  /// Something happened in a watched folder.
  func becameReady() {
    guard let news = watch?.take() else { return }
    if news.content { isReadWanted = true }
    if news.names { (isLookWanted, isReadWanted) = (true, true) }
  }
}
