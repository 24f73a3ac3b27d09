/// All event streams of one intake: reads them as long as the desk has room, acknowledges what is durable, closes them.
///
/// Each came in as a request to the webhook, whose limits of connections hold for it, and stays libmicrohttpd's connection,
/// suspended, until it ends. Confined to the intake's thread.
@safe final class WebSocketInput {
  /// One for all streams: what is not a whole event is copied out before the next read.
  let readBuffer: UnsafeMutableRawBufferPointer
  let senders: WebSocketSenders
  /// Called when libmicrohttpd has a connection to close, which it does when it runs next.
  var onEnd: () -> Void = {}
  /// Set once no message is taken in any more.
  private(set) var isReadingStopped = false

  private let storage = IntakeBuffer(capacity: 64 << 10)
  private let configuration: WebhookConfiguration
  private let limits: WebSocketConfiguration
  private let loop: EventLoop
  private let desk: IntakeDesk
  private let signals: IntakeSignals
  private var connections: [ObjectIdentifier: WebSocketConnection] = [:]
  private var fresh: [Fresh] = []
  private var parked: [WebSocketConnection] = []
  /// Of streams that ended before all their messages were on disk.
  private var departed: [(claim: WebSocketSenders.Claim, acks: WebSocketAcks)] = []
  private let replaced: ReplacedStreams
  private var toldUntil: UInt64 = 0
  private var toldAt: MonotonicTime
  private var hasNews = false
  private var checkTimer: LoopTimer?
  private var ackTimer: LoopTimer?
  private var replacedPace = LogPace()

  private struct Fresh {
    let connection: WebSocketConnection
    let early: [UInt8]
    let resume: String?
  }

  private static let departedMax = 1024
  /// While stopping, a stream silent for so long is taken to have said all.
  private static let silenceMax: Duration = .seconds(1)

  init(
    _ configuration: WebhookConfiguration, limits: WebSocketConfiguration,
    senders: WebSocketSenders, loop: EventLoop, desk: IntakeDesk, signals: IntakeSignals
  ) {
    self.configuration = configuration
    self.limits = limits
    self.loop = loop
    self.desk = desk
    self.signals = signals
    self.senders = senders
    replaced = ReplacedStreams(wakeup: loop.wakeup)
    unsafe readBuffer = storage.room
    toldAt = loop.now()
    checkTimer = loop.makeTimer { [unowned self] in check() }
    ackTimer = loop.makeTimer {}
  }

  var openCount: Int { connections.count }
  /// Where streams are opened.
  var path: String { limits.path }

  /// While stopping: somebody may still be in the middle of sending.
  var isReading: Bool {
    let now = loop.now()
    return !isReadingStopped
      && connections.values.contains {
        $0.isOpen && ($0.token == nil || now.since($0.times.lastReceived) < Self.silenceMax)
      }
  }

  /// A handshake was answered: the socket speaks WebSocket from here on. Within libmicrohttpd's run, so nothing is read yet.
  func open(
    _ opening: WebSocketOpening, _ head: WebhookHead, pass: WebhookPass, peer: String, raw: Int32,
    isDirect: Bool, handle: OpaquePointer, early: [UInt8]
  ) {
    let now = loop.now()
    var next = opening.from ?? 1
    var resume: String?
    var claim: WebSocketSenders.Claim?
    if let sender = opening.sender {
      var team: String?
      if case .key(let held) = pass { team = held.key.team }
      let known = WebSocketSenders.Name(team: team, sender: sender)
      takeOver(known)
      let beginning = senders.begin(known, from: opening.from, at: now) { [replaced] in
        replaced.add($0)
      }
      next = beginning.next
      resume = "{\"resume\":\(beginning.last.map { "\($0)" } ?? "null"),\"next\":\(next)}"
      claim = beginning.claim
    }
    var head = head
    head.headers["content-encoding"] = nil
    let connection = unsafe WebSocketConnection(
      opening, head, pass: pass, peer: peer, next: next, claim: claim, raw: raw, isDirect: isDirect,
      handle: handle, input: self,
      desk: desk, configuration: configuration, limits: limits)
    connections[ObjectIdentifier(connection)] = connection
    desk.counters.streamsTotal &+= 1
    fresh.append(Fresh(connection: connection, early: early, resume: resume))
    armCheck()
  }

  /// Lets streams begin and go on that may, and tells what has become durable.
  func endTurn() {
    beginFresh()
    closeReplaced()
    guard !connections.isEmpty || !departed.isEmpty else { return }
    if signals.isReadOnly {
      closeAll(.tryAgainLater, "The agent's disk failed; its operator has to look at it.")
    }
    resumeParked()
    tellDurable()
  }

  /// Takes it out of the loop until it may be read from.
  func park(_ connection: WebSocketConnection) {
    guard let token = connection.token else { return }
    loop.remove(connection.raw, token)
    connection.token = nil
    connection.didPark(at: loop.now())
    parked.append(connection)
    armCheck()
  }

  /// Puts it back, whatever it waited for.
  func unpark(_ connection: WebSocketConnection) {
    guard let place = parked.firstIndex(where: { $0 === connection }) else { return }
    parked.remove(at: place)
    watch(connection)
  }

