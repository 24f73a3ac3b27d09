import Glibc

/// A blocking TCP connection to a port of this machine's loopback interface; a call gives up after `timeoutSeconds`.
package struct TcpClient: ~Copyable {
  private let socket: FileDescriptor

  package init(port: UInt16, timeoutSeconds: Int = 30) throws(SystemError) {
    let opened = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    guard opened >= 0 else { throw .last("socket") }
    let socket = FileDescriptor(taking: opened)
    var limit = timeval(tv_sec: timeoutSeconds, tv_usec: 0)
    for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
      _ = unsafe setsockopt(
        opened, SOL_SOCKET, option, &limit, socklen_t(MemoryLayout<timeval>.size))
    }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = INADDR_LOOPBACK.bigEndian
    let status = unsafe withUnsafePointer(to: &address) {
      unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe connect(opened, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard status == 0 else { throw .last("connect to port \(port)") }
    self.socket = socket
  }

  package func send(_ bytes: [UInt8]) throws(SystemError) { try socket.write(bytes) }
  package func send(_ text: String) throws(SystemError) { try send(Array(text.utf8)) }

  /// What has arrived, at most 64 KiB; empty at the end.
  package func receive() throws(SystemError) -> [UInt8] {
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    var failure: SystemError?
    let count = unsafe buffer.withUnsafeMutableBytes { bytes in
      do throws(SystemError) { return try unsafe socket.read(into: bytes) } catch {
        failure = error
        return 0
      }
    }
    if let failure { throw failure }
    return Array(buffer[..<count])
  }

  /// Everything until the peer closes.
  package func receiveAll() throws(SystemError) -> [UInt8] {
    var all: [UInt8] = []
    while true {
      let more = try receive()
      if more.isEmpty { return all }
      all += more
    }
  }

  /// Says that nothing more will be sent.
  package func finishSending() { shutdown(socket.raw, Int32(SHUT_WR)) }

  /// Gives the socket up, for who reads and writes it from two threads.
  package consuming func intoSocket() -> FileDescriptor { socket }
}
