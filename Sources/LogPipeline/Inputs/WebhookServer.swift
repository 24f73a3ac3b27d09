import CMicrohttpd

/// The webhook's HTTP server. The intake's loop drives it, so all of it runs on one thread and needs no lock.
///
/// libmicrohttpd takes an answer only in a request's first call and after its last byte, and a suspend only with a piece
/// that was not consumed or after the last byte: every step here keeps to that.
@safe final class WebhookServer: ReadyHandler {
  let configuration: WebhookConfiguration
  let loop: EventLoop
  let desk: IntakeDesk
  let signals: IntakeSignals
  let gate: WebhookGate
  let claims: WebhookClaims
  /// What new connections are shown; nil: no TLS.
  let tls: TlsIdentity?
  /// nil: none can be opened.
  let streams: WebSocketInput?
  /// Inflated bytes pass through it; nothing stays in it between two calls.
  let scratch: UnsafeMutableRawBufferPointer
  /// Set once stopping has begun: each answer is the last of its connection.
  private(set) var isQuiesced = false
  /// Set once no body is taken in any more.
  private(set) var isReadingStopped = false
  /// Set once no answer may wait any more.
  private(set) var isFinishing = false

  private let scratchStorage = IntakeBuffer(capacity: 64 << 10)
  private var daemon: OpaquePointer?
  private var token: EventLoop.Token?
  private(set) var connections: [ObjectIdentifier: WebhookConnection] = [:]
  private var requests: [ObjectIdentifier: WebhookRequest] = [:]
  /// Suspended until there is room, oldest first.
  private var waitingForRoom: [WebhookRequest] = []
  /// Suspended until their ticket is durable, oldest first.
  private var waitingForDurable: [WebhookRequest] = []
  /// The library neither says nor signals that something waits for its next run.
  private var isResumed = false
  /// The same for a stream that has ended.
  private var runsOwed = 0
  /// A body was put off within this turn, only so that others get theirs.
  var owesTurn = false
  private let addresses: AddressCounts
  private var addressPace = LogPace()
  private var limitPace = LogPace()
  /// About senders, by what they do wrong.
  var peerPace = PeerPace()
  private var checkTimer: LoopTimer?
  private var waitTimer: LoopTimer?
  private var runTimer: LoopTimer?

  private static let runsPerTurnMax = 8
  /// Under TLS one run passes on what was said last, another closes.
  private static let runsToClose = 2

  init(
    _ configuration: WebhookConfiguration, listener: consuming TcpListener, common: IntakeCommon,
    loop: EventLoop, desk: IntakeDesk, signals: IntakeSignals
  ) throws(IntakeError) {
    self.configuration = configuration
    tls = configuration.tls == .off ? nil : common.tls
    self.loop = loop
    self.desk = desk
    self.signals = signals
    gate = WebhookGate(
      configuration: configuration,
      keys: WebhookKeyring(bearer: configuration.bearer, hmac: configuration.hmac))
    claims = WebhookClaims(ids: common.webhookIds)
    streams = configuration.stream.map {
      WebSocketInput(
        configuration, limits: $0, senders: common.streamSenders, loop: loop, desk: desk,
        signals: signals)
    }
    unsafe scratch = scratchStorage.room
    addresses = common.webhookAddresses
    let raw = listener.takeDescriptor()
    let context = unsafe Unmanaged.passUnretained(self).toOpaque()
    unsafe daemon = cmicrohttpd_start_external(
      raw, UInt32(configuration.connectionsMax), configuration.connectionMemoryBytes,
      tls?.settings.priorities, WebhookCallbacks.table, context)
    guard let daemon = unsafe daemon else {
      _ = FileDescriptor(taking: raw)
      throw .webhookNotStarted(address: configuration.listen)
    }
    checkTimer = loop.makeTimer { [unowned self] in check() }
    waitTimer = loop.makeTimer { [unowned self] in endOverdueWaits() }
    runTimer = loop.makeTimer {}
    streams?.onEnd = { [unowned self] in runsOwed = Self.runsToClose }
    do throws(SystemError) {
      token = try loop.add(unsafe cmicrohttpd_epoll(daemon), self)
    } catch { throw .system(error) }
  }

