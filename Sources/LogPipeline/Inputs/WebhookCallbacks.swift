import CMicrohttpd

/// Where libmicrohttpd calls in: the only place that turns its pointers into ours and back.
enum WebhookCallbacks {
  static var table: cmicrohttpd_callbacks {
    unsafe cmicrohttpd_callbacks(
      handle: { context, handle, uri, method, _, bytes, count, state in
        unsafe WebhookCallbacks.handle(context, handle, uri, method, bytes, count, state)
      },
      completed: { context, _, state, _ in
        // The only release of a request: it also runs when the client went away.
        guard let state = unsafe state, let held = unsafe state.pointee else { return }
        let request = unsafe Unmanaged<WebhookRequest>.fromOpaque(held).takeRetainedValue()
        unsafe state.pointee = nil
        unsafe WebhookCallbacks.server(context)?.end(request)
      },
      connection: { context, handle, state, code in
        unsafe WebhookCallbacks.connection(context, handle, state, code)
      },
      request_line: { context, target, handle in
        if let server = unsafe WebhookCallbacks.server(context),
          let connection = unsafe WebhookCallbacks.connection(of: handle)
        {
          server.noteHandshake(connection)
          connection.enter(.headers, at: server.loop.now())
          connection.targetHoldsNul = unsafe cmicrohttpd_hides_nul(target)
        }
        return nil
      })
  }

  /// The answer that makes a request a stream was sent.
  static func upgraded(
    _ context: UnsafeMutableRawPointer?, _ state: UnsafeMutableRawPointer?,
    _ early: UnsafePointer<CChar>?, _ count: Int, _ socket: Int32, _ handle: OpaquePointer?
  ) {
    guard let server = unsafe server(context), let state = unsafe state,
      let handle = unsafe handle
    else { return }
    let request = unsafe Unmanaged<WebhookRequest>.fromOpaque(state).takeUnretainedValue()
    unsafe server.opened(
      request, socket: socket, handle: handle,
      early: Array(UnsafeRawBufferPointer(start: early, count: count)))
  }

  private static func server(_ context: UnsafeMutableRawPointer?) -> WebhookServer? {
    unsafe context.map { unsafe Unmanaged<WebhookServer>.fromOpaque($0).takeUnretainedValue() }
  }

  private static func connection(of handle: OpaquePointer?) -> WebhookConnection? {
    guard let handle = unsafe handle, let held = unsafe cmicrohttpd_socket_context(handle) else {
      return nil
    }
    return unsafe Unmanaged<WebhookConnection>.fromOpaque(held).takeUnretainedValue()
  }

  private static func connection(
    _ context: UnsafeMutableRawPointer?, _ handle: OpaquePointer?,
    _ state: UnsafeMutablePointer<UnsafeMutableRawPointer?>?, _ code: MHD_ConnectionNotificationCode
  ) {
    guard let server = unsafe server(context), let handle = unsafe handle,
      let state = unsafe state
    else { return }
    if code == .CONNECTION_NOTIFY_STARTED {
      let opened = unsafe server.open(cmicrohttpd_socket(handle))
      unsafe server.beginTls(handle, opened)
      unsafe state.pointee = unsafe Unmanaged.passRetained(opened).toOpaque()
    } else if let held = unsafe state.pointee {
      unsafe state.pointee = nil
      server.close(unsafe Unmanaged<WebhookConnection>.fromOpaque(held).takeRetainedValue())
    }
  }

  private static func handle(
    _ context: UnsafeMutableRawPointer?, _ handle: OpaquePointer?, _ uri: UnsafePointer<CChar>?,
    _ method: UnsafePointer<CChar>?, _ bytes: UnsafePointer<CChar>?,
    _ count: UnsafeMutablePointer<Int>?,
    _ state: UnsafeMutablePointer<UnsafeMutableRawPointer?>?
  ) -> MHD_Result {
    guard let server = unsafe server(context), let handle = unsafe handle,
      let state = unsafe state, let count = unsafe count
    else { return .NO }
    guard let held = unsafe state.pointee else {
      guard let connection = unsafe connection(of: handle), connection.isAdmitted,
        let uri = unsafe uri, let method = unsafe method
      else { return .NO }
      var head = unsafe head(of: handle)
      head.setTarget(connection.targetHoldsNul ? "" : unsafe String(cString: uri))
      head.method = unsafe String(cString: method)
      let (request, result) = unsafe server.begin(handle, head, on: connection)
      unsafe state.pointee = unsafe Unmanaged.passRetained(request).toOpaque()
      return result
    }
    let request = unsafe Unmanaged<WebhookRequest>.fromOpaque(held).takeUnretainedValue()
    guard unsafe count.pointee > 0 else { return server.finish(request) }
    let piece = unsafe UnsafeRawBufferPointer(start: bytes, count: count.pointee)
    return unsafe server.take(piece, of: request, &count.pointee)
  }

  private static func head(of handle: OpaquePointer) -> WebhookHead {
    var head = WebhookHead()
    unsafe withUnsafeMutablePointer(to: &head) { target in
      unsafe _ = MHD_get_connection_values(
        handle, .HEADER_KIND,
        { target, _, name, value in
          guard let target = unsafe target, let name = unsafe name else { return .YES }
          let text = unsafe value.map { unsafe String(cString: $0) } ?? ""
          unsafe target.assumingMemoryBound(to: WebhookHead.self).pointee.add(
            String(cString: name), text)
          return .YES
        }, target)
    }
    return head
  }
}
