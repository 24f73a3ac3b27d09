import CMicrohttpd

/// One event stream: a WebSocket whose messages hold JSON lines, counted from the one the client named, each answered
/// for once it is on disk.
///
/// A message is taken as the webhook takes a body: its events have the same ids when it is sent again. Confined to the
/// intake's thread.
@safe final class WebSocketConnection: ReadyHandler, WebSocketReader {
  private enum Phase: Equatable {
    case open
    /// A farewell was said; what comes is thrown away until the client has said its own, or this time.
    case closing(until: MonotonicTime)
    case ended
  }

  let peer: String
  let opening: WebSocketOpening
  /// Under which its progress is remembered; nil: under none, or another connection has taken it over.
  private(set) var claim: WebSocketSenders.Claim?
  private(set) var acks = WebSocketAcks()
  /// nil while it is parked: out of the loop, so that the kernel's window closes and the client waits.
  var token: EventLoop.Token?
  private(set) var times: WebSocketTimes
  let raw: Int32
  /// Whether the client itself is at the other end of the socket.
  private let isDirect: Bool

  private unowned let input: WebSocketInput
  private let desk: IntakeDesk
  private let configuration: WebhookConfiguration
  private let limits: WebSocketConfiguration
  /// libmicrohttpd's name for it; given back once, when the stream ends.
  private let handle: OpaquePointer
  private let head: WebhookHead
  private let pass: WebhookPass
  private var codec: WebSocketCodec?
  private var phase = Phase.open
  private var nextSequence: UInt64
  private var message: WebhookBody?
  private var messageBytes = 0
  private var stallWatch = StallWatch()
  /// Others get their turn after so many reads.
  private static let readsPerTurnMax = 4

  /// `next` is the number of the first message; the socket is libmicrohttpd's.
  init(
    _ opening: WebSocketOpening, _ head: WebhookHead, pass: WebhookPass, peer: String, next: UInt64,
    claim: WebSocketSenders.Claim?, raw: Int32, isDirect: Bool, handle: OpaquePointer,
    input: WebSocketInput,
    desk: IntakeDesk, configuration: WebhookConfiguration, limits: WebSocketConfiguration
  ) {
    self.opening = opening
    self.head = head
    self.pass = pass
    self.peer = peer
    self.claim = claim
    self.raw = raw
    self.isDirect = isDirect
    unsafe self.handle = handle
    self.input = input
    self.desk = desk
    self.configuration = configuration
    self.limits = limits
    nextSequence = next
    times = WebSocketTimes(now: desk.clock.now())
    codec = WebSocketCodec(raw: raw, frameBytesMax: limits.messageBytesMax, reader: self)
  }

  var isOpen: Bool { phase == .open }
  var isEnded: Bool { phase == .ended }
  /// Messages or farewells that its client has not read yet.
  var isOutputWaiting: Bool { phase != .ended && (codec?.queuedCount ?? 0) > 0 }
  /// What holds its part of the input budget.
  var budgetHolder: AnyObject { message ?? self }

  /// Whether it may be read from now.
  var mayRead: Bool {
    if case .closing = phase { return true }
    return isOpen && !input.isReadingStopped && desk.hasRoom && desk.budget.mayGoOn(budgetHolder)
      && codec?.queuedCount ?? 0 <= limits.queuedMax
  }

  /// What came with the handshake, and its first answer.
  func begin(with early: [UInt8], resume: String?) {
    guard codec != nil else { return end(.lost) }
    TcpSocket.setNoDelay(raw)
    if let resume { codec?.queue(resume) }
    unsafe early.withUnsafeBytes { unsafe take($0) }
    settle()
  }

  func becameReady() {
    for _ in 0..<Self.readsPerTurnMax {
      guard mayRead else { return input.park(self) }
      switch unsafe TcpSocket.receive(raw, into: input.readBuffer) {
      case .bytes(let count):
        times.didReceive(at: desk.clock.now())
        unsafe take(UnsafeRawBufferPointer(rebasing: input.readBuffer[..<count]))
        settle()
        if unsafe isEnded || count < input.readBuffer.count { return }
      case .nothing:
        return
      case .end, .failed:
        return end(isOpen ? .lost : .told)
      }
    }
  }

  /// Tells the client what has become durable, unless it has not read the last such message yet.
  func tell(durable: UInt64, at now: MonotonicTime) {
    if let last = acks.advance(to: durable), let claim {
      input.senders.note(last, by: claim, at: now)
    }
    guard isOpen, codec?.queuedCount == 0 else { return }
    sayAck()
    settle()
  }

  /// Says farewell and stops reading.
  func close(_ code: WebSocketClose, _ reason: String) {
    guard isOpen else { return }
    sayAck()
    // A farewell overtakes what is queued.
    codec?.flush()
    codec?.queueFarewell(code, reason)
    enterClosing(WebSocketClose.name(of: code.rawValue))
  }

  /// Another connection speaks for its sender from now on.
  func giveUpClaim() { claim = nil }

  func didPark(at now: MonotonicTime) { times.pause(at: now) }
  func didResume(at now: MonotonicTime) { times.resume(at: now) }

