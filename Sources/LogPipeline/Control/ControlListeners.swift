import Synchronization

/// The threads that tell listeners of streams what they asked for; one that reads slowly holds up nobody else.
final class ControlListeners: Sendable {
  private struct State {
    var threads: [Int: PosixThread] = [:]
    var ended: [Int] = []
    var next = 0
    /// Signalled once, at the stop.
    var wakeup: Wakeup?
  }
  private let state = Mutex(State())
  private let isStopping = Atomic<Bool>(false)

  /// How long a listener that went away, or the stop, may go unnoticed while nothing is told.
  private static let look = Duration.milliseconds(200)
  /// A listener that reads nothing for so long, a stopped pager perhaps, is given up.
  private static let patience = Duration.seconds(86_400)

  /// Takes the connection over; closes it, and the source, when it can not.
  func serve(_ connection: consuming UnixConnection, _ source: any ControlSource, clock: any Clock)
  {
    reap()
    guard state.withLock({ $0.threads.count }) < ControlLimits.listenersMax else {
      source.close()
      try? connection.send(
        Array("{\"error\":\"too many listen already\"}\n".utf8),
        until: clock.now() + .milliseconds(100))
      return
    }
    do throws(SystemError) {
      let wakeup = try state.withLock { state throws(SystemError) in
        if let made = state.wakeup { return made }
        let made = try Wakeup()
        state.wakeup = made
        return made
      }
      let number = state.withLock { state in
        state.next += 1
        return state.next
      }
      let holder = ConnectionHolder(connection)
      let thread = try PosixThread("listener") { [self] in
        holder.use { tell(&$0, source, wakeup, clock) }
        source.close()
        state.withLock { $0.ended.append(number) }
      }
      state.withLock { $0.threads[number] = thread }
    } catch {
      source.close()
      Log.warning("A listener at the control socket was turned away", ("reason", "\(error)"))
    }
  }

  /// Ends all and waits for them.
  func stop() {
    isStopping.store(true, ordering: .releasing)
    let threads = state.withLock { state in
      state.wakeup?.signal()
      defer { state.threads = [:] }
      return state.threads
    }
    for thread in threads.values { thread.join() }
  }

  private func tell(
    _ connection: inout UnixConnection, _ source: any ControlSource, _ wakeup: Wakeup,
    _ clock: any Clock
  ) {
    // Nobody's events wait for this.
    PosixThread.giveWay()
    while !isStopping.load(ordering: .acquiring) {
      let bytes = source.next(until: clock.now() + Self.look)
      if bytes.isEmpty {
        if connection.isPeerGone { return }
        continue
      }
      do throws(SystemError) {
        try connection.send(bytes, until: clock.now() + Self.patience, orSignal: wakeup)
      } catch { return }
    }
    try? connection.send(Array("{\"done\":true}\n".utf8), until: clock.now() + .milliseconds(100))
  }

  private func reap() {
    let ended = state.withLock { state in
      defer { state.ended = [] }
      return state.ended.compactMap { state.threads.removeValue(forKey: $0) }
    }
    for thread in ended { thread.join() }
  }
}

/// Carries a connection into its thread.
private final class ConnectionHolder: @unchecked Sendable {
  // @unchecked Sendable: used by one thread alone, once it has started.
  private var connection: UnixConnection
  init(_ connection: consuming UnixConnection) { self.connection = connection }
  func use(_ body: (inout UnixConnection) -> Void) { body(&connection) }
}
