import Glibc

// Sending on sockets that may be full.
extension TcpSocket {
  /// What one write did.
  package enum Sent: Equatable, Sendable {
    case bytes(Int)
    /// The socket takes nothing right now.
    case full
    /// The connection is broken: this errno.
    case failed(Int32)
  }

  /// Sends as much as the socket takes.
  package static func sendSome(_ raw: Int32, _ bytes: UnsafeRawBufferPointer) -> Sent {
    while true {
      let count = unsafe Glibc.send(raw, bytes.baseAddress, bytes.count, Int32(MSG_NOSIGNAL))
      if count >= 0 { return .bytes(count) }
      let code = errno
      if code == EAGAIN { return .full }
      if code != EINTR { return .failed(code) }
    }
  }

  /// Small writes go out at once, also while earlier ones are not acknowledged. Nothing where it is no TCP socket.
  package static func setNoDelay(_ raw: Int32) {
    var on: Int32 = 1
    _ = unsafe setsockopt(
      raw, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
  }
}
