import Synchronization

/// Answers at `control.sock`: one connection at a time, on a thread of its own. A request is a line of JSON with a
/// `command`; the answer is lines of JSON, the last one `{"done":true}` or `{"error":"…"}`.
///
/// Only this agent's user and root are answered: the socket's mode says so, and each peer is asked for.
package final class ControlServer: Sendable {
  private let path: String
  private let commands: [ControlCommand]
  private let streams: [ControlStream]
  private let listeners = ControlListeners()
  private let clock: any Clock
  private let wakeup: Wakeup
  private let isStopping = Atomic<Bool>(false)
  private let thread = Mutex<PosixThread?>(nil)
  private let mayConnect: @Sendable (UInt32) -> Bool

  /// - Parameters:
  ///   - path: of the socket.
  ///   - commands: what can be asked.
  ///   - streams: what can be listened to, each listener on a thread of its own.
  ///   - clock: for time limits.
  ///   - mayConnect: whether a user is answered; a test asks otherwise.
  /// - Throws: the system has no descriptor left.
  package init(
    path: String, commands: [ControlCommand], streams: [ControlStream] = [],
    clock: any Clock = SystemClock(),
    mayConnect: @escaping @Sendable (UInt32) -> Bool = { $0 == 0 || $0 == Environment.userId }
  ) throws(SystemError) {
    self.path = path
    self.commands = commands
    self.streams = streams
    self.clock = clock
    self.mayConnect = mayConnect
    wakeup = try Wakeup()
  }

  /// Binds the socket and serves. What a dead agent left is replaced; where another one answers nothing is touched.
  package func start() throws(ControlError) {
    let listener = try bind()
    do throws(SystemError) {
      let holder = ListenerHolder(listener)
      let started = try PosixThread("control") { [self] in holder.use { serve($0) } }
      thread.withLock { $0 = started }
    } catch {
      throw .cannotListen(path: path, reason: error.description)
    }
  }

  /// Ends the thread and removes the socket. A command that is being done is waited for.
  package func stop() {
    isStopping.store(true, ordering: .releasing)
    wakeup.signal()
    thread.withLock { $0.take() }?.join()
    listeners.stop()
  }

  private func bind() throws(ControlError) -> UnixListener {
    do throws(SystemError) {
      return try UnixListener(at: path, backlog: ControlLimits.connectionsMax)
    } catch {
      guard error.code == SystemError.inUse else {
        throw .cannotListen(path: path, reason: error.description)
      }
    }
    do {
      guard try FileSystem.status(of: path, followLinks: false).kind == .socket else {
        throw ControlError.notASocket(path: path)
      }
      if try isAnswered() { throw ControlError.taken(path: path) }
      try FileSystem.remove(path)
      return try UnixListener(at: path, backlog: ControlLimits.connectionsMax)
    } catch let error as ControlError {
      throw error
    } catch {
      throw .cannotListen(path: path, reason: "\(error)")
    }
  }

  /// Whether somebody listens there; a full backlog is somebody, too.
  private func isAnswered() throws(SystemError) -> Bool {
    do throws(SystemError) {
      _ = try UnixConnection(connectingTo: path)
      return true
    } catch {
      if error.code == SystemError.refused { return false }
      if error.code == SystemError.again { return true }
      throw error
    }
  }

  private func serve(_ listener: borrowing UnixListener) {
    while !isStopping.load(ordering: .acquiring) {
      do throws(SystemError) {
        guard try listener.descriptor.waitReadable(orSignal: wakeup, for: nil) else { continue }
        if let connection = try listener.accept() { answer(connection) }
      } catch {
        Log.warning("The control socket failed; it is tried again", ("reason", "\(error)"))
        PosixThread.sleep(.milliseconds(200))
      }
    }
    listener.removeFile()
  }

  /// One request. Whatever goes wrong with it ends its connection alone.
  private func answer(_ connection: consuming UnixConnection) {
    var connection = connection
    guard let user = connection.peerUserId, mayConnect(user) else {
      Log.warning(
        "Somebody else's process connected to the control socket; it gets no answer",
        ("user", connection.peerUserId.map { "\($0)" } ?? "?"))
      return
    }
    do throws(SystemError) {
      let line = try connection.nextLine(
        limitBytes: ControlLimits.requestBytesMax, until: clock.now() + ControlLimits.transferMax,
        orSignal: wakeup)
      guard let line else { return }
      var text = ""
      do throws(ControlError) {
        if let source = try source(askedForBy: line) {
          return listeners.serve(connection, source, clock: clock)
        }
        for value in perform(line) { text += value.text + "\n" }
      } catch {
        text = Self.refusal(Self.reason(of: error)).text + "\n"
      }
      try connection.send(
        Array(text.utf8), until: clock.now() + ControlLimits.transferMax, orSignal: wakeup)
    } catch {
      guard error.code != SystemError.cancelled else { return }
      Log.warning("A control connection was given up", ("reason", "\(error)"))
      let refusal = Self.refusal("the request did not come whole: \(error)")
      // It may still listen.
      try? connection.send(
        Array((refusal.text + "\n").utf8), until: clock.now() + .milliseconds(100))
    }
  }

  /// nil: the request asks for something else.
  private func source(askedForBy line: [UInt8]) throws(ControlError) -> (any ControlSource)? {
    guard let request = try? JsonValue.parse(line), let name = request["command"]?.string,
      let stream = streams.first(where: { $0.name == name })
    else { return nil }
    return try stream.open(request)
  }

  private func perform(_ line: [UInt8]) -> [JsonValue] {
    guard let request = try? JsonValue.parse(line), request.members != nil,
      let name = request["command"]?.string
    else {
      return [Self.refusal("a request is a line of JSON such as {\"command\":\"NAME\"}")]
    }
    guard let command = commands.first(where: { $0.name == name }) else {
      let known = (commands.map(\.name) + streams.map(\.name)).joined(separator: ", ")
      return [
        Self.refusal("this agent (\(Versions.program)) knows no \"\(name)\"; it knows: \(known)")
      ]
    }
    do throws(ControlError) {
      return try command.run(request) + [.object([("done", .bool(true))])]
    } catch {
      return [Self.refusal(Self.reason(of: error))]
    }
  }

  private static func reason(of error: ControlError) -> String {
    if case .refused(let reason) = error { reason } else { error.description }
  }

  private static func refusal(_ reason: String) -> JsonValue {
    .object([("error", .string(reason))])
  }
}

/// Carries the listener into its thread.
private final class ListenerHolder: Sendable {
  private let listener: UnixListener
  init(_ listener: consuming UnixListener) { self.listener = listener }
  func use(_ body: (borrowing UnixListener) -> Void) { body(listener) }
}
