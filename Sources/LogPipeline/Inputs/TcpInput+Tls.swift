// TLS of the JSON lines port: how many handshakes are under way, how long each may take, what a failed one is told.
extension TcpInput {
  /// As many handshakes as may be are under way: new senders wait.
  var hasHandshakesMax: Bool { tls.map { handshakes >= $0.settings.handshakesMax } ?? false }

  /// What an accepted connection is read from; nil: there is no memory for TLS, and it is closed.
  func stream(_ descriptor: consuming FileDescriptor, peer: String) -> TcpStream? {
    guard let tls else { return TcpStream(descriptor) }
    let session = TlsSession(
      descriptor.raw, tls.current, requiresClient: configuration.tls == .mutual)
    guard let session else {
      desk.counters.tcpTls.didFail(.broken)
      if peerPace.isDue("memory", about: "", at: loop.now()) {
        Log.error(
          "There is no memory for another TLS connection; it was closed. Give the agent more memory, or lower inputs.tcp.connections_max.",
          ("peer", peer))
      }
      return nil
    }
    return TcpStream(descriptor, session: session)
  }

  /// Left in the kernel's queue until a handshake is over.
  func stopAtHandshakes() {
    desk.counters.tcpTls.overLimit &+= 1
    stopListening()
    if handshakePace.isDue(at: loop.now()) {
      Log.warning(
        "As many TLS handshakes are under way as may be; new senders wait until one is over. Raise inputs.tls.handshakes_max if that is meant.",
        ("limit", "\(tls?.settings.handshakesMax ?? 0)"))
    }
  }

  func didShakeHands(_ connection: TcpConnection) {
    desk.counters.tcpTls.didEstablish()
    endedHandshake()
  }

  /// Says why a sender did not get through with TLS.
  /// - Returns: until when it is listened to, so that it can read the alert before the connection closes.
  func turnAway(_ connection: TcpConnection, for failure: TlsFailure) -> MonotonicTime {
    desk.counters.tcpTls.didFail(failure.kind)
    if peerPace.isDue(failure.kind.rawValue, about: connection.host, at: loop.now()) {
      Log.error(
        failure.explanation(input: "tcp"), ("peer", connection.peer), ("cause", failure.detail))
    }
    if failure.kind == .plain, failure.detail == ProtocolSniffer.Stranger.http.rawValue {
      answerHttp(connection, remedy(for: .http))
    }
    endedHandshake()
    return linger(connection)
  }

  /// TLS of a connection broke: whole lines from before count.
  func didBreak(_ connection: TcpConnection, _ fault: String) {
    desk.counters.tcpTls.broken &+= 1
    if peerPace.isDue("broken later", about: connection.host, at: loop.now()) {
      Log.warning(
        "A sender's TLS connection broke and was closed; the lines before were taken. Something between it and us changes bytes, or the sender is at fault.",
        ("peer", connection.peer), ("cause", fault))
    }
  }

  /// Looks after a handshake that is not over.
  func checkHandshake(_ connection: TcpConnection, _ now: MonotonicTime) {
    if connection.isOverdue(at: now) {
      connection.endHandshake(TlsFailure(.timeout, "no more came"))
    } else if connection.wantsToWrite {
      connection.becameReady()
    }
  }

  private func endedHandshake() {
    handshakes -= 1
    listenAgain()
  }
}
