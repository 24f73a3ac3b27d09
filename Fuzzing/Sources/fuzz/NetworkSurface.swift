import Glibc
import LogPipeline

/// A running intake, spoken to over loopback: whatever one connection sends, each answer is one of ours, and the next
/// sender is served.
final class NetworkSurface: Surface {
  enum Port { case tcp, http, stream }

  private static let silenceMilliseconds: Int32 = 5
  private static let answerMilliseconds: Int32 = 10_000
  /// A good request after each of so many inputs.
  private static let goodEach = 64
  private static let request =
    "POST /v1/events HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\n{\"good\":1}"
  private static let upgrade =
    "GET /v1/stream HTTP/1.1\r\nHost: a\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"

  private let port: Port
  private let intake: Intake
  private let sink = DiscardingSink()
  private var inputs = 0

  init(_ port: Port) throws {
    self.port = port
    var configuration = IntakeConfiguration(
      tcp: TcpInputConfiguration(listen: "127.0.0.1:0"),
      webhook: WebhookConfiguration(listen: "127.0.0.1:0"))
    configuration.lineBytesMax = 64 << 10
    let key = try ContentKey(Array("0123456789abcdef0123456789abcdef".utf8))
    let processor = try EventProcessor(
      rules: EventRules(contentKey: key), prices: try PriceBooks.load(Resources.prices),
      clock: SystemClock(), intake: 0)
    intake = try Intake(
      configuration, mill: FrameMill(processor: processor, builder: BlockBuilder(intake: 0)),
      sink: sink, refusedLog: nil)
    sink.connect(to: intake)
    try intake.start()
  }

  func run(_ input: [UInt8]) {
    inputs += 1
    switch port {
    case .tcp: _ = exchange(input, at: intake.tcpPort)
    case .http: check(exchange(input, at: intake.webhookPort))
    case .stream:
      let answer = exchange(
        Array(Self.upgrade.utf8), then: input, at: intake.webhookPort)
      require(answer.starts(with: Array("HTTP/1.1 101".utf8)), "a stream is opened")
    }
    guard inputs % Self.goodEach == 0 else { return }
    let answer = exchange(
      Array(Self.request.utf8), at: intake.webhookPort, isGood: true)
    require(
      answer.starts(with: Array("HTTP/1.1 200".utf8)),
      "a good request is answered, not \(String(decoding: answer, as: UTF8.self))")
    require(intake.snapshot.partialBytes <= 24 << 20, "partial input stays within its budget")
  }

  private func check(_ answer: [UInt8]) {
    guard !answer.isEmpty else { return }
    require(answer.starts(with: Array("HTTP/1.1 ".utf8)), "an answer is HTTP/1.1")
    let status = String(decoding: answer.dropFirst(9).prefix(3), as: UTF8.self)
    require(Int(status).map { (100...599).contains($0) } == true, "an answer has a status")
    require(status != "500", "nothing a sender says is our fault")
  }

  /// Sends, and reads until the end or until nothing comes any more; then the connection is reset. The answer to a good
  /// request is waited for.
  private func exchange(
    _ first: [UInt8], then second: [UInt8]? = nil, at port: UInt16?, isGood: Bool = false
  ) -> [UInt8] {
    let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(socket) }
    var hard = linger(l_onoff: 1, l_linger: 0)
    _ = unsafe setsockopt(
      socket, SOL_SOCKET, SO_LINGER, &hard, socklen_t(MemoryLayout<linger>.size))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = (port ?? 0).bigEndian
    address.sin_addr.s_addr = INADDR_LOOPBACK.bigEndian
    let status = unsafe withUnsafePointer(to: &address) {
      unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    require(status == 0, "the port takes connections")
    send(first, on: socket)
    var answer: [UInt8] = []
    if let second {
      // The upgrade is answered first.
      answer = receive(from: socket, waiting: Self.answerMilliseconds, untilBlankLine: true)
      send(second, on: socket)
    }
    // Who has said all it has to say need not be waited for. A good request stays: half closed, it would count as one whose
    // sender has left, once its answer takes a second.
    if !isGood { shutdown(socket, Int32(SHUT_WR)) }
    return answer
      + receive(
        from: socket, waiting: isGood ? Self.answerMilliseconds : Self.silenceMilliseconds,
        untilBlankLine: isGood)
  }

  private func send(_ bytes: [UInt8], on socket: Int32) {
    _ = unsafe bytes.withUnsafeBytes {
      unsafe Glibc.send(socket, $0.baseAddress, $0.count, 0)
    }
  }

  private func receive(from socket: Int32, waiting: Int32, untilBlankLine: Bool) -> [UInt8] {
    var answer: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    var entry = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
    while true {
      let ready = unsafe poll(&entry, 1, waiting)
      // libFuzzer's own alarm, every few seconds.
      if ready < 0, errno == EINTR { continue }
      guard ready > 0 else { break }
      let count = unsafe buffer.withUnsafeMutableBytes {
        unsafe recv(socket, $0.baseAddress, $0.count, 0)
      }
      guard count > 0 else { break }
      answer += buffer[..<count]
      if untilBlankLine, String(decoding: answer, as: UTF8.self).contains("\r\n\r\n") { break }
    }
    return answer
  }
}
