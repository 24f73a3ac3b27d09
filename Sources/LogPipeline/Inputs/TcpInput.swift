/// The JSON lines port: accepts senders and reads whole lines from each, as long as the desk has room.
///
/// TCP has no answer to give. When there is no room, connections are parked: they leave the epoll, the kernel's
/// window closes, and the sender waits. Confined to the intake's thread.
@safe final class TcpInput: ReadyHandler {
  /// Of all connections.
  let reads: GatheredReads
  let configuration: TcpInputConfiguration
  let loop: EventLoop
  let desk: IntakeDesk
  /// What new connections are shown; nil: no TLS.
  let tls: TlsIdentity?
  /// Handshakes under way.
  var handshakes = 0
  /// About senders, by what they do wrong.
  var peerPace = PeerPace()
  var handshakePace = LogPace()
  private var checkTimer: LoopTimer?
  private let webhookAddress: String?
  private var listener: TcpListener?
  private var listenerToken: EventLoop.Token?
  private var connections: [ObjectIdentifier: TcpConnection] = [:]
  private var parked: [TcpConnection] = []
  /// They have more to read that their sockets do not show.
  private var unread: [TcpConnection] = []
  private var senders = SenderBook()
  private let places: ConnectionPlaces
  private let addresses: AddressCounts
  private var limitPace = LogPace()
  private var addressPace = LogPace()
  private var acceptPace = LogPace()
  private var figuresTimer: LoopTimer?
  private var acceptTimer: LoopTimer?
  /// Set while stopping: a connection silent for so long is ended.
  private var silenceMax: Duration?

  private static let acceptsPerTurnMax = 64
  static let checkInterval: Duration = .milliseconds(100)
  private static let figuresInterval: Duration = .seconds(1)

  /// `webhookAddress` is what a sender of HTTP is told to use instead.
  init(
    _ configuration: TcpInputConfiguration, listener: consuming TcpListener,
    webhookAddress: String?, common: IntakeCommon, loop: EventLoop, desk: IntakeDesk
  ) {
    tls = configuration.tls == .off ? nil : common.tls
    (places, addresses) = (common.tcpPlaces, common.tcpAddresses)
    self.configuration = configuration
    self.webhookAddress = webhookAddress
    self.loop = loop
    self.desk = desk
    self.listener = consume listener
    // No larger than a line may be: so a line that came in one read is never over the limit.
    reads = GatheredReads(capacity: min(256 << 10, desk.lineBytesMax))
    checkTimer = loop.makeTimer { [unowned self] in check() }
    acceptTimer = loop.makeTimer { [unowned self] in listen() }
    figuresTimer = loop.makeTimer { [unowned self] in publishFigures() }
  }

  var isEmpty: Bool { connections.isEmpty }
  var openCount: Int { connections.count }

  /// Starts accepting, or goes on with it after a pause.
  func listen() {
    guard listenerToken == nil, let raw = listener?.descriptor.raw, !hasHandshakesMax,
      places.isFree(orWake: loop.wakeup)
    else { return }
    do { listenerToken = try loop.add(raw, self) } catch { acceptLater(error) }
  }

  /// The listener has connections waiting.
  func becameReady() {
    for _ in 0..<Self.acceptsPerTurnMax {
      guard !hasHandshakesMax else { return stopAtHandshakes() }
      guard places.take(orWake: loop.wakeup) else { return stopAtLimit() }
      guard acceptNext() else { return }
    }
  }

  /// The next sender takes the place that was taken for it.
  /// - Returns: whether there was one.
  private func acceptNext() -> Bool {
    do {
      if let accepted = try listener?.accept() {
        if !open(accepted) { places.give() }
        return true
      }
    } catch { acceptLater(error) }
    places.give()
    return false
  }

  /// Takes it out of the loop until there is room.
  func park(_ connection: TcpConnection) {
    guard let token = connection.token else { return }
    loop.remove(connection.raw, token)
    connection.token = nil
    parked.append(connection)
    armCheck()
  }

  /// Parked connections that may read on do so.
  func resumeParked() {
    guard !parked.isEmpty, desk.hasRoom else { return }
    let waiting = parked
    parked = []
    for connection in waiting {
      guard desk.budget.mayGoOn(connection) else {
        parked.append(connection)
        continue
      }
      do {
        try watch(connection)
        // Its socket may be empty, while what was decrypted is not read yet.
        if connection.hasMore { goOnLater(connection) }
      } catch { close(connection) }
    }
  }

  /// It has more to read than its socket shows, and others get their turn first.
  func goOnLater(_ connection: TcpConnection) {
    if !unread.contains(where: { $0 === connection }) { unread.append(connection) }
  }

  /// Those that have more to read go on.
  func readOn() {
    let waiting = unread
    unread = []
    for connection in waiting where connection.token != nil { connection.becameReady() }
    takeReads()
  }

