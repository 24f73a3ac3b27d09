import Glibc
import LogPipeline
import Synchronization

/// A tiny HTTP/1.1 server on a free loopback port that asks a closure what to do with each request.
/// One thread a connection; keep-alive unless told otherwise.
@safe final class ScriptedHttpServer: Sendable {
  struct Request: Sendable {
    let method: String
    let path: String
    /// Names in lower case.
    let headers: [String: String]
    let body: [UInt8]

    /// The body without its gzip, as lines.
    var lines: [String] {
      String(decoding: inflated, as: UTF8.self).split(separator: "\n").map(String.init)
    }
    /// The `_id`s of the actions, in order.
    var ids: [String] {
      lines.compactMap {
        guard let range = $0.firstRange(of: "\"_id\":\"") else { return nil }
        return String($0[range.upperBound...].prefix { $0 != "\"" })
      }
    }
    var inflated: [UInt8] {
      headers["content-encoding"] == "gzip" ? GunzipSupport.gunzip(body) ?? [] : body
    }
  }

  enum Reaction: Sendable {
    case answer(Int, String, headers: [String] = [])
    /// Closes without a word.
    case close
    /// Part of an answer, then RST.
    case reset
    /// Says nothing until the client goes away.
    case hang
  }

  let port: UInt16
  private let listener: FileDescriptor
  private let script: @Sendable (Request, Int) -> Reaction
  private let seen = Mutex<[Request]>([])
  private let arrivals = Mailbox<Bool>(capacity: 1000)

  var url: String { "http://127.0.0.1:\(port)" }
  var requests: [Request] { seen.withLock { $0 } }
  var bulkRequests: [Request] { requests.filter { $0.path.hasPrefix("/_bulk") } }

  /// `script` gets the request and its number, from 1 (bulk requests and others counted alike).
  init(_ script: @escaping @Sendable (Request, Int) -> Reaction) throws {
    self.script = script
    Environment.ignoreBrokenPipes()
    let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue) | 0x80000, 0)
    guard socket >= 0 else { throw SystemError.last("socket") }
    listener = FileDescriptor(taking: socket)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let bound = unsafe withUnsafeMutablePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
        unsafe bind(socket, generic, length) == 0 && listen(socket, 64) == 0
          && getsockname(socket, generic, &length) == 0
      }
    }
    guard bound else { throw SystemError.last("bind") }
    port = UInt16(bigEndian: address.sin_port)
    let server = self
    _ = try PosixThread("scripted http") { server.acceptAll() }
  }

  /// Wakes the accept loop up for good; its thread ends.
  func stop() { shutdown(listener.raw, Int32(SHUT_RDWR)) }

  /// Waits for the next request to come in.
  func waitForRequest(within limit: Duration = .seconds(10)) -> Bool {
    arrivals.take(until: SystemClock().now() + limit) != nil
  }

  private func acceptAll() {
    while true {
      let accepted = accept(listener.raw, nil, nil)
      if accepted < 0 {
        if errno == EINTR || errno == ECONNABORTED { continue }
        return
      }
      let server = self
      _ = try? PosixThread("scripted conn") {
        server.serve(FileDescriptor(taking: accepted))
      }
    }
  }

  private func serve(_ connection: consuming FileDescriptor) {
    var buffer: [UInt8] = []
    while let request = readRequest(connection, &buffer) {
      let number = seen.withLock { seen in
        seen.append(request)
        return seen.count
      }
      _ = arrivals.offer(true)
      switch script(request, number) {
      case .answer(let status, let body, let headers):
        let head =
          (["HTTP/1.1 \(status) Scripted", "content-length: \(body.utf8.count)"] + headers)
          .joined(separator: "\r\n")
        guard (try? connection.write(Array("\(head)\r\n\r\n\(body)".utf8))) != nil else { return }
      case .close: return
      case .reset:
        try? connection.write(Array("HTTP/1.1 200 OK\r\ncontent-length: 999\r\n\r\n{".utf8))
        var hard = linger(l_onoff: 1, l_linger: 0)
        unsafe setsockopt(
          connection.raw, SOL_SOCKET, SO_LINGER, &hard, socklen_t(MemoryLayout<linger>.size))
        return
      case .hang: while readMore(connection, &buffer) {}
      }
    }
  }

  private func readMore(_ connection: borrowing FileDescriptor, _ buffer: inout [UInt8]) -> Bool {
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    let count = unsafe chunk.withUnsafeMutableBytes {
      (try? unsafe connection.read(into: $0)) ?? 0
    }
    buffer += chunk[..<count]
    return count > 0
  }

  private func readRequest(
    _ connection: borrowing FileDescriptor, _ buffer: inout [UInt8]
  ) -> Request? {
    let end = Array("\r\n\r\n".utf8)
    var headEnd: Int?
    while headEnd == nil {
      headEnd = buffer.firstRange(of: end)?.lowerBound
      if headEnd == nil, !readMore(connection, &buffer) { return nil }
    }
    guard let headEnd else { return nil }
    let head = String(decoding: buffer[..<headEnd], as: UTF8.self)
      .split(separator: "\r\n").map(String.init)
    var headers: [String: String] = [:]
    for line in head.dropFirst() {
      guard let colon = line.firstIndex(of: ":") else { continue }
      headers[line[..<colon].lowercased()] = String(
        line[line.index(after: colon)...].drop(while: \.isWhitespace))
    }
    let length = headers["content-length"].flatMap { Int($0) } ?? 0
    let total = headEnd + 4 + length
    while buffer.count < total {
      if !readMore(connection, &buffer) { return nil }
    }
    let body = Array(buffer[(headEnd + 4)..<total])
    buffer.removeFirst(total)
    let first = head[0].split(separator: " ").map(String.init)
    return Request(method: first[0], path: first[1], headers: headers, body: body)
  }
}
