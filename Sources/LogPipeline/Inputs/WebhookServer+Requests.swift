import CMicrohttpd

// One request after another: first its head, then its body in pieces, then its answer.
extension WebhookServer {
  /// The first call of a request: only its head has come.
  func begin(
    _ handle: OpaquePointer, _ head: WebhookHead, on connection: WebhookConnection
  ) -> (WebhookRequest, MHD_Result) {
    connection.enter(head.hasBody ? .body : .answer, at: loop.now())
    var refused = unavailable
    if refused == nil, let streams, head.path == streams.path {
      switch unsafe judgeStream(handle, head) {
      case .success(let opening):
        let request = unsafe WebhookRequest(
          handle: handle, connection: connection, contentLength: nil, body: nil,
          phase: .upgrading(opening, head))
        begin(request)
        return (request, .YES)
      case .failure(let fault): refused = fault.answer
      }
    }
    guard let refusal = refused ?? gate.judge(head) else {
      let body = WebhookBody(
        head, peer: connection.peer, configuration: configuration, desk: desk)
      let request = unsafe WebhookRequest(
        handle: handle, connection: connection, contentLength: head.contentLength, body: body,
        phase: .receiving)
      begin(request)
      return (request, .YES)
    }
    let request = unsafe WebhookRequest(
      handle: handle, connection: connection, contentLength: head.contentLength, body: nil,
      phase: .discarding(refusal))
    begin(request)
    // Answered before its body, a client that is still sending sees a broken connection instead of the answer.
    let isLong = (head.contentLength ?? 0) > configuration.discardBytesMax
    if head.hasBody, !head.expectsContinue, !isLong { return (request, .YES) }
    return (request, answer(request, refusal))
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
      let isEndless =
        request.discardedBytes > configuration.wireBytesMax + configuration.discardBytesMax
      return isEndless ? .NO : .YES
    case .abandoned, .answered, .awaitingDurable, .upgrading:
      return .NO
    }
  }

  /// The body is over, or a suspended request goes on.
  func finish(_ request: WebhookRequest) -> MHD_Result {
    switch request.phase {
    case .receiving:
      guard let body = request.body else { return .NO }
      body.finish()
      if let length = request.contentLength, length != body.wireBytes {
        return answer(
          request, WebhookAnswer(400, "The body is shorter than its Content-Length says."))
      }
      return answerWhenDurable(request, body.verdict)
    case .discarding(let verdict):
      return answerWhenDurable(request, verdict)
    case .awaitingDurable(let verdict):
      if isDurable(request) { return answer(request, verdict) }
      return answer(
        request,
        .unavailable(
          isReadingStopped
            ? "The agent is stopping and the events are not on disk."
            : signals.isReadOnly
              ? Self.readOnlyText
              : "The events were not on disk within \(configuration.durableWaitMax)."))
    case .upgrading(let opening, _):
      return upgrade(request, opening)
    case .abandoned, .answered:
      return .NO
    }
  }

  private static let readOnlyText =
    "The agent's disk failed, and the ring is read-only until its operator has checked the disk and restarted it."

  private var unavailable: WebhookAnswer? {
    if isReadingStopped { return .unavailable("The agent is stopping.") }
    if signals.isReadOnly { return .unavailable(Self.readOnlyText) }
    return nil
  }

  /// A gzip piece of this size can make at most four MiB; then room and budget are looked at again.
  private static let sliceBytesMax = 4 << 10

  private func receive(
    _ bytes: UnsafeRawBufferPointer, of request: WebhookRequest, _ left: inout Int
  ) -> MHD_Result {
    guard let body = request.body else { return .NO }
    var used = 0
    while used < bytes.count {
      guard desk.hasRoom, desk.budget.mayGoOn(body) else {
        left = bytes.count - used
        suspend(request, until: .room)
        return .YES
      }
      let end = min(bytes.count, used + Self.sliceBytesMax)
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

  /// Says nothing of events that could still be lost: 503 promises nothing, so it needs no wait.
  private func answerWhenDurable(_ request: WebhookRequest, _ verdict: WebhookAnswer) -> MHD_Result
  {
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
    desk.counters.webhookAnswers[verdict.status, default: 0] &+= 1
    let body = request.body
    let text = Array(
      verdict.json(
        accepted: verdict.status == 503 ? 0 : body?.acceptedCount ?? 0,
        refused: body?.refusals ?? [], refusedCount: body?.refusedCount ?? 0
      ).utf8)
    let made = unsafe text.withUnsafeBytes {
      // The library copies it, so it is never written through.
      unsafe MHD_create_response_from_buffer(
        $0.count, UnsafeMutableRawPointer(mutating: $0.baseAddress), .RESPMEM_MUST_COPY)
    }
    guard let response = unsafe made else { return .NO }
    defer { unsafe MHD_destroy_response(response) }
    var headers = verdict.headers
    headers.append(("Content-Type", "application/json"))
    if isQuiesced { headers.append(("Connection", "close")) }
    for (name, value) in headers { unsafe _ = MHD_add_response_header(response, name, value) }
    return unsafe MHD_queue_response(request.handle, UInt32(verdict.status), response)
  }
}
