import LogPipeline
import TestSupport
import Testing

/// Goal: what a stream's client does wrong ends that stream with a code that says why, and costs bounded time and memory.
/// Method: as in `WebSocketTests`, with limits short enough to wait for and frames no library would write.
@Suite struct WebSocketLimitTests {
  private static let brace = UInt8(ascii: "{")
  private static let object = Array("{}".utf8)

  /// Frames that break the protocol, and the code that tells so.
  private static let wrongFrames: [(code: Int, frame: [UInt8])] = {
    func frame(_ opcode: UInt8, _ payload: [UInt8], isFinal: Bool = true) -> [UInt8] {
      WebSocketClient.frame(opcode, payload, isFinal: isFinal)
    }
    let (text, ping) = (WebSocketClient.text, WebSocketClient.ping)
    var wrong: [(code: Int, frame: [UInt8])] = []
    wrong.append((1002, WebSocketClient.frame(text, object, mask: nil)))
    wrong.append((1002, WebSocketClient.frame(text, object, reserved: 4)))
    wrong.append((1002, WebSocketClient.frame(text, object, reserved: 1)))
    wrong.append((1002, frame(3, object)))
    wrong.append((1002, frame(11, [])))
    wrong.append((1002, frame(0, object)))
    wrong.append((1002, frame(ping, [UInt8](repeating: 1, count: 126))))
    wrong.append((1002, frame(ping, [1], isFinal: false)))
    wrong.append((1002, frame(WebSocketClient.farewell, [0x03, 0xED])))
    wrong.append((1002, WebSocketClient.frame(text, [brace], length: 1 << 63)))
    wrong.append((1009, WebSocketClient.frame(text, [brace], length: 1 << 62)))
    wrong.append((1007, frame(text, [0x22, 0xC3, 0x28, 0x22])))
    wrong.append((1007, frame(text, [0x22, 0xC3])))
    wrong.append((1002, frame(text, [brace], isFinal: false) + frame(text, [brace])))
    return wrong
  }()

  @Test(arguments: wrongFrames.indices)
  func `a frame that breaks the protocol ends its stream alone`(index: Int) throws {
    let (code, frame) = Self.wrongFrames[index]
    let harness = try IntakeHarness()
    let other = try harness.stream()
    let client = try harness.stream()
    try client.send("{\"n\":1}")
    #expect(try client.nextMessage()?["ack"]?.integer == 1)
    try client.send(frame + WebSocketClient.frame(WebSocketClient.text, Array("{\"n\":2}".utf8)))
    #expect(try client.closeCode() == code)
    #expect(client.isEnded())
    #expect(eventually { harness.intake.snapshot.streamsOpen == 1 })
    #expect(eventually { harness.intake.snapshot.streamCloses == ["\(code)": 1] })
    try other.send("{\"n\":3}")
    #expect(try other.nextMessage()?["ack"]?.integer == 1)
    #expect(harness.sink.frames == ["{\"n\":1}", "{\"n\":3}"])
    #expect(eventually { harness.intake.snapshot.partialBytes == 0 })
  }

  @Test func `a message over the limit ends the stream, in one frame or many`() throws {
    let harness = try IntakeHarness { $0.webhook?.stream?.messageBytesMax = 1000 }
    let line = Array("{\"n\":1}\n".utf8)
    let whole = try harness.stream()
    try whole.send(
      WebSocketClient.frame(WebSocketClient.text, [UInt8](repeating: 0x20, count: 1001)))
    #expect(try whole.closeCode() == 1009)
    let pieces = try harness.stream()
    try pieces.send(WebSocketClient.frame(WebSocketClient.text, line, isFinal: false))
    for _ in 0..<200 { try? pieces.send(WebSocketClient.frame(0, line, isFinal: false)) }
    #expect(try pieces.closeCode() == 1009)
    let fitting = try harness.stream()
    try fitting.send(String(repeating: "{\"n\":2}\n", count: 125))
    #expect(try fitting.nextMessage()?["accepted"]?.integer == 125)
  }

  @Test func `a line over the limit is refused, the lines beside it are taken`() throws {
    let harness = try IntakeHarness { $0.lineBytesMax = 100_000 }
    let client = try harness.stream()
    let long = "{\"a\":\"\(String(repeating: "x", count: 200_000))\"}"
    try client.send("{\"n\":1}\n\(long)\n{\"n\":2}")
    let ack = try client.nextMessage()
    #expect(ack?["accepted"]?.integer == 2)
    #expect(ack?["refused"]?.elements?.first?["reason"]?.string == "line_too_long")
    #expect(harness.sink.frames == ["{\"n\":1}", "{\"n\":2}"])
  }

