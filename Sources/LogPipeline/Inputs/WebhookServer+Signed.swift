import CMicrohttpd

// Signed requests: the body is kept until its end, and taken in only when a key bears its signature out. What came
// before is not taken again, and answered only once that is on disk.
extension WebhookServer {
  func checkSignature(
    _ signature: WebhookSignature, of request: WebhookRequest, _ body: WebhookBody
  ) -> MHD_Result {
    let wall = desk.clock.wallMilliseconds()
    guard let key = signature.signer(atWallMilliseconds: wall) else {
      return refuse(request, gate.wronglySigned)
    }
    if key.hasEnded(atWallMilliseconds: wall) {
      key.tellExpiry(peer: request.connection.peer, at: loop.now())
      return refuse(request, gate.expired)
    }
    body.didProve(key.key)
    request.message = unsafe WebhookMessage(
      id: signature.id, keyFingerprint: key.fingerprint, body: body.keptBytes)
    request.connection.enter(.answer, at: loop.now())
    return claim(request)
  }

  /// Takes its events, unless they came before under the same webhook-id.
  func claim(_ request: WebhookRequest) -> MHD_Result {
    guard let message = request.message else { return .NO }
    switch claims.ids.claim(message, at: loop.now(), orWake: loop.wakeup) {
    case .known:
      return refuse(request, .duplicate)
    case .pending:
      return waitForTwin(request)
    case .new:
      request.ownsMessage = true
    case .reused:
      desk.counters.webhookIdsReused &+= 1
    case .full: break
    }
    if let unavailable { return refuse(request, unavailable) }
    request.phase = .feeding
    return feed(request)
  }

  private func waitForTwin(_ request: WebhookRequest) -> MHD_Result {
    let until = request.twinUntil ?? loop.now() + configuration.durableWaitMax
    if isFinishing || signals.isReadOnly || loop.now() >= until {
      return refuse(
        request,
        unavailable
          ?? .unavailable(
            "The same request came before and was not on disk within \(configuration.durableWaitMax).",
            .durable))
    }
    request.phase = .awaitingTwin
    request.twinUntil = until
    suspend(request, until: .twin)
    return .YES
  }

  /// Takes the kept body in, as far as there is room; spans some at a time.
  func feed(_ request: WebhookRequest) -> MHD_Result {
    guard let body = request.body else { return .NO }
    while body.hasMoreToFeed {
      guard mayGoOn(body) else {
        suspend(request, until: .room)
        return .YES
      }
      unsafe body.feed(Self.gzipSliceBytesMax, through: scratch)
      if body.isTakingSpans, body.hasMoreToFeed {
        // A large body of spans is a second's work: others get their turn in between.
        owesTurn = true
        suspend(request, until: .room)
        return .YES
      }
    }
    return conclude(request, body)
  }

  /// Nothing of its body is taken.
  private func refuse(_ request: WebhookRequest, _ verdict: WebhookAnswer) -> MHD_Result {
    request.body?.drop()
    return answer(request, verdict)
  }

  /// All its events are in blocks: its id is remembered once they are on disk, whether or not its client still waits.
  func didTake(_ request: WebhookRequest, _ body: WebhookBody) {
    guard request.ownsMessage, let message = request.message else { return }
    request.ownsMessage = false
    claims.didTake(message, ticket: body.ticket)
  }

  /// It ended before all of it was taken: its repeat is taken as new.
  func releaseClaim(of request: WebhookRequest) {
    guard request.ownsMessage, let message = request.message else { return }
    request.ownsMessage = false
    claims.ids.forget(message)
  }

  /// What became durable is known from now on; who repeats what is decided goes on.
  func settleClaims() {
    if signals.isReadOnly {
      claims.giveUp()
    } else {
      claims.settle(durableTicket: desk.durableTicket, at: loop.now())
    }
    for request in claims.takeDecided() { resume(request) }
  }

  /// Who repeats what is undecided for too long asks once more, and is answered 503.
  func resumeOverdueTwins(_ now: MonotonicTime) {
    let late = claims.waiting.filter { $0.twinUntil ?? now <= now }
    claims.waiting.removeAll { request in late.contains { $0 === request } }
    for request in late { resume(request) }
  }
}
