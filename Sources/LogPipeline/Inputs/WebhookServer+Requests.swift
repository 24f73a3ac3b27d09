import CMicrohttpd

// One request after another: first its head, then its body in pieces, then its answer.
extension WebhookServer {
  /// The first call of a request: only its head has come.
  func begin(
    _ handle: OpaquePointer, _ given: WebhookHead, on connection: WebhookConnection
  ) -> (WebhookRequest, MHD_Result) {
    var head = given
    if head.path == configuration.tracesPath {
      head.traces = TraceEncoding(contentType: head.headers["content-type"]) ?? .json
    }
    connection.enter(head.hasBody ? .body : .answer, at: loop.now())
    let notLetIn = unsafe certificateRefusal(handle, connection)
    if let streams, head.path == streams.path {
      switch unsafe judgeStream(handle, head, of: connection, notLetIn: notLetIn) {
      case .failure(let refused):
        return unsafe turnAway(handle, head, on: connection, refused.answer)
      case .success(let (opening, pass)):
        let request = unsafe WebhookRequest(
          handle: handle, connection: connection, contentLength: nil, body: nil,
          phase: .upgrading(opening, head, pass))
        begin(request)
        return (request, .YES)
      }
    }
    switch judge(head, of: connection, notLetIn: notLetIn) {
    case .refused(let answer):
      return unsafe turnAway(handle, head, on: connection, answer)
    case .admitted(let pass):
      let body = WebhookBody(
        head, pass: pass, peer: connection.peer, configuration: configuration, desk: desk)
      let request = unsafe WebhookRequest(
        handle: handle, connection: connection, contentLength: head.contentLength, body: body,
        traces: head.traces, phase: .receiving)
      begin(request)
      return (request, .YES)
    }
  }

  private func turnAway(
    _ handle: OpaquePointer, _ head: WebhookHead, on connection: WebhookConnection,
    _ refusal: WebhookAnswer
  ) -> (WebhookRequest, MHD_Result) {
    let request = unsafe WebhookRequest(
      handle: handle, connection: connection, contentLength: head.contentLength, body: nil,
      traces: head.traces, phase: .discarding(refusal))
    begin(request)
    // Answered before its body, a client that is still sending sees a broken connection instead of the answer; without a
    // body, too, the library ends the connection of a request that is answered in its first call.
    let isLong = (head.contentLength ?? 0) > configuration.discardBytesMax
    // Where a body of doubtful length ends nobody knows.
    let isDoubtful = refusal.fault == .framing
    if !head.expectsContinue, !isLong, !isDoubtful { return (request, .YES) }
    return (request, answer(request, refusal))
  }

  private func judge(
    _ head: WebhookHead, of connection: WebhookConnection, notLetIn: WebhookAnswer?
  ) -> WebhookJudgement {
    if let refusal = unavailable ?? notLetIn { return .refused(refusal) }
    gate.keys.refresh(at: loop.now(), reloads: signals.reloadCount)
    return gate.judge(
      head, peer: connection.peer, at: loop.now(), wallMilliseconds: desk.clock.wallMilliseconds())
  }

  /// A piece of the body. What is not consumed comes again.
  func take(_ bytes: UnsafeRawBufferPointer, of request: WebhookRequest, _ left: inout Int)
    -> MHD_Result
  {
    switch request.phase {
    case .receiving:
      if let fault = unavailable {
        request.discard(fault)
        return unsafe take(bytes, of: request, &left)
      }
      return unsafe receive(bytes, of: request, &left)
    case .discarding:
      left = 0
      request.discardedBytes += bytes.count
      request.connection.didReceive(bytes.count)
      guard request.discardedBytes > discardBytesMax(of: request) else { return .YES }
      desk.counters.webhookEndless &+= 1
      return .NO
    case .abandoned, .answered, .awaitingDurable, .awaitingTwin, .feeding, .upgrading:
      return .NO
    }
  }

  /// What was refused by its head costs less than what broke on the way.
  private func discardBytesMax(of request: WebhookRequest) -> Int {
    configuration.discardBytesMax + (request.body == nil ? 0 : configuration.wireBytesMax)
  }

  /// The body is over, or a suspended request goes on.
  func finish(_ request: WebhookRequest) -> MHD_Result {
    switch request.phase {
    case .receiving:
      guard let body = request.body else { return .NO }
      if let length = request.contentLength, length != body.wireBytes {
        return answerWhenDurable(
          request,
          WebhookAnswer(400, "The body is shorter than its Content-Length says.", .framing))
      }
      if let signature = body.signature, body.fault == nil {
        return checkSignature(signature, of: request, body)
      }
      request.phase = .feeding
      return feed(request)
    case .awaitingTwin:
      return claim(request)
    case .feeding:
      return feed(request)
    case .discarding(let verdict):
      return answerWhenDurable(request, verdict)
    case .awaitingDurable(let verdict):
      if isDurable(request) { return answer(request, verdict) }
      return answer(
        request,
        unavailable
          ?? .unavailable(
            "The events were not on disk within \(configuration.durableWaitMax).", .durable))
    case .upgrading(let opening, _, _):
      return upgrade(request, opening)
    case .abandoned, .answered:
      return .NO
    }
  }

