import CMicrohttpd

// TLS of the webhook. libmicrohttpd drives the handshakes; each session is given the newest certificate as it begins.
extension WebhookServer {
  /// Before the handshake of a new connection.
  func beginTls(_ handle: OpaquePointer, _ connection: WebhookConnection) {
    guard let tls, connection.isAdmitted,
      let session = unsafe cmicrohttpd_tls_session(handle)
    else { return }
    unsafe connection.tls = WebhookTls(
      OpaquePointer(session), raw: connection.raw, tls,
      isMutual: configuration.tls == .mutual)
    connection.enter(.handshake, at: loop.now())
    guard handshakesPending > tls.settings.handshakesMax else { return }
    desk.counters.webhookTls.overLimit &+= 1
    connection.tls?.failure = TlsFailure(.left, "too many handshakes are under way")
    TcpSocket.endBoth(connection.raw)
    if peerPace.isDue("handshakes", about: "", at: loop.now()) {
      Log.warning(
        "As many TLS handshakes are under way at the webhook as may be; new connections are closed. Raise inputs.tls.handshakes_max if that is meant.",
        ("peer", connection.peer), ("limit", "\(tls.settings.handshakesMax)"))
    }
  }

  /// Handshakes that are not over.
  var handshakesPending: Int {
    tls == nil
      ? 0 : connections.values.count { $0.stage == .handshake && $0.tls?.isEstablished == false }
  }

  /// Before the library reads a request line, or when it is looked after: whether the handshake is over by now.
  func noteHandshake(_ connection: WebhookConnection) {
    guard connection.stage == .handshake, connection.tls?.isEstablished == true else { return }
    desk.counters.webhookTls.didEstablish()
    connection.enter(.headers, at: loop.now())
  }

  /// The connection is over; its session is gone.
  func endTls(_ connection: WebhookConnection) {
    noteHandshake(connection)
    guard connection.stage == .handshake, let failure = connection.tls?.failureAtEnd else { return }
    desk.counters.webhookTls.didFail(failure.kind)
    guard peerPace.isDue(failure.kind.rawValue, about: connection.host, at: loop.now()) else {
      return
    }
    Log.error(
      failure.explanation(input: "webhook"), ("peer", connection.peer), ("cause", failure.detail))
  }

  /// The answer to a request whose client has no certificate that counts; nil: it may go on.
  func certificateRefusal(_ handle: OpaquePointer, _ connection: WebhookConnection)
    -> WebhookAnswer?
  {
    guard let held = connection.tls, let session = unsafe cmicrohttpd_tls_session(handle),
      let answer = unsafe held.refusal(OpaquePointer(session))
    else { return nil }
    desk.counters.webhookCertificatesRefused &+= 1
    if peerPace.isDue("certificate", about: connection.host, at: loop.now()) {
      Log.error(
        "A webhook request was answered 403: \(answer.message ?? "")", ("peer", connection.peer))
    }
    return answer
  }
}
