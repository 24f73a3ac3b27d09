import CLinux
import Glibc

/// A listening socket: bound, non-blocking, close-on-exec.
package struct TcpListener: ~Copyable, Sendable {
  package let descriptor: FileDescriptor
  /// The port it is bound to: also tells which one the kernel chose when 0 was asked for.
  package let port: UInt16

  /// - Parameters:
  ///   - address: "127.0.0.1:5044", "[::1]:5044" or "localhost:0".
  ///   - backlog: connections the kernel keeps before they are accepted.
  ///   - isShared: others of the same user that say so, too, may listen on the same port; the kernel deals connections
  ///     out among them. That another process has the port is no error then.
  /// - Throws: no such host, the port is taken, or it is not ours to take.
  package init(
    listeningOn address: String, backlog: Int32 = 1024, isShared: Bool = false
  ) throws(SystemError) {
    guard let colon = address.lastIndex(of: ":") else {
      throw SystemError(code: EINVAL, operation: "listen on \(address) (no port)")
    }
    var host = address[..<colon]
    if host.hasPrefix("["), host.hasSuffix("]") { host = host.dropFirst().dropLast() }
    var storage = sockaddr_storage()
    var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
    let port = String(address[address.index(after: colon)...])
    let status = unsafe clinux_resolve(String(host), port, &storage, &length)
    guard status == 0 else {
      let why = unsafe String(cString: clinux_resolve_message(status))
      throw SystemError(code: EADDRNOTAVAIL, operation: "listen on \(address) (\(why))")
    }
    let opened = unsafe withUnsafePointer(to: &storage) {
      unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe clinux_listen($0, length, backlog, isShared ? 1 : 0)
      }
    }
    guard opened >= 0 else { throw .last("listen on \(address)") }
    descriptor = FileDescriptor(taking: opened)
    self.port = UInt16(clinux_local_port(opened))
  }

  /// Gives the bare descriptor to a library that closes it itself.
  package consuming func takeDescriptor() -> Int32 { descriptor.release() }

  /// Gives the socket up, for a server that accepts by itself.
  package consuming func intoDescriptor() -> FileDescriptor { descriptor }

  /// The next connection and its peer's address ("203.0.113.7:514"); nil when none waits.
  package borrowing func accept() throws(SystemError) -> AcceptedSocket? {
    var storage = sockaddr_storage()
    var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
    let accepted = unsafe withUnsafeMutablePointer(to: &storage) {
      unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe clinux_accept(descriptor.raw, $0, &length)
      }
    }
    guard accepted >= 0 else {
      let code = errno
      // A client that left while it waited, or a signal: nothing is wrong with the listener.
      if [EAGAIN, EINTR, ECONNABORTED].contains(code) { return nil }
      throw SystemError(code: code, operation: "accept")
    }
    return AcceptedSocket(
      descriptor: FileDescriptor(taking: accepted), peer: TcpSocket.describe(storage))
  }
}
