import CMicrohttpd

// Requests that become event streams.
extension WebhookServer {
  /// Judges a request to open a stream, by its head alone: the stream, or the answer that refuses it.
  func judgeStream(
    _ handle: OpaquePointer, _ head: WebhookHead, of connection: WebhookConnection,
    notLetIn: WebhookAnswer?
  ) -> Result<(WebSocketOpening, WebhookPass), WebSocketHandshake.Refused> {
    if isQuiesced {
      return .failure(.init(answer: .unavailable("The agent is stopping.", .stopping)))
    }
    if let refusal = unavailable ?? notLetIn { return .failure(.init(answer: refusal)) }
    gate.keys.refresh(at: loop.now(), reloads: signals.reloadCount)
    let judgement = gate.judgeStream(
      head, peer: connection.peer, at: loop.now(), wallMilliseconds: desk.clock.wallMilliseconds())
    switch judgement {
    case .refused(let answer): return .failure(.init(answer: answer))
    case .admitted(let pass):
      var isTrusted = false
      if case .key = pass { isTrusted = true }
      return unsafe handshake(handle).judge(head, isTrusted: isTrusted).map { ($0, pass) }
    }
  }

  /// The answer that opens the stream; the handshake was judged.
  func upgrade(_ request: WebhookRequest, _ opening: WebSocketOpening) -> MHD_Result {
    let context = unsafe Unmanaged.passUnretained(self).toOpaque()
    let made = unsafe MHD_create_response_for_upgrade(
      { context, _, state, early, count, socket, handle in
        unsafe WebhookCallbacks.upgraded(context, state, early, count, socket, handle)
      }, context)
    guard let response = unsafe made else { return .NO }
    defer { unsafe MHD_destroy_response(response) }
    unsafe _ = MHD_add_response_header(response, "Upgrade", "websocket")
    unsafe _ = MHD_add_response_header(response, "Sec-WebSocket-Accept", opening.accept)
    let status = UInt32(MHD_HTTP_SWITCHING_PROTOCOLS)
    guard unsafe MHD_queue_response(request.handle, status, response) == .YES else {
      // The library knows the version of the request, we do not.
      return answer(request, WebhookAnswer(400, "A stream needs HTTP/1.1.", .upgrade))
    }
    desk.counters.webhookAnswers[Int(status), default: 0] &+= 1
    return .YES
  }

  /// The answer is on its way; the socket is ours until the stream ends.
  func opened(
    _ request: WebhookRequest, socket: Int32, handle: OpaquePointer, early: [UInt8]
  ) {
    guard case .upgrading(let opening, let head, let pass) = request.phase, let streams else {
      return unsafe cmicrohttpd_end_upgraded(handle)
    }
    request.phase = .answered
    request.connection.enter(.stream, at: loop.now())
    unsafe streams.open(
      opening, head, pass: pass, peer: request.connection.peer, raw: socket,
      isDirect: socket == request.connection.raw, handle: handle, early: early)
  }

  private func handshake(_ handle: OpaquePointer) -> WebSocketHandshake {
    func value(_ kind: MHD_ValueKind, _ name: String) -> String? {
      unsafe MHD_lookup_connection_value(handle, kind, name).map { unsafe String(cString: $0) }
    }
    var handshake = WebSocketHandshake()
    handshake.upgrade = value(.HEADER_KIND, "Upgrade")
    handshake.connection = value(.HEADER_KIND, "Connection")
    handshake.key = value(.HEADER_KIND, "Sec-WebSocket-Key")
    handshake.version = value(.HEADER_KIND, "Sec-WebSocket-Version")
    handshake.origin = value(.HEADER_KIND, "Origin")
    handshake.sender = value(.GET_ARGUMENT_KIND, "sender")
    handshake.from = value(.GET_ARGUMENT_KIND, "from")
    return handshake
  }
}