  deinit {
    invariant(
      waitingForRoom.isEmpty && waitingForDurable.isEmpty && claims.waiting.isEmpty,
      "a webhook request was left suspended")
    if let daemon = unsafe daemon { unsafe MHD_stop_daemon(daemon) }
  }

  var openCount: Int { connections.count }

  /// Whether somebody waits for an answer, or for acknowledgements.
  var isBusy: Bool { !requests.isEmpty || (streams?.openCount ?? 0) > 0 }

  /// Whether a request has begun and its body is not over.
  var isReadingBody: Bool {
    connections.values.contains { $0.stage == .body }
      || requests.values.contains { $0.waitsFor == .room } || streams?.isReading == true
  }

  /// Whether a body goes on in the next turn, which nothing else may wake the loop for.
  var isTurnOwed: Bool { owesTurn && desk.hasRoom }

  /// libmicrohttpd has something to do at once.
  var wantsTurn: Bool {
    guard let daemon = unsafe daemon else { return false }
    return unsafe isResumed || runsOwed > 0 || cmicrohttpd_timeout_ms(daemon) == 0
  }

  func becameReady() { run() }

  /// Wakes those whose wait is over and lets libmicrohttpd do what it put off.
  func endTurn() {
    owesTurn = false
    settleClaims()
    resumeDurable()
    if desk.hasRoom { resumeWithRoom() }
    streams?.endTurn()
    for _ in 0..<Self.runsPerTurnMax where wantsTurn { run() }
    guard let daemon = unsafe daemon else { return }
    let timeout = unsafe cmicrohttpd_timeout_ms(daemon)
    if timeout > 0 { runTimer?.arm(at: loop.now() + .milliseconds(timeout)) }
  }

  private func run() {
    guard let daemon = unsafe daemon else { return }
    isResumed = false
    runsOwed = max(0, runsOwed - 1)
    unsafe _ = MHD_run(daemon)
  }

  /// Closes the listener. Connections between two requests end now, the others after their answer.
  func quiesce() {
    guard !isQuiesced, let daemon = unsafe daemon else { return }
    isQuiesced = true
    // Clients in the kernel's queue would hang until the daemon stops, so the descriptor is closed here.
    let raw = unsafe MHD_quiesce_daemon(daemon)
    if raw >= 0 { _ = FileDescriptor(taking: raw) }
    for connection in connections.values where connection.stage == .idle {
      TcpSocket.endBoth(connection.raw)
    }
  }

  /// Bodies that are not over are answered 503; so is who still waits for room.
  func stopReading() {
    isReadingStopped = true
    for request in waitingForRoom { resume(request) }
    waitingForRoom = []
    for request in requests.values {
      switch request.phase {
      case .receiving, .feeding: request.discard(.unavailable("The agent is stopping.", .stopping))
      default: break
      }
    }
    streams?.stopReading()
  }

  /// Nothing more becomes durable: whoever waits is answered for what is.
  func finishAnswers() {
    isFinishing = true
    settleClaims()
    for request in waitingForDurable + claims.waiting { resume(request) }
    waitingForDurable = []
    claims.waiting = []
    streams?.finishAnswers()
    for connection in connections.values where connection.stage != .body {
      if requests.values.contains(where: { $0.connection === connection }) { continue }
      TcpSocket.endBoth(connection.raw)
    }
  }

  /// Ends the connections that are left and the daemon.
  func stop() {
    quiesce()
    stopReading()
    finishAnswers()
    streams?.endAll()
    guard let stopping = unsafe daemon else { return }
    for _ in 0..<Self.runsToClose { unsafe _ = MHD_run(stopping) }
    if let token { loop.remove(unsafe cmicrohttpd_epoll(stopping), token) }
    token = nil
    unsafe daemon = nil
    unsafe MHD_stop_daemon(stopping)
    for timer in [checkTimer, waitTimer, runTimer] { timer?.disarm() }
  }

  // What the callbacks call; see WebhookServer+Requests.swift for the requests.

