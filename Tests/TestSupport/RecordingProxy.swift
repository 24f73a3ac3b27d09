import Glibc
import LogPipeline
import Synchronization

/// A TCP proxy on the loopback interface that passes everything on and keeps the head of each HTTP request.
package final class RecordingProxy: Sendable {
  package let port: UInt16
  private let target: UInt16
  private let listener: FileDescriptor
  private let heads = Mutex<[String]>([])
  private let connections = Mutex(0)
  private let early = Mutex(0)

  package init(to target: UInt16) throws {
    let opened = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    guard opened >= 0 else { throw SystemError.last("socket") }
    listener = FileDescriptor(taking: opened)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = INADDR_LOOPBACK.bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let status = unsafe withUnsafeMutablePointer(to: &address) {
      unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe bind(opened, $0, length) == 0 && listen(opened, 16) == 0
          ? getsockname(opened, $0, &length) : -1
      }
    }
    guard status == 0 else { throw SystemError.last("bind") }
    port = UInt16(bigEndian: address.sin_port)
    self.target = target
    _ = try PosixThread("proxy") { [self] in acceptAll() }
  }

  /// The head (request line and headers) of every request seen so far.
  package var requestHeads: [String] { heads.withLock { $0 } }

  /// How many connections were made.
  package var connectionCount: Int { connections.withLock { $0 } }
  /// Requests that came on a connection whose last one was not answered yet.
  package var earlyRequestCount: Int { early.withLock { $0 } }

  /// Takes no new connections.
  package func stop() { shutdown(listener.raw, Int32(SHUT_RDWR)) }

  private func acceptAll() {
    while true {
      let client = accept(listener.raw, nil, nil)
      guard client >= 0 else { return }
      guard let server = try? TcpSocketPair(client: client, serverPort: target) else {
        close(client)
        continue
      }
      connections.withLock { $0 += 1 }
      _ = try? PosixThread("proxy up") { [self] in pump(server, up: true) }
      _ = try? PosixThread("proxy down") { [self] in pump(server, up: false) }
    }
  }

  private func pump(_ pair: TcpSocketPair, up: Bool) {
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    var reader = RequestHeadReader()
    let source = up ? pair.client.raw : pair.server.raw
    let sink = up ? pair.server.raw : pair.client.raw
    while true {
      let count = unsafe buffer.withUnsafeMutableBytes {
        unsafe read(source, $0.baseAddress, $0.count)
      }
      guard count > 0 else { break }
      if up {
        let found = reader.take(buffer[..<count])
        if !found.isEmpty { heads.withLock { $0 += found } }
        let unanswered = pair.unanswered.add(found.count, ordering: .relaxed).newValue
        if !found.isEmpty, unanswered > 1 { early.withLock { $0 += 1 } }
      } else {
        pair.unanswered.store(0, ordering: .relaxed)
      }
      guard
        (try? up
          ? pair.server.write(Array(buffer[..<count])) : pair.client.write(Array(buffer[..<count])))
          != nil
      else { break }
    }
    shutdown(sink, Int32(SHUT_WR))
  }
}

private final class TcpSocketPair: Sendable {
  let client: FileDescriptor
  let server: FileDescriptor
  let unanswered = Atomic<Int>(0)

  init(client: Int32, serverPort: UInt16) throws {
    self.client = FileDescriptor(taking: dup(client))
    close(client)
    server = try TcpClient(port: serverPort).intoSocket()
  }
}

/// Finds request heads in a stream of requests with Content-Length bodies.
struct RequestHeadReader {
  private var head: [UInt8] = []
  private var bodyLeftBytes = 0

  mutating func take(_ bytes: ArraySlice<UInt8>) -> [String] {
    var found: [String] = []
    var rest = bytes
    while !rest.isEmpty {
      if bodyLeftBytes > 0 {
        let skipped = min(bodyLeftBytes, rest.count)
        bodyLeftBytes -= skipped
        rest = rest.dropFirst(skipped)
        continue
      }
      head.append(rest.removeFirst())
      guard head.suffix(4) == [13, 10, 13, 10] else { continue }
      let text = String(decoding: head, as: UTF8.self)
      found.append(text)
      head = []
      for line in text.split(separator: "\r\n") where line.lowercased().hasPrefix("content-length:")
      {
        bodyLeftBytes = Int(line.dropFirst(15).drop { $0 == " " }) ?? 0
      }
    }
    return found
  }
}
