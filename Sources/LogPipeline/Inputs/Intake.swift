import Synchronization

/// One intake: a thread with an event loop that reads TCP and the webhook, makes blocks, and offers them to the sink.
///
/// Owned by the agent. Life: `init` (binds the ports), `start`, then from other threads `ticketDurable`,
/// `roomAppeared`, `setReadOnly`, `snapshot`. To stop, in this order: `requestStop`, `waitUntilHandedOver`,
/// (the ring makes all durable), `finishAnswers`, `join`.
package final class Intake: TicketTaking, @unchecked Sendable {
  // @unchecked Sendable: `signals`, `published`, `handedOver` and the loop's wakeup are safe from any thread, `thread`
  // belongs to the owner; everything else is touched by the intake's own thread once it runs.
  private enum Phase {
    case running
    /// Listeners are closed; what is open is read until it ends, falls silent, or the time is over.
    case readingRest
    /// Nothing more is read; the last blocks wait for room.
    case handingOver
    /// The sink has all blocks: only answers are left.
    case answering
    /// All answers are given; the connections end.
    case closing
  }

  /// The ports that were bound; nil where none is configured.
  package let tcpPort: UInt16?
  package let webhookPort: UInt16?

  private let loop: EventLoop
  private let desk: IntakeDesk
  private let tcp: TcpInput?
  private let webhook: WebhookServer?
  private let common: IntakeCommon
  private let name: String
  private let publishMore: () -> Void
  private let signals = IntakeSignals()
  private let published = Mutex(IntakeSnapshot())
  private let handedOver = Mailbox<Bool>(capacity: 1)
  private var thread: PosixThread?
  private var trickle = TricklePace()
  private var tcpBytesBefore: UInt64 = 0
  private var phase = Phase.running
  private var stopTimer: LoopTimer?
  private var closeUntil = MonotonicTime.distantFuture
  /// How long clients have to take their last answer.
  private static let closeMax: Duration = .milliseconds(500)
  /// While stopping, a TCP sender silent for so long is taken to have finished.
  private static let silenceMax: Duration = .seconds(1)

  /// Binds the ports; nothing is accepted before ``start()``.
  /// - Parameters:
  ///   - configuration: ports and limits.
  ///   - mill: processor and block builder; they belong to the intake's thread from `start` on.
  ///   - sink: takes the blocks.
  ///   - refusedLog: lists the refused frames; may be shared between intakes.
  ///   - clock: the system's, but for tests.
  ///   - scrub: takes what is private out of a refused frame's first bytes.
  ///   - common: shared between intakes; nil: this one is alone.
  ///   - publishMore: called on the intake's thread at the end of each turn that did something, e.g. to publish the
  ///     processor's counters.
  /// - Throws: a port that is taken, or too few resources.
  package init(
    _ configuration: IntakeConfiguration, mill: FrameMill, sink: any BlockSink,
    refusedLog: RefusedLog? = nil, clock: any Clock = SystemClock(),
    scrub: @escaping ([UInt8]) -> [UInt8] = { _ in [] }, common: IntakeCommon? = nil,
    publishMore: @escaping () -> Void = {}
  ) throws(IntakeError) {
    self.publishMore = publishMore
    let loop: EventLoop
    do throws(SystemError) {
      loop = try EventLoop(clock: clock, name: configuration.name)
    } catch { throw .system(error) }
    self.loop = loop
    name = configuration.name
    desk = IntakeDesk(
      mill: mill, sink: sink, refusedLog: refusedLog,
      budget: try InputBudget(
        limitBytes: configuration.budgetBytes, frameBytesMax: configuration.lineBytesMax,
        signedBytesMax: configuration.signedBytesMax),
      lineBytesMax: configuration.lineBytesMax, clock: clock, scrub: scrub)
    let shared: IntakeCommon
    if let common {
      shared = common
    } else {
      shared = try IntakeCommon(configuration, clock: clock)
    }
    self.common = shared
    let isShared = configuration.threads > 1
    var webhookAddress: String?
    if var wanted = configuration.webhook {
      wanted.tracesBytesMax = configuration.tracesBytesMax
      let listener = try Self.listen(on: wanted.listen, setting: "inputs.webhook.listen", isShared)
      webhookPort = listener.port
      webhookAddress =
        "\(TcpSocket.host(ofPeer: wanted.listen)):\(listener.port)\(wanted.paths.first ?? "/")"
      webhook = try WebhookServer(
        wanted, listener: listener, common: shared, loop: loop, desk: desk, signals: signals)
    } else {
      webhookPort = nil
      webhook = nil
    }
    if let wanted = configuration.tcp {
      let listener = try Self.listen(on: wanted.listen, setting: "inputs.tcp.listen", isShared)
      tcpPort = listener.port
      tcp = TcpInput(
        wanted, listener: listener, webhookAddress: webhookAddress, common: shared, loop: loop,
        desk: desk)
    } else {
      tcpPort = nil
      tcp = nil
    }
  }

  /// Starts the thread.
  package func start() throws(IntakeError) {
    loop.onWakeup = { [unowned self] in takeSignals() }
    loop.onAllReady = { [unowned self] in tcp?.takeReads() }
    loop.onTurnEnd = { [unowned self] ready in endTurn(ready) }
    loop.pauseBeforeLooking = { [unowned self] in trickle.pause(at: loop.now()) }
    stopTimer = loop.makeTimer { [unowned self] in goOnStopping() }
    do throws(SystemError) { thread = try PosixThread(name) { [self] in run() } } catch {
      throw .system(error)
    }
  }

  /// All blocks of this intake up to `ticket` are on disk. Any thread, cheap.
  package func ticketDurable(_ ticket: UInt64) {
    signals.raiseDurable(to: ticket)
    loop.wakeup.signal()
  }

  /// The sink has room again after it had refused a block. Any thread.
  package func roomAppeared() { loop.wakeup.signal() }

  /// While the ring takes nothing for good, the webhook answers 503 at once. Any thread.
  package func setReadOnly(_ isReadOnly: Bool) {
    signals.setReadOnly(isReadOnly)
    loop.wakeup.signal()
  }

  /// Keys that lie in files are read again before the next request is judged. Any thread.
  package func reload() { signals.requestReload() }

  /// Takes a certificate whose files have changed. Call it once a second from one thread.
  package func lookAtCertificate() { common.tls?.look() }

  /// How the certificate stands; nil: no input uses TLS. Any thread.
  package var certificate: TlsSnapshot? { common.tls?.snapshot }

  /// Whether the intake's thread comes back from its work.
  package var pulse: ThreadPulse { loop.pulse }

  /// The counters as of the last turn of the loop. Any thread.
  package var snapshot: IntakeSnapshot { published.withLock { $0 } }

  /// Closes the listeners and reads what is open to its end, or until it is silent for a second.
  /// - Parameters:
  ///   - readUntil: then nothing more is read.
  ///   - answerUntil: then everybody who still waits is answered 503.
  package func requestStop(readUntil: MonotonicTime, answerUntil: MonotonicTime) {
    signals.requestStop(.init(readUntil: readUntil, answerUntil: answerUntil))
    loop.wakeup.signal()
  }

  /// Waits until the last block is with the sink. False: it had no room until `answerUntil`, so events that were read
  /// from TCP are not stored (webhook senders were told).
  package func waitUntilHandedOver() -> Bool { handedOver.take() ?? false }

  /// No more will become durable: each waiting request is answered for what is, then the thread ends.
  package func finishAnswers() {
    signals.finishAnswers()
    loop.wakeup.signal()
  }

  /// Waits until the thread has ended; call it once.
  package func join() {
    thread?.join()
    thread = nil
  }

  static func listen(
    on address: String, setting: String, _ isShared: Bool
  ) throws(IntakeError) -> TcpListener {
    do throws(SystemError) {
      return try TcpListener(listeningOn: address, isShared: isShared)
    } catch {
      throw .cannotListen(setting: setting, address: address, cause: error)
    }
  }

  private func run() {
    tcp?.listen()
    loop.run()
    publish()
  }

  private func takeSignals() {
    desk.didBecomeDurable(signals.durableTicket)
    if !desk.hasRoom { desk.offerBlocks() }
    // A connection on another intake may have ended.
    tcp?.listenAgain()
    if signals.stopRequest != nil { goOnStopping() }
  }

  private func endTurn(_ ready: Int) -> Bool {
    tcp?.readOn()
    tcp?.resumeParked()
    webhook?.endTurn()
    trickle.note(
      reads: ready, bytes: desk.counters.tcpBytes &- tcpBytesBefore,
      isBusy: webhook?.isBusy ?? false, at: loop.now())
    tcpBytesBefore = desk.counters.tcpBytes
    // What is to wait for a pause would be lost with the process.
    let looksAgain = desk.endTurn(isIdle: ready == 0 || trickle.isTrickle)
    publish()
    return looksAgain || webhook?.wantsTurn == true || webhook?.isTurnOwed == true
      || tcp?.wantsTurn == true
  }

  private func publish() {
    desk.counters.isPaused = !desk.hasRoom
    desk.counters.partialBytes = UInt64(desk.budget.totalBytes)
    desk.counters.tcpConnectionsOpen = UInt64(tcp?.openCount ?? 0)
    desk.counters.tcpTls.pending = UInt64(tcp?.handshakes ?? 0)
    desk.counters.webhookTls.pending = UInt64(webhook?.handshakesPending ?? 0)
    desk.counters.webhookConnectionsOpen = UInt64(webhook?.openCount ?? 0)
    desk.counters.webhookIds = UInt64(webhook?.claims.ids.count ?? 0)
    desk.counters.streamsOpen = UInt64(webhook?.streams?.openCount ?? 0)
    published.withLock { $0 = desk.counters }
    publishMore()
  }
}

