import CMicrohttpd
import Synchronization

/// The admin port: health, readiness, metrics and status, on a thread of its own so that it answers when all else is stuck.
///
/// It only shows; nothing here changes the agent.
@safe package final class AdminServer: Sendable {
  private let listener: FileDescriptor
  private let listenHost: String
  private let check: HostCheck
  private let snapshot: @Sendable () -> StatusSnapshot
  private let running = Mutex<Daemon?>(nil)

  /// - Parameters:
  ///   - listener: a listening, non-blocking socket.
  ///   - listenHost: what it was bound to, as configured, without port and brackets.
  ///   - alsoAllowed: further names a `Host` header may carry.
  ///   - snapshot: called on the admin thread for each page; must not wait for other threads' work.
  package init(
    listener: consuming FileDescriptor, listenHost: String, alsoAllowed: [String] = [],
    snapshot: @escaping @Sendable () -> StatusSnapshot
  ) {
    self.listener = listener
    self.listenHost = listenHost
    check = HostCheck(listenHost: listenHost, alsoAllowed: alsoAllowed)
    self.snapshot = snapshot
  }

  deinit { stop() }

  /// Starts the thread and answers from then on; once.
  package func start() throws(AdminError) {
    // Unretained: `stop` joins the thread before this object can go.
    let context = unsafe Unmanaged.passUnretained(self).toOpaque()
    let raw = listener.raw
    guard let handle = unsafe cmicrohttpd_start_admin(raw, answerAdminRequest, context) else {
      throw AdminError(listenHost: listenHost)
    }
    let daemon = unsafe Daemon(handle: handle)
    running.withLock { running in
      invariant(running == nil, "the admin page was started twice")
      running = daemon
    }
  }

  /// Lets go of the port and ends the thread, after the answers it is at; again is fine.
  package func stop() {
    let daemon = running.withLock { running in
      defer { running = nil }
      return running
    }
    guard let daemon else { return }
    // Without it the daemon would close the socket, and `listener` once more.
    _ = unsafe MHD_quiesce_daemon(daemon.handle)
    unsafe MHD_stop_daemon(daemon.handle)
  }

  /// Runs on the daemon's thread.
  fileprivate func answer(
    _ connection: OpaquePointer, method: String, path: String
  ) -> MHD_Result {
    let answer = AdminAnswer.to(
      method: method, path: path, hosts: unsafe Self.hosts(of: connection), check: check,
      snapshot: snapshot)
    var body = answer.body
    let response = body.withUTF8 { bytes in
      unsafe MHD_create_response_from_buffer(
        bytes.count, UnsafeMutableRawPointer(mutating: bytes.baseAddress), .RESPMEM_MUST_COPY)
    }
    guard let response = unsafe response else { return .NO }
    defer { unsafe MHD_destroy_response(response) }
    var headers = [
      ("Content-Type", answer.contentType), ("Cache-Control", "no-store"),
      ("X-Content-Type-Options", "nosniff"),
    ]
    if answer.status == 405 { headers.append(("Allow", "GET, HEAD")) }
    for (name, value) in headers { unsafe MHD_add_response_header(response, name, value) }
    return unsafe MHD_queue_response(connection, answer.status, response)
  }

  private static func hosts(of connection: OpaquePointer) -> [String] {
    var found = FoundHosts()
    unsafe withUnsafeMutablePointer(to: &found) { context in
      _ = unsafe MHD_get_connection_values(connection, .HEADER_KIND, collectHost, context)
    }
    return found.values
  }
}

// @unchecked Sendable: libmicrohttpd's calls on a daemon are safe from any thread.
@safe private struct Daemon: @unchecked Sendable {
  let handle: OpaquePointer
}

private struct FoundHosts {
  var values: [String] = []
}

private func collectHost(
  _ context: UnsafeMutableRawPointer?, _: MHD_ValueKind, _ key: UnsafePointer<CChar>?,
  _ value: UnsafePointer<CChar>?
) -> MHD_Result {
  guard let context = unsafe context, let key = unsafe key,
    unsafe String(cString: key).lowercased() == "host"
  else { return .YES }
  let text = unsafe value.map { unsafe String(cString: $0) } ?? ""
  unsafe context.assumingMemoryBound(to: FoundHosts.self).pointee.values.append(text)
  return .YES
}

private func answerAdminRequest(
  _ context: UnsafeMutableRawPointer?, _ connection: OpaquePointer?, _ url: UnsafePointer<CChar>?,
  _ method: UnsafePointer<CChar>?, _: UnsafePointer<CChar>?, _: UnsafePointer<CChar>?,
  _ uploadSize: UnsafeMutablePointer<Int>?,
  _ state: UnsafeMutablePointer<UnsafeMutableRawPointer?>?
) -> MHD_Result {
  guard let context = unsafe context, let connection = unsafe connection,
    let url = unsafe url, let method = unsafe method, let state = unsafe state,
    let uploadSize = unsafe uploadSize
  else { return .NO }
  let server = unsafe Unmanaged<AdminServer>.fromOpaque(context).takeUnretainedValue()
  let verb = unsafe String(cString: method)
  // A request is told of twice, with and after its headers; a body, which only other verbs have, is not waited for.
  if unsafe state.pointee == nil, verb == "GET" || verb == "HEAD" {
    unsafe state.pointee = context
    return .YES
  }
  guard unsafe uploadSize.pointee == 0 else {
    unsafe uploadSize.pointee = 0
    return .YES
  }
  return unsafe server.answer(connection, method: verb, path: String(cString: url))
}
