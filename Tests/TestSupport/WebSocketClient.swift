package import LogPipeline

/// A blocking WebSocket client that writes its frames by hand, so that it can also write wrong ones.
package final class WebSocketClient {
  package struct Frame: Equatable {
    package let isFinal: Bool
    package let opcode: UInt8
    package let payload: [UInt8]
    package var text: String { String(decoding: payload, as: UTF8.self) }
    package var json: JsonValue? { try? JsonValue.parse(payload) }
    /// Of a farewell.
    package var closeCode: Int? {
      guard opcode == WebSocketClient.farewell else { return nil }
      return payload.count < 2 ? 1005 : Int(payload[0]) << 8 | Int(payload[1])
    }
  }

  package static let text: UInt8 = 1
  package static let binary: UInt8 = 2
  package static let farewell: UInt8 = 8
  package static let ping: UInt8 = 9
  package static let pong: UInt8 = 10

  private let connection: TcpClient
  private var received: [UInt8] = []
  /// The answer to the handshake: its status line and headers.
  package private(set) var answer = ""

  /// Connects, and shakes hands unless `request` is empty.
  package init(port: UInt16, request: String, timeoutSeconds: Int = 30) throws {
    connection = try TcpClient(port: port, timeoutSeconds: timeoutSeconds)
    guard !request.isEmpty else { return }
    try connection.send(request)
    let end = Array("\r\n\r\n".utf8)
    while true {
      if let found = received.firstRange(of: end) {
        answer = String(decoding: received[..<found.lowerBound], as: UTF8.self)
        received.removeSubrange(..<found.upperBound)
        return
      }
      guard try readMore() else { return }
    }
  }

  package convenience init(
    port: UInt16, path: String = "/v1/stream", headers: [String] = [], timeoutSeconds: Int = 30
  ) throws {
    try self.init(
      port: port, request: Self.request(path, headers), timeoutSeconds: timeoutSeconds)
  }

  /// A handshake as RFC 6455 has it in its example.
  package static func request(_ path: String = "/v1/stream", _ headers: [String] = []) -> String {
    let lines =
      [
        "GET \(path) HTTP/1.1", "Host: localhost", "Upgrade: websocket", "Connection: Upgrade",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Version: 13",
      ] + headers
    return lines.joined(separator: "\r\n") + "\r\n\r\n"
  }

  /// 101 when the stream is open.
  package var status: Int { Int(answer.split(separator: " ").dropFirst().first ?? "") ?? 0 }

  /// A client's frame; its header says `length`, right or wrong. Without `mask` it is not masked.
  package static func frame(
    _ opcode: UInt8, _ payload: [UInt8], isFinal: Bool = true, reserved: UInt8 = 0,
    length: UInt64? = nil, mask: [UInt8]? = [0x12, 0x34, 0x56, 0x78]
  ) -> [UInt8] {
    var frame = [(isFinal ? 0x80 : 0) | reserved << 4 | opcode]
    let masked: UInt8 = mask == nil ? 0 : 0x80
    let size = length ?? UInt64(payload.count)
    if size < 126 {
      frame.append(masked | UInt8(size))
    } else if size < 65_536 {
      frame += [masked | 126, UInt8(size >> 8), UInt8(size & 0xff)]
    } else {
      frame.append(masked | 127)
      frame += (0..<8).map { UInt8(truncatingIfNeeded: size >> UInt64(56 - 8 * $0)) }
    }
    guard let mask else { return frame + payload }
    return frame + mask + payload.enumerated().map { $1 ^ mask[$0 % 4] }
  }

  package func send(_ bytes: [UInt8]) throws { try connection.send(bytes) }

  /// One text message in one frame.
  package func send(_ message: String) throws {
    try send(Self.frame(Self.text, Array(message.utf8)))
  }

  package func sayFarewell(_ code: UInt16 = 1000) throws {
    try send(Self.frame(Self.farewell, [UInt8(code >> 8), UInt8(code & 0xff)]))
  }

  package func finishSending() { connection.finishSending() }

  /// The next frame; nil when the server has closed the connection.
  package func next() throws -> Frame? {
    while true {
      if let frame = takeFrame() { return frame }
      guard try readMore() else { return nil }
    }
  }

  /// The next text message; pings are answered on the way. nil at a farewell or the end.
  package func nextMessage() throws -> JsonValue? {
    while let frame = try next() {
      switch frame.opcode {
      case Self.text: return frame.json
      case Self.ping: try send(Self.frame(Self.pong, frame.payload))
      case Self.farewell: return nil
      default: continue
      }
    }
    return nil
  }

  /// Reads acknowledgements until that of a message, or the end.
  /// - Returns: all of them.
  package func acks(until sequence: Int64) throws -> [JsonValue] {
    var acks: [JsonValue] = []
    while let message = try nextMessage() {
      guard let last = message["ack"]?.integer else { continue }
      acks.append(message)
      if last >= sequence { break }
    }
    return acks
  }

  /// Reads to the farewell.
  /// - Returns: its code; nil when the connection ended without one.
  package func closeCode() throws -> Int? {
    while let frame = try next() {
      if let code = frame.closeCode { return code }
    }
    return nil
  }

  /// Whether the server has closed the connection; reads what is left.
  package func isEnded() -> Bool {
    while let frame = try? next() { _ = frame }
    return (try? readMore()) != true
  }

  private func readMore() throws -> Bool {
    let more = try connection.receive()
    received += more
    return !more.isEmpty
  }

  /// A server's frame has no mask.
  private func takeFrame() -> Frame? {
    guard received.count >= 2 else { return nil }
    var start = 2
    var size = Int(received[1] & 0x7f)
    if size >= 126 {
      start += size == 126 ? 2 : 8
      guard received.count >= start else { return nil }
      size = received[2..<start].reduce(0) { $0 << 8 | Int($1) }
    }
    guard received.count >= start + size else { return nil }
    let frame = Frame(
      isFinal: received[0] & 0x80 != 0, opcode: received[0] & 0x0f,
      payload: Array(received[start..<start + size]))
    received.removeFirst(start + size)
    return frame
  }
}