// Stopping.
extension Intake {
  /// Called again and again from the first request on: each call goes as far as is possible now.
  private func goOnStopping() {
    guard let stop = signals.stopRequest else { return }
    let now = loop.now()
    if phase == .running {
      phase = .readingRest
      tcp?.quiesce(silenceMax: Self.silenceMax)
      webhook?.quiesce()
    }
    if phase == .readingRest, isAllRead || now >= stop.readUntil {
      phase = .handingOver
      tcp?.endAll()
      webhook?.stopReading()
      desk.sealOpenBlock()
    }
    if phase == .handingOver, desk.hasRoom || now >= stop.answerUntil {
      phase = .answering
      if !desk.hasRoom {
        Log.error(
          "Stopping without room in the ring: events read over TCP and not stored yet are lost, webhook senders are told to send again. Give the ring more room (ring.size) or mend delivery.",
          ("events", "\(desk.counters.inHand)"))
      }
      _ = handedOver.offer(desk.hasRoom)
    }
    if phase == .answering, signals.isFinishing || now >= stop.answerUntil {
      phase = .closing
      // What became durable while this turn ran counts, too.
      desk.didBecomeDurable(signals.durableTicket)
      webhook?.finishAnswers()
      closeUntil = now + Self.closeMax
    }
    if phase == .closing, webhook?.openCount ?? 0 == 0 || now >= closeUntil {
      webhook?.stop()
      loop.stop()
      return
    }
    stopTimer?.arm(at: loop.now() + .milliseconds(20))
  }

  private var isAllRead: Bool {
    (tcp?.isEmpty ?? true) && !(webhook?.isReadingBody ?? false)
  }
}