  /// Looks at the time limits, and sends what could not be sent before.
  func check(at now: MonotonicTime) {
    if isOutputWaiting {
      if codec?.flush() == true { times.didSend() }
      if times.isUnread(at: now, longerThan: limits.unreadTimeMax) { return end(.unread) }
      settle()
    }
    if acks.isReady { tell(durable: desk.durableTicket, at: now) }
    if case .closing(let until) = phase, now >= until { return end(.told) }
    guard isOpen else { return }
    if message != nil, token != nil, times.isSlow(at: now, bytes: messageBytes, configuration) {
      desk.counters.streamSlow &+= 1
      close(.policy, "The message came slower than inputs.webhook.body_rate_min.")
    } else if isHoldingUp(at: now) {
      desk.counters.streamStalled &+= 1
      Log.warning(
        "A stream held most of the input budget with a message it hardly went on with; it was closed. Its client has to send again what was not acknowledged.",
        ("peer", peer), ("bytes", "\(messageBytes)"))
      close(.policy, "The message held the input budget without going on.")
    } else {
      lookForLife(at: now)
    }
  }

  /// Ends it: from here on the socket is libmicrohttpd's to close.
  func end(_ ending: Ending) {
    guard phase != .ended else { return }
    if isOpen { desk.counters.streamCloses[WebSocketClose.lostName, default: 0] &+= 1 }
    if ending == .unread { desk.counters.streamUnread &+= 1 }
    dropMessage()
    phase = .ended
    input.didEnd(self)
    unsafe cmicrohttpd_end_upgraded(handle)
  }

  enum Ending { case told, lost, unread }

  // What the codec tells.

  func messageBegan() {
    guard isOpen else { return }
    if case .key(let held) = pass,
      held.hasEnded(atWallMilliseconds: desk.clock.wallMilliseconds())
    {
      return close(.policy, "The key that opened this stream has ended.")
    }
    var head = head
    head.place = opening.place(ofMessage: nextSequence, team: claim?.name.team)
    var limits = configuration
    limits.wireBytesMax = .max
    message = WebhookBody(
      head, pass: pass, peer: peer, configuration: limits, desk: desk)
    messageBytes = 0
    times.messageBegan(at: desk.clock.now())
  }

  func messageCame(_ piece: UnsafeRawBufferPointer) {
    guard isOpen, let message else { return }
    messageBytes += piece.count
    desk.counters.streamBytes &+= UInt64(piece.count)
    guard messageBytes <= limits.messageBytesMax else {
      return close(.tooBig, "A message may have \(limits.messageBytesMax) bytes.")
    }
    // Nothing is inflated, so there is nothing to pass through.
    unsafe message.push(piece, through: UnsafeMutableRawBufferPointer(start: nil, count: 0))
  }

  func messageEnded() {
    guard isOpen, let message else { return }
    message.finish()
    acks.add(WebSocketAck(sequence: nextSequence, of: message))
    message.drop()
    desk.counters.streamMessages &+= 1
    nextSequence += 1
    self.message = nil
    input.noteNews()
  }

  func closeBegan() {
    guard isOpen else { return }
    // After the farewell nothing more can be said.
    sayAck()
    codec?.flush()
  }

  private func take(_ bytes: UnsafeRawBufferPointer) {
    guard bytes.count > 0, let codec else { return }
    if unsafe !codec.take(bytes) { close(.internalError, "There is no memory.") }
    if desk.budget.isSpent { input.armCheck() }
  }

  /// After anything that may have queued something: sends it, and sees whether a farewell was said.
  private func settle() {
    guard let codec, !isEnded else { return }
    if codec.flush() { times.didSend() } else { times.couldNotSend(at: desk.clock.now()) }
    if codec.isBroken { return end(.lost) }
    if isOpen, !codec.isReading {
      // Its own farewell, or that of wslay after a fault.
      let code = codec.codeReceived ?? codec.codeSent ?? WebSocketClose.protocolError.rawValue
      enterClosing(WebSocketClose.name(of: code))
    }
    if case .closing = phase, codec.queuedCount == 0 {
      if codec.codeReceived != nil { return end(.told) }
      sayEnd()
    }
    if codec.queuedCount > 0 { input.armCheck() }
  }

  private func enterClosing(_ name: String) {
    desk.counters.streamCloses[name, default: 0] &+= 1
    dropMessage()
    phase = .closing(until: desk.clock.now() + limits.lingerMax)
    input.unpark(self)
    input.armCheck()
    if codec?.flush() == true { sayEnd() }
  }

  /// Under TLS the socket leads to the library, which makes nothing of a half-closed one.
  private func sayEnd() {
    if isDirect { TcpSocket.finishSending(raw) }
  }

  private func sayAck() {
    _ = acks.advance(to: desk.durableTicket).map { last in
      if let claim { input.senders.note(last, by: claim, at: desk.clock.now()) }
    }
    guard let ack = acks.takeReady() else { return }
    if codec?.queue(ack.json) == true { desk.counters.streamAcks &+= 1 }
  }

  private func dropMessage() {
    message?.drop()
    message = nil
  }

  /// The message that alone may go on while the input budget is spent must do so, since everybody else waits for it.
  private func isHoldingUp(at now: MonotonicTime) -> Bool {
    guard let message, token != nil, desk.budget.isSpent, desk.hasRoom,
      desk.budget.mayGoOn(message)
    else {
      stallWatch.reset()
      return false
    }
    return stallWatch.isStalled(
      at: now, bytes: messageBytes, span: configuration.stallMax,
      bytesPerSecondMin: configuration.bodyBytesPerSecondMin)
  }

  private func lookForLife(at now: MonotonicTime) {
    guard token != nil else { return }
    switch times.life(at: now, limits) {
    case .fine: break
    case .askForIt:
      codec?.queuePing()
      times.didPing(at: now)
      settle()
    case .gone:
      desk.counters.streamSilent &+= 1
      close(.policy, "No answer to a ping within \(limits.pongTimeMax).")
    }
  }
}
