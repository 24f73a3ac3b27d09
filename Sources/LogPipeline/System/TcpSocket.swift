import CLinux
import Glibc

/// Calls on connected, non-blocking sockets; they keep no hold on the descriptor.
package enum TcpSocket {
  /// What one read found.
  package enum Received: Equatable, Sendable {
    case bytes(Int)
    /// Nothing right now.
    case nothing
    /// The peer has sent its last byte.
    case end
    /// The connection is broken: this errno.
    case failed(Int32)
  }

  /// Reads what is there, at most the buffer.
  package static func receive(
    _ raw: Int32, into buffer: UnsafeMutableRawBufferPointer
  ) -> Received {
    while true {
      let count = unsafe recv(raw, buffer.baseAddress, buffer.count, 0)
      if count > 0 { return .bytes(count) }
      if count == 0 { return .end }
      let code = errno
      if code == EAGAIN { return .nothing }
      if code != EINTR { return .failed(code) }
    }
  }

  /// The first bytes that are there, at most `count`; they stay.
  package static func peek(_ raw: Int32, count: Int) -> (found: Received, bytes: [UInt8]) {
    var bytes = [UInt8](repeating: 0, count: count)
    while true {
      let count = unsafe recv(raw, &bytes, bytes.count, Int32(MSG_PEEK | MSG_DONTWAIT))
      if count > 0 { return (.bytes(count), Array(bytes[..<count])) }
      if count == 0 { return (.end, []) }
      let code = errno
      if code == EAGAIN { return (.nothing, []) }
      if code != EINTR { return (.failed(code), []) }
    }
  }

  /// Sends what the socket takes at once; a short answer always fits a fresh connection's buffer.
  package static func sendAtOnce(_ raw: Int32, _ bytes: [UInt8]) {
    _ = unsafe bytes.withUnsafeBytes {
      unsafe send(raw, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
    }
  }

  /// The peer sees the end of our side; reading goes on.
  package static func finishSending(_ raw: Int32) { _ = shutdown(raw, Int32(SHUT_WR)) }

  /// Ends both directions: whoever reads from it sees the end of the stream. The descriptor stays open.
  package static func endBoth(_ raw: Int32) { _ = shutdown(raw, Int32(SHUT_RDWR)) }

  /// How far a peer has gone that nobody reads from.
  package enum Presence: Sendable {
    case here
    /// It has closed its sending side: gone, or waiting for an answer on a half-closed connection.
    case finishedSending
    case gone
  }

  package static func presence(_ raw: Int32) -> Presence {
    var asked = pollfd(fd: raw, events: clinux_pollrdhup, revents: 0)
    guard unsafe poll(&asked, 1, 0) > 0 else { return .here }
    if Int32(asked.revents) & (POLLHUP | POLLERR | POLLNVAL) != 0 { return .gone }
    return .finishedSending
  }

  /// "203.0.113.7:514" of the other end, "?" when it can not be told.
  package static func peer(of raw: Int32) -> String {
    var storage = sockaddr_storage()
    var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
    let status = unsafe withUnsafeMutablePointer(to: &storage) {
      unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe getpeername(raw, $0, &length)
      }
    }
    return status == 0 ? describe(storage) : "?"
  }

  /// The address without its port: what limits per address count.
  package static func host(ofPeer peer: String) -> String {
    peer.lastIndex(of: ":").map { String(peer[..<$0]) } ?? peer
  }

  static func describe(_ storage: sockaddr_storage) -> String {
    var storage = storage
    var text = [CChar](repeating: 0, count: 80)
    let count = unsafe clinux_describe_address(&storage, &text, text.count)
    return String(decoding: text.prefix(count).map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