  func open(_ raw: Int32) -> WebhookConnection {
    let peer = TcpSocket.peer(of: raw)
    let isAdmitted = addresses.admit(TcpSocket.host(ofPeer: peer))
    let connection = WebhookConnection(
      raw: raw, peer: peer, isAdmitted: isAdmitted, now: loop.now())
    connections[ObjectIdentifier(connection)] = connection
    desk.counters.webhookConnectionsTotal &+= 1
    checkTimer?.armIfIdle(at: loop.now() + configuration.checkInterval)
    if connections.count == configuration.connectionsMax { didReachLimit() }
    if !isAdmitted {
      desk.counters.webhookOverAddressLimit &+= 1
      // There is no way to refuse here: the library will read the end of the stream and close.
      TcpSocket.endBoth(raw)
      if addressPace.isDue(at: loop.now()) {
        Log.warning(
          "A sender has as many webhook connections as one address may; more of them are closed. Raise inputs.webhook.connections_per_address if that is meant.",
          ("peer", peer), ("limit", "\(addresses.limit(of: TcpSocket.host(ofPeer: peer)))"))
      }
    }
    return connection
  }

  /// Whoever comes now waits in the kernel's queue until a connection ends.
  private func didReachLimit() {
    desk.counters.webhookAtLimit &+= 1
    guard limitPace.isDue(at: loop.now()) else { return }
    Log.warning(
      "All webhook connections are taken; new senders wait until one ends. Raise inputs.webhook.connections_max if that is meant.",
      ("limit", "\(configuration.connectionsMax)"))
  }

  func close(_ connection: WebhookConnection) {
    if connection.isAdmitted, !connection.isEnded, connection.stage == .headers {
      desk.counters.webhookCutHeads &+= 1
    }
    endTls(connection)
    if connection.isAdmitted { addresses.leave(connection.host) }
    // Only its next run makes the library listen again.
    if connections.count == configuration.connectionsMax { isResumed = true }
    connections[ObjectIdentifier(connection)] = nil
  }

  func begin(_ request: WebhookRequest) { requests[ObjectIdentifier(request)] = request }

  /// The library is done with it: answered, or the client went away.
  func end(_ request: WebhookRequest) {
    request.body?.drop()
    releaseClaim(of: request)
    requests[ObjectIdentifier(request)] = nil
    request.connection.enter(.idle, at: loop.now())
    if isQuiesced { checkTimer?.arm(at: loop.now()) }
  }

  /// Suspends it: what it waits for, or its time limit, resumes it.
  func suspend(_ request: WebhookRequest, until wait: WebhookRequest.Wait) {
    let now = loop.now()
    request.startWaiting(for: wait, at: now)
    unsafe MHD_suspend_connection(request.handle)
    switch wait {
    case .room:
      waitingForRoom.append(request)
      waitTimer?.armIfSooner(at: now + configuration.roomWaitMax)
    case .durable:
      waitingForDurable.append(request)
      waitTimer?.armIfSooner(at: now + configuration.durableWaitMax)
    case .twin:
      claims.waiting.append(request)
      waitTimer?.armIfSooner(at: now + configuration.durableWaitMax)
    }
  }

  func resume(_ request: WebhookRequest) {
    request.stopWaiting(at: loop.now())
    isResumed = true
    unsafe MHD_resume_connection(request.handle)
  }

  private func resumeDurable() {
    if signals.isReadOnly {
      // What is not durable by now never will be: nobody is made to wait for it.
      let ready = waitingForDurable
      waitingForDurable = []
      for request in ready { resume(request) }
      return
    }
    guard let first = waitingForDurable.first, isDurable(first) else { return }
    let ready = waitingForDurable.prefix { isDurable($0) }
    waitingForDurable.removeFirst(ready.count)
    for request in ready { resume(request) }
  }

  func isDurable(_ request: WebhookRequest) -> Bool {
    (request.body?.ticket ?? 0) <= desk.durableTicket
  }

  private func resumeWithRoom() {
    guard !waitingForRoom.isEmpty else { return }
    let waiting = waitingForRoom
    waitingForRoom = []
    for request in waiting {
      if let body = request.body, !desk.budget.mayGoOn(body), !signals.isReadOnly {
        waitingForRoom.append(request)
      } else {
        resume(request)
      }
    }
  }