  /// All of the body was taken in; its answer waits for the disk.
  func conclude(_ request: WebhookRequest, _ body: WebhookBody) -> MHD_Result {
    body.finish()
    let verdict = body.verdict
    if verdict.status == 200 { didTake(request, body) }
    return answerWhenDurable(request, verdict)
  }

  private static let readOnlyText =
    "The agent's disk failed, and the ring is read-only until its operator has checked the disk and restarted it."

  /// Why nothing can be taken at all.
  var unavailable: WebhookAnswer? {
    if isReadingStopped { return .unavailable("The agent is stopping.", .stopping) }
    if signals.isReadOnly { return .unavailable(Self.readOnlyText, .readOnly) }
    return nil
  }

  /// A gzip piece of this size can make at most four MiB; then room and budget are looked at again.
  static let gzipSliceBytesMax = 4 << 10
  /// A plain one makes no more of itself.
  static let sliceBytesMax = 64 << 10

  private func receive(
    _ bytes: UnsafeRawBufferPointer, of request: WebhookRequest, _ left: inout Int
  ) -> MHD_Result {
    guard let body = request.body else { return .NO }
    let sliceBytesMax = body.isGzip ? Self.gzipSliceBytesMax : Self.sliceBytesMax
    var used = 0
    while used < bytes.count {
      guard mayGoOn(body) else {
        left = bytes.count - used
        suspend(request, until: .room)
        return .YES
      }
      let end = min(bytes.count, used + sliceBytesMax)
      unsafe body.push(UnsafeRawBufferPointer(rebasing: bytes[used..<end]), through: scratch)
      desk.counters.webhookBytes &+= UInt64(end - used)
      request.connection.didReceive(end - used)
      used = end
      if let fault = body.fault {
        request.discard(fault)
        request.discardedBytes = body.wireBytes
        used = bytes.count
      }
    }
    left = 0
    return .YES
  }

  /// Whether more of the body can be taken now; counted if it is for others that it can not.
  func mayGoOn(_ body: WebhookBody) -> Bool {
    guard desk.hasRoom else { return false }
    if desk.budget.mayGoOn(body) { return true }
    desk.counters.webhookBudgetWaits &+= 1
    return false
  }

  /// Says nothing of events that could still be lost: 503 promises nothing, so it needs no wait.
  func answerWhenDurable(_ request: WebhookRequest, _ verdict: WebhookAnswer) -> MHD_Result {
    if verdict.status == 503 || isDurable(request) { return answer(request, verdict) }
    request.phase = .awaitingDurable(verdict)
    request.connection.enter(.answer, at: loop.now())
    if isFinishing || signals.isReadOnly { return finish(request) }
    suspend(request, until: .durable)
    return .YES
  }

  func answer(_ request: WebhookRequest, _ verdict: WebhookAnswer) -> MHD_Result {
    request.phase = .answered
    request.connection.enter(.answer, at: loop.now())
    count(verdict)
    let body = request.body
    let text = verdict.bytes(of: body, as: request.traces)
    let made = unsafe text.withUnsafeBytes {
      // The library copies it, so it is never written through.
      unsafe MHD_create_response_from_buffer(
        $0.count, UnsafeMutableRawPointer(mutating: $0.baseAddress), .RESPMEM_MUST_COPY)
    }
    guard let response = unsafe made else { return .NO }
    defer { unsafe MHD_destroy_response(response) }
    var headers = verdict.headers
    headers.append(("Content-Type", (request.traces ?? .json).contentType))
    if isQuiesced { headers.append(("Connection", "close")) }
    for (name, value) in headers { unsafe _ = MHD_add_response_header(response, name, value) }
    return unsafe MHD_queue_response(request.handle, UInt32(verdict.status), response)
  }

  private func count(_ verdict: WebhookAnswer) {
    desk.counters.webhookAnswers[verdict.status, default: 0] &+= 1
    if verdict.isDuplicate { desk.counters.webhookDuplicates &+= 1 }
    if let fault = verdict.fault, let index = WebhookFault.allCases.firstIndex(of: fault) {
      desk.counters.webhookFaults[index] &+= 1
    }
  }
}