  /// The lines of what was read until now.
  func takeReads() {
    guard !reads.isEmpty else { return }
    reads.takeAll(at: desk)
    if desk.budget.isSpent { armCheck() }
    noteFigures()
  }

  private func watch(_ connection: TcpConnection) throws(SystemError) {
    connection.token = try loop.add(connection.raw, connection, isEdge: connection.isEdge)
  }

  /// Not all that came is read, and no socket will say so.
  var wantsTurn: Bool { !unread.isEmpty }

  /// The sender has finished, or must go: its last line is taken, then the connection closed.
  func close(_ connection: TcpConnection) {
    takeReads()
    guard connections.removeValue(forKey: ObjectIdentifier(connection)) != nil else { return }
    connection.takeLastLine()
    if let token = connection.token { loop.remove(connection.raw, token) }
    connection.token = nil
    parked.removeAll { $0 === connection }
    unread.removeAll { $0 === connection }
    addresses.leave(connection.host)
    places.give()
    if connection.isHandshaking { handshakes -= 1 }
    desk.counters.tcpTls.renegotiations &+= connection.renegotiations
    senders.close(connection.figures, of: connection.host)
    noteFigures()
    listenAgain()
  }

  /// A place is free: goes on accepting, unless that failed and is tried later anyway.
  func listenAgain() {
    if acceptTimer?.deadline == nil { listen() }
  }

  /// Tells a sender of another protocol what is wrong.
  /// - Returns: until when it is listened to, so that it can read the answer before the connection closes.
  func turnAway(_ connection: TcpConnection, speaking stranger: ProtocolSniffer.Stranger)
    -> MonotonicTime
  {
    desk.counters.tcpWrongProtocol &+= 1
    if let number = ProtocolSniffer.Stranger.allCases.firstIndex(of: stranger) {
      desk.counters.tcpStrangers[number] &+= 1
    }
    let remedy = remedy(for: stranger)
    if peerPace.isDue(stranger.rawValue, about: connection.host, at: loop.now()) {
      Log.error(
        "A sender speaks \(stranger.rawValue) to the JSON lines port; nothing of it was taken. \(remedy)",
        ("peer", connection.peer), ("inputs.tcp.listen", configuration.listen))
    }
    if stranger == .http { answerHttp(connection, remedy) }
    return linger(connection)
  }

  /// A client of HTTP is told in its own words.
  func answerHttp(_ connection: TcpConnection, _ remedy: String) {
    let text = "This port takes JSON lines over \(tls == nil ? "plain TCP" : "TLS"). \(remedy)\n"
    connection.sendAtOnce(
      Array(
        """
        HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\nConnection: close\r\n\
        Content-Length: \(text.utf8.count)\r\n\r\n\(text)
        """.utf8))
  }

  /// Ends our side.
  /// - Returns: until when the sender is listened to.
  func linger(_ connection: TcpConnection) -> MonotonicTime {
    connection.finishSending()
    checkTimer?.armIfIdle(at: loop.now() + Self.checkInterval)
    return loop.now() + configuration.lingerMax
  }

  /// No new senders; those that are here are read until they end or fall silent.
  func quiesce(silenceMax: Duration) {
    acceptAllWaiting()
    stopListening()
    listener = nil
    acceptTimer?.disarm()
    self.silenceMax = silenceMax
    checkTimer?.arm(at: loop.now() + Self.checkInterval)
  }

  /// Ends all connections now, each after what it has sent so far was read if there is room for it.
  func endAll() {
    for connection in connections.values { end(connection) }
  }

  /// Senders whom the kernel has let in have sent already: closing the listener would throw that away.
  private func acceptAllWaiting() {
    while places.take(orWake: loop.wakeup) {
      guard acceptNext() else { return }
    }
  }

  /// False: it is not let in, and closed.
  private func open(_ accepted: consuming AcceptedSocket) -> Bool {
    let peer = accepted.peer
    let host = TcpSocket.host(ofPeer: peer)
    guard addresses.admit(host) else {
      desk.counters.tcpOverAddressLimit &+= 1
      if addressPace.isDue(at: loop.now()) {
        Log.warning(
          "A sender has as many TCP connections as one address may; more of them are closed. Raise inputs.tcp.connections_per_address if that is meant.",
          ("peer", peer), ("limit", "\(addresses.limit(of: host))"))
      }
      return false
    }
    guard let stream = stream(accepted.take(), peer: peer) else {
      addresses.leave(host)
      return false
    }
    let connection = TcpConnection(
      stream, peer: peer, input: self, desk: desk, now: loop.now(),
      handshakeMax: tls?.settings.handshakeMax ?? .zero)
    if connection.isHandshaking { handshakes += 1 }
    connections[ObjectIdentifier(connection)] = connection
    desk.counters.tcpConnectionsTotal &+= 1
    do { try watch(connection) } catch {
      Log.error("A TCP connection can not be watched and is closed.", ("cause", "\(error)"))
      close(connection)
    }
    noteFigures()
    armCheck()
    return true
  }

