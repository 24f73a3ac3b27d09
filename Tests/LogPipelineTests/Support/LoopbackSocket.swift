import Glibc
import LogPipeline

/// Sockets on 127.0.0.1 for tests of servers: a listener on a free port, and a client that sends bytes as they are.
enum LoopbackSocket {
  struct Listener: ~Copyable {
    let descriptor: FileDescriptor
    let port: UInt16
  }

  /// Listening on a port that was free, non-blocking.
  static func listen() throws -> Listener {
    let raw = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue), 0)
    guard raw >= 0 else { throw SystemError.last("socket") }
    let descriptor = FileDescriptor(taking: raw)
    var address = loopback(port: 0)
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let status = unsafe withUnsafeMutablePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
        unsafe bind(raw, pointer, length) != 0 || Glibc.listen(raw, 16) != 0
          || getsockname(raw, pointer, &length) != 0
      }
    }
    guard !status else { throw SystemError.last("listen") }
    return Listener(descriptor: descriptor, port: UInt16(bigEndian: address.sin_port))
  }

  /// Connects, sends all of it, and reads until the peer closes or nothing came for 10 s.
  static func exchange(_ request: String, port: UInt16) throws -> String {
    let raw = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    guard raw >= 0 else { throw SystemError.last("socket") }
    let descriptor = FileDescriptor(taking: raw)
    var patience = timeval(tv_sec: 10, tv_usec: 0)
    unsafe setsockopt(
      raw, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    var address = loopback(port: port)
    let status = unsafe withUnsafeMutablePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe connect(raw, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard status == 0 else { throw SystemError.last("connect") }
    try descriptor.write(Array(request.utf8))
    var answer: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 64 << 10)
    while true {
      let count = unsafe recv(raw, &buffer, buffer.count, 0)
      if count == 0 { return String(decoding: answer, as: UTF8.self) }
      guard count > 0 else { throw SystemError.last("recv") }
      answer += buffer[..<count]
    }
  }

  private static func loopback(port: UInt16) -> sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    return address
  }
}