  /// Who has waited too long is answered 503.
  private func endOverdueWaits() {
    let now = loop.now()
    let lateForRoom = waitingForRoom.filter {
      now.since($0.waitsSince) >= configuration.roomWaitMax
    }
    waitingForRoom.removeAll { request in lateForRoom.contains { $0 === request } }
    for request in lateForRoom {
      request.discard(
        .unavailable(
          desk.hasRoom
            ? "Other senders held the input budget (inputs.budget) for \(configuration.roomWaitMax)."
            : "The ring is full and had no room for \(configuration.roomWaitMax).",
          desk.hasRoom ? .budget : .room))
      resume(request)
    }
    resumeOverdueTwins(now)
    let lateForDisk = waitingForDurable.prefix {
      now.since($0.waitsSince) >= configuration.durableWaitMax
    }
    waitingForDurable.removeFirst(lateForDisk.count)
    for request in lateForDisk { resume(request) }
    armWaitTimer()
  }

  private func armWaitTimer() {
    if let next = waitingForRoom.first {
      waitTimer?.armIfSooner(at: next.waitsSince + configuration.roomWaitMax)
    }
    if let next = waitingForDurable.first {
      waitTimer?.armIfSooner(at: next.waitsSince + configuration.durableWaitMax)
    }
    if let next = claims.waiting.compactMap(\.twinUntil).min() {
      waitTimer?.armIfSooner(at: next)
    }
  }

  /// The time limits the library does not know, and clients that left while they were suspended.
  private func check() {
    let now = loop.now()
    for connection in connections.values {
      noteHandshake(connection)
      guard let overdue = connection.overdue(at: now, configuration) else {
        if isQuiesced, connection.stage == .idle { TcpSocket.endBoth(connection.raw) }
        continue
      }
      switch overdue {
      case .handshake: connection.tls?.failure = TlsFailure(.timeout, "no more came")
      case .headers: desk.counters.webhookSlowHeaders &+= 1
      case .body: desk.counters.webhookSlowBodies &+= 1
      case .idle: desk.counters.webhookIdleClosed &+= 1
      }
      connection.isEnded = true
      TcpSocket.endBoth(connection.raw)
    }
    endStalled(now)
    abandonTheDead(in: &waitingForRoom, now)
    abandonTheDead(in: &waitingForDurable, now)
    abandonTheDead(in: &claims.waiting, now)
    if !connections.isEmpty { checkTimer?.armIfIdle(at: now + configuration.checkInterval) }
  }

  /// The body that alone may go on while the input budget is spent must do so, since everybody else waits for it.
  private func endStalled(_ now: MonotonicTime) {
    for request in requests.values {
      let connection = request.connection
      // Without room in the ring it is we who do not read.
      guard desk.budget.isSpent, desk.hasRoom, case .receiving = request.phase,
        let body = request.body, request.waitsFor == nil, desk.budget.mayGoOn(body)
      else {
        connection.holdsNobodyUp()
        continue
      }
      guard connection.isStalled(at: now, configuration) else { continue }
      desk.counters.webhookStalled &+= 1
      Log.warning(
        "A webhook sender held most of the input budget with a body it hardly went on with; its connection was closed, its whole events kept.",
        ("peer", connection.peer), ("bytes", "\(body.wireBytes)"))
      TcpSocket.endBoth(connection.raw)
    }
  }

  /// One that only closed its sending side may still want its answer: it is given a check's time for it.
  private func abandonTheDead(in waiting: inout [WebhookRequest], _ now: MonotonicTime) {
    let dead = waiting.filter { request in
      switch TcpSocket.presence(request.connection.raw) {
      case .here: false
      case .finishedSending: now.since(request.waitsSince) >= configuration.checkInterval
      case .gone: true
      }
    }
    guard !dead.isEmpty else { return }
    waiting.removeAll { request in dead.contains { $0 === request } }
    for request in dead {
      desk.counters.webhookAbandoned &+= 1
      request.phase = .abandoned
      resume(request)
    }
  }
}