  @Test func `a client that goes at any byte costs nothing but its own message`() throws {
    // Who goes within the headers is noticed by their time limit.
    let harness = try IntakeHarness { $0.webhook?.headerTimeMax = .milliseconds(300) }
    let exchange =
      Array(WebSocketClient.request("/v1/stream?sender=a&from=1").utf8)
      + WebSocketClient.frame(WebSocketClient.text, Array("{\"n\":1}".utf8))
      + WebSocketClient.frame(WebSocketClient.ping, [1])
      + WebSocketClient.frame(WebSocketClient.text, Array("{\"n\":2}".utf8))
    for count in 0...exchange.count {
      let client = try WebSocketClient(port: harness.intake.webhookPort ?? 0, request: "")
      try client.send(Array(exchange[..<count]))
      _ = consume client
    }
    #expect(eventually { harness.intake.snapshot.webhookConnectionsOpen == 0 })
    #expect(eventually { harness.intake.snapshot.inHand == 0 })
    #expect(eventually { harness.intake.snapshot.streamsOpen == 0 })
    #expect(eventually { harness.intake.snapshot.partialBytes == 0 })
    let client = try harness.stream()
    try client.send("{\"n\":3}")
    #expect(try client.nextMessage()?["ack"]?.integer == 1)
  }

  @Test func `who answers pings may be silent for long, who does not is closed`() throws {
    let harness = try IntakeHarness {
      $0.webhook?.stream?.pingInterval = .milliseconds(100)
      $0.webhook?.stream?.pongTimeMax = .milliseconds(200)
      $0.webhook?.idleMax = .milliseconds(300)
    }
    let deaf = try harness.stream()
    #expect(try deaf.next()?.opcode == WebSocketClient.ping)
    #expect(try deaf.next()?.closeCode == 1008)
    #expect(eventually { harness.intake.snapshot.streamSilent == 1 })
    harness.stop()
    let patient = try IntakeHarness {
      $0.webhook?.stream?.pingInterval = .milliseconds(100)
      $0.webhook?.idleMax = .milliseconds(200)
    }
    let client = try patient.stream()
    for _ in 0..<5 {
      #expect(try client.next()?.opcode == WebSocketClient.ping)
      try client.send(WebSocketClient.frame(WebSocketClient.pong, []))
    }
    try client.send("{}")
    #expect(try client.acks(until: 1).count == 1)
  }

  @Test func `a message that comes too slowly ends the stream`() throws {
    let harness = try IntakeHarness { $0.webhook?.bodyGrace = .milliseconds(100) }
    let client = try harness.stream()
    try client.send(WebSocketClient.frame(WebSocketClient.text, [Self.brace], isFinal: false))
    #expect(try client.closeCode() == 1008)
    #expect(eventually { harness.intake.snapshot.streamSlow == 1 })
    #expect(eventually { harness.intake.snapshot.partialBytes == 0 })
  }

  @Test func `a message that stops while it holds the whole input budget costs the others little`()
    throws
  {
    let harness = try IntakeHarness {
      $0.lineBytesMax = 1 << 20
      $0.budgetBytes = 3 << 20
      $0.webhook?.stallMax = .milliseconds(300)
    }
    var holders: [WebSocketClient] = []
    var held: UInt64 = 0
    for count in [1_000_000, 48_577] {
      let client = try harness.stream()
      let start = "{\"a\":\"" + String(repeating: "x", count: count - 6)
      try client.send(
        WebSocketClient.frame(WebSocketClient.text, Array(start.utf8), isFinal: false))
      held += UInt64(count)
      #expect(eventually { harness.intake.snapshot.partialBytes == held })
      holders.append(client)
    }
    let other = try harness.stream()
    try other.send("{\"n\":1}")
    #expect(try other.nextMessage()?["ack"]?.integer == 1)
    #expect(eventually { harness.intake.snapshot.streamStalled >= 1 })
    withExtendedLifetime(holders) {}
  }

  @Test func `streams count among the connections of their address`() throws {
    let harness = try IntakeHarness { $0.webhook?.connectionsPerAddressMax = 1 }
    var first: WebSocketClient? = try harness.stream()
    #expect(first?.status == 101)
    #expect(try harness.http().readToEnd() == "")
    first = nil
    #expect(first == nil && eventually { harness.intake.snapshot.webhookConnectionsOpen == 0 })
    #expect(try harness.http().post("/v1/events", "{}")?.status == 200)
  }

  @Test func `a client that does not read what it is told is not read either, and then closed`()
    throws
  {
    let harness = try IntakeHarness { $0.webhook?.stream?.unreadTimeMax = .milliseconds(500) }
    let client = try harness.stream()
    let pings = [[UInt8]](
      repeating: WebSocketClient.frame(
        WebSocketClient.ping, [UInt8](repeating: 7, count: 125)), count: 1000
    ).flatMap { $0 }
    // Until the answers fill the socket: then the pings stay unread, and at last the connection is ended.
    let isEnded = eventually(within: .seconds(30)) {
      do { try client.send(pings) } catch { return true }
      return harness.intake.snapshot.streamUnread == 1
    }
    #expect(isEnded)
    #expect(eventually { harness.intake.snapshot.streamUnread == 1 })
  }
}