  func didEnd(_ connection: WebSocketConnection) {
    guard connections.removeValue(forKey: ObjectIdentifier(connection)) != nil else { return }
    if let token = connection.token { loop.remove(connection.raw, token) }
    connection.token = nil
    parked.removeAll { $0 === connection }
    if let claim = connection.claim {
      if connection.acks.isWaiting {
        depart(claim, connection.acks)
      } else {
        senders.release(claim)
      }
    }
    onEnd()
  }

  /// A message was read to its end.
  func noteNews() { hasNews = true }

  func armCheck() { checkTimer?.armIfIdle(at: loop.now() + checkInterval) }

  /// No message is taken in any more; what is not whole was not acknowledged and comes again.
  func stopReading() {
    beginFresh()
    isReadingStopped = true
  }

  /// Nothing more becomes durable: each client is told of what is, and that the agent goes.
  func finishAnswers() {
    isReadingStopped = true
    closeAll(.goingAway, "The agent is stopping.")
  }

  /// Gives every connection back at once; before the daemon stops.
  func endAll() {
    for connection in connections.values { connection.end(.told) }
    for timer in [checkTimer, ackTimer] { timer?.disarm() }
  }

  private var checkInterval: Duration {
    // Who waits for the socket to take more is looked at more often.
    min(
      configuration.checkInterval,
      connections.values.contains(where: \.isOutputWaiting) ? .milliseconds(50) : .seconds(60))
  }

  private func closeAll(_ code: WebSocketClose, _ reason: String) {
    beginFresh()
    for connection in connections.values { connection.close(code, reason) }
  }

  private func beginFresh() {
    guard !fresh.isEmpty else { return }
    let beginning = fresh
    fresh = []
    for new in beginning {
      watch(new.connection)
      new.connection.begin(with: new.early, resume: new.resume)
    }
  }

  private func watch(_ connection: WebSocketConnection) {
    do { connection.token = try loop.add(connection.raw, connection) } catch {
      Log.error("A stream can not be watched and is closed.", ("cause", "\(error)"))
      connection.end(.lost)
      return
    }
    connection.didResume(at: loop.now())
  }

  private func resumeParked() {
    guard !parked.isEmpty else { return }
    let waiting = parked
    parked = []
    for connection in waiting {
      if connection.mayRead { watch(connection) } else { parked.append(connection) }
    }
  }

  private func tellDurable() {
    let durable = desk.durableTicket
    guard hasNews || durable != toldUntil else { return }
    let now = loop.now()
    guard now.since(toldAt) >= limits.ackInterval else {
      ackTimer?.armIfIdle(at: toldAt + limits.ackInterval)
      return
    }
    (toldUntil, toldAt, hasNews) = (durable, now, false)
    for connection in connections.values { connection.tell(durable: durable, at: now) }
    for index in departed.indices { noteDeparted(index, durable, at: now) }
    for (claim, acks) in departed where !acks.isWaiting { senders.release(claim) }
    departed.removeAll { !$0.acks.isWaiting }
  }

  private func depart(_ claim: WebSocketSenders.Claim, _ acks: WebSocketAcks) {
    if departed.count >= Self.departedMax { senders.release(departed.removeFirst().claim) }
    departed.append((claim, acks))
  }

  private func noteDeparted(_ index: Int, _ durable: UInt64, at now: MonotonicTime) {
    guard let last = departed[index].acks.advance(to: durable) else { return }
    senders.note(last, by: departed[index].claim, at: now)
  }

  /// Two connections of one sender would count the same messages twice: the newest speaks for it. What the older one has
  /// not been told is sent again anyway. Of this intake's own, what is durable by now is known to the newest.
  private func takeOver(_ name: WebSocketSenders.Name) {
    let (durable, now) = (desk.durableTicket, loop.now())
    for index in departed.indices where departed[index].claim.name == name {
      noteDeparted(index, durable, at: now)
      senders.release(departed[index].claim)
    }
    departed.removeAll { $0.claim.name == name }
    for older in connections.values where older.claim?.name == name { replace(older) }
  }

  /// Their senders have come on another intake.
  private func closeReplaced() {
    for claim in replaced.take() {
      departed.removeAll { $0.claim == claim }
      for older in connections.values where older.claim == claim { replace(older) }
    }
  }

  private func replace(_ older: WebSocketConnection) {
    older.tell(durable: desk.durableTicket, at: loop.now())
    guard let claim = older.claim else { return }
    senders.release(claim)
    older.giveUpClaim()
    guard older.isOpen else { return }
    desk.counters.streamReplaced &+= 1
    if replacedPace.isDue(at: loop.now()) {
      Log.warning(
        "A sender opened a second stream; its first one was closed. Give each sender an id of its own if these are two.",
        ("sender", claim.name.sender), ("peer", older.peer))
    }
    older.close(.policy, "Another connection opened with this sender id.")
  }

  private func check() {
    let now = loop.now()
    for connection in connections.values { connection.check(at: now) }
    if !connections.isEmpty { checkTimer?.armIfIdle(at: now + checkInterval) }
  }
}