  /// Left in the kernel's queue until a place is free: closing them would lose what they have sent.
  private func stopAtLimit() {
    desk.counters.tcpOverLimit &+= 1
    stopListening()
    if limitPace.isDue(at: loop.now()) {
      Log.warning(
        "As many TCP connections are open as may be; new senders wait until one closes. Raise inputs.tcp.connections_max if that is meant.",
        ("limit", "\(configuration.connectionsMax)"))
    }
  }

  /// New senders wait in the kernel's queue until ``listen()``.
  func stopListening() {
    if let raw = listener?.descriptor.raw, let listenerToken { loop.remove(raw, listenerToken) }
    listenerToken = nil
  }

  private func acceptLater(_ cause: SystemError) {
    stopListening()
    acceptTimer?.arm(at: loop.now() + .seconds(1))
    if acceptPace.isDue(at: loop.now()) {
      Log.error(
        "New TCP senders can not be accepted; tried again each second. Raise the limit of open files (ulimit -n) if that is the cause.",
        ("cause", "\(cause)"))
    }
  }

  /// What the sender of another protocol is told.
  func remedy(for stranger: ProtocolSniffer.Stranger) -> String {
    switch stranger {
    case .http:
      webhookAddress.map { "Send HTTP to the webhook (inputs.webhook.listen): POST http://\($0)." }
        ?? "Configure inputs.webhook.listen and send HTTP there."
    case .tls:
      "Turn TLS off in the sender, or give this port a certificate (inputs.tls.cert, inputs.tls.key, inputs.tcp.tls)."
    case .beats:
      "Set the sender's output to JSON lines over TCP (json_lines), not to Beats or Lumberjack."
    }
  }

  /// Call it when the budget may have been spent.
  func armCheck() {
    if silenceMax != nil || desk.budget.isSpent || handshakes > 0 {
      checkTimer?.armIfIdle(at: loop.now() + Self.checkInterval)
    } else if let idleMax = configuration.idleMax, !connections.isEmpty {
      checkTimer?.armIfIdle(at: loop.now() + min(idleMax, .seconds(1)))
    }
  }

  private func check() {
    let now = loop.now()
    for connection in connections.values {
      let silence = now.since(connection.lastActivity)
      if connection.isDraining {
        if connection.isOverdue(at: now) { close(connection) }
        checkTimer?.armIfIdle(at: now + Self.checkInterval)
      } else if connection.isHandshaking {
        checkHandshake(connection, now)
        if let silenceMax, silence >= silenceMax { end(connection) }
      } else if connection.token == nil {
        continue  // It waits for us.
      } else if isHoldingUp(connection, now) {
        endStalled(connection)
      } else if let silenceMax, silence >= silenceMax {
        end(connection)
      } else if let idleMax = configuration.idleMax, silence >= idleMax {
        desk.counters.tcpIdleClosed &+= 1
        close(connection)
      }
    }
    armCheck()
  }

  /// The line that alone may go on while the input budget is spent must do so, since everybody else waits for it.
  private func isHoldingUp(_ connection: TcpConnection, _ now: MonotonicTime) -> Bool {
    // Without room in the ring it is we who do not read.
    guard desk.budget.isSpent, desk.hasRoom, connection.partialBytes > 0,
      desk.budget.mayGoOn(connection)
    else {
      connection.stallWatch.reset()
      return false
    }
    return connection.stallWatch.isStalled(
      at: now, bytes: connection.receivedBytes, span: configuration.stallMax,
      bytesPerSecondMin: configuration.stallBytesPerSecondMin)
  }

  private func endStalled(_ connection: TcpConnection) {
    desk.counters.tcpStalled &+= 1
    Log.warning(
      "A TCP sender held most of the input budget with a line it did not finish; the line was refused and the connection closed.",
      ("peer", connection.peer), ("bytes", "\(connection.partialBytes)"))
    connection.refusePartial(
      because: "The line was not finished while the input budget was spent (inputs.budget).")
    close(connection)
  }

  /// Our FIN first, then what has come until now: closing with unread bytes would reset the connection.
  private func end(_ connection: TcpConnection) {
    connection.finishSending()
    if desk.hasRoom { connection.becameReady() }
    close(connection)
  }

  /// The figures of senders have changed: they are published soon.
  func noteFigures() { figuresTimer?.armIfIdle(at: loop.now() + Self.figuresInterval) }

  private func publishFigures() {
    let open = connections.values.map { ($0.host, $0.figures) }
    desk.counters.tcpSenders = SenderFigures.top(open.lazy.map(\.1))
    desk.counters.tcpAddresses = senders.byAddress(with: open, countMax: SenderFigures.keptMax)
  }
}
