import Glibc
import LogPipeline

/// A blocking client on the loopback.
final class LoopbackClient {
  struct Answer: Equatable {
    var status = 0
    var headers: [String: String] = [:]
    var body = ""
    var json: JsonValue? { try? JsonValue.parse(body) }
  }

  private let raw: Int32
  private var received: [UInt8] = []

  /// `receiveBytes`: how much may wait unread on this side; nil: as the system likes.
  init(port: UInt16, timeout: Duration = .seconds(10), receiveBytes: Int32? = nil) throws {
    raw = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    if var size = receiveBytes {
      unsafe setsockopt(raw, SOL_SOCKET, SO_RCVBUF, &size, socklen_t(MemoryLayout<Int32>.size))
    }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let status = unsafe withUnsafePointer(to: &address) {
      unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe connect(raw, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard status == 0 else { throw SystemError.last("connect") }
    var limit = timeval(tv_sec: Int(timeout.milliseconds / 1000), tv_usec: 0)
    for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
      unsafe setsockopt(raw, SOL_SOCKET, option, &limit, socklen_t(MemoryLayout<timeval>.size))
    }
  }

  deinit { close(raw) }

  /// False when the connection is broken or takes nothing until the time-out.
  @discardableResult
  func send(_ bytes: [UInt8]) -> Bool {
    var done = 0
    while done < bytes.count {
      let count = unsafe bytes.withUnsafeBytes {
        unsafe Glibc.send(
          raw, $0.baseAddress.map { unsafe $0 + done }, bytes.count - done, Int32(MSG_NOSIGNAL))
      }
      if count <= 0 { return false }
      done += count
    }
    return true
  }
  @discardableResult
  func send(_ text: String) -> Bool { send(Array(text.utf8)) }

  /// One byte beside the stream.
  func send(urgent byte: UInt8) -> Bool {
    var byte = byte
    return unsafe Glibc.send(raw, &byte, 1, Int32(MSG_NOSIGNAL | MSG_OOB)) == 1
  }

  /// What goes into the socket without waiting, in bytes.
  func sendWithoutWaiting(_ bytes: [UInt8]) -> Int {
    unsafe bytes.withUnsafeBytes {
      unsafe Glibc.send(raw, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL | MSG_DONTWAIT))
    }
  }

  func finishSending() { shutdown(raw, Int32(SHUT_WR)) }

  /// Ends the connection by a reset, as a process does that is killed with bytes unread.
  func reset() {
    var now = linger(l_onoff: 1, l_linger: 0)
    unsafe setsockopt(raw, SOL_SOCKET, SO_LINGER, &now, socklen_t(MemoryLayout<linger>.size))
    // The descriptor stays ours until deinit: another socket in its place resets the connection.
    let other = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    dup2(other, raw)
    close(other)
  }

  /// Everything until the other end closes; nil when it was reset or the time is over.
  func readToEnd() -> String? {
    while true {
      switch readMore() {
      case 1...: continue
      case 0: return String(decoding: received, as: UTF8.self)
      default: return nil
      }
    }
  }

  /// Sends a request with a body and reads its answer.
  func post(
    _ path: String = "/v1/events", _ body: [UInt8], headers: [String] = [], method: String = "POST"
  ) -> Answer? {
    let lines =
      ["\(method) \(path) HTTP/1.1", "Host: localhost", "Content-Length: \(body.count)"] + headers
    send(Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8) + body)
    return readAnswer()
  }
  func post(_ path: String = "/v1/events", _ body: String, headers: [String] = []) -> Answer? {
    post(path, Array(body.utf8), headers: headers)
  }

  /// One answer; what follows stays for the next. nil: the connection ended before one.
  func readAnswer() -> Answer? {
    let separator = Array("\r\n\r\n".utf8)
    while true {
      if let end = received.firstRange(of: separator) {
        var answer = Answer()
        let lines = String(decoding: received[..<end.lowerBound], as: UTF8.self)
          .split(separator: "\r\n")
        answer.status = Int(lines[0].split(separator: " ")[1]) ?? 0
        for line in lines.dropFirst() {
          guard let colon = line.firstIndex(of: ":") else { continue }
          answer.headers[line[..<colon].lowercased()] =
            String(line[line.index(after: colon)...].drop { $0 == " " })
        }
        if answer.status == 100 {
          received.removeSubrange(..<end.upperBound)
          return answer
        }
        let length = Int(answer.headers["content-length"] ?? "") ?? 0
        if received.count >= end.upperBound + length {
          answer.body = String(
            decoding: received[end.upperBound..<(end.upperBound + length)], as: UTF8.self)
          received.removeSubrange(..<(end.upperBound + length))
          return answer
        }
      }
      if readMore() <= 0 { return nil }
    }
  }

  private func readMore() -> Int {
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    let count = unsafe recv(raw, &chunk, chunk.count, 0)
    if count > 0 { received += chunk[..<count] }
    return count
  }
}

/// Looks again and again until it is so, for at most some seconds.
func eventually(within limit: Duration = .seconds(10), _ isSo: () -> Bool) -> Bool {
  let deadline = SystemClock().now() + limit
  while !isSo() {
    if SystemClock().now() >= deadline { return false }
    PosixThread.sleep(.milliseconds(2))
  }
  return true
}
