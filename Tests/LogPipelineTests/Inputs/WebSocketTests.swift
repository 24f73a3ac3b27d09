import LogPipeline
import TestSupport
import Testing

/// Goal: each message of a stream is acknowledged for what became of its events, in order, and never before they are on disk.
/// Method: a real intake on the loopback; the client writes its frames by hand; the sink becomes durable when the test says so.
@Suite struct WebSocketTests {
  @Test func `the handshake is answered as the standard's example has it`() throws {
    let harness = try IntakeHarness()
    let client = try harness.stream()
    #expect(client.status == 101)
    #expect(client.answer.contains("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo="))
    #expect(client.answer.lowercased().contains("upgrade: websocket"))
    #expect(!client.answer.contains("Extensions"))
  }

  @Test(arguments: [
    ("{\"n\":1}", ["{\"n\":1}"]), ("{\"n\":1}\n{\"n\":2}\n", ["{\"n\":1}", "{\"n\":2}"]),
    ("[{\"n\":1},{\"n\":2}]", ["{\"n\":1}", "{\"n\":2}"]), (" \n", []), ("", []),
  ]) func `a message of each form is taken and acknowledged`(message: String, frames: [String])
    throws
  {
    for opcode in [WebSocketClient.text, WebSocketClient.binary] {
      let harness = try IntakeHarness()
      let client = try harness.stream()
      try client.send(WebSocketClient.frame(opcode, Array(message.utf8)))
      #expect(
        try client.next()?.text == "{\"ack\":1,\"accepted\":\(frames.count),\"refused\":[]}")
      #expect(harness.sink.frames == frames)
      #expect(harness.newestSource?.path == (frames.isEmpty ? nil : "/v1/stream"))
    }
  }

  @Test func `fragments make one message, and a ping between them is answered at once`() throws {
    let harness = try IntakeHarness()
    let client = try harness.stream()
    let text = Array("{\"n\":\"ä\"}\n{\"n\":2}".utf8)
    // Each byte a fragment of its own, sent alone; the middle of the letter falls between two.
    for (index, byte) in text.enumerated() {
      try client.send(
        WebSocketClient.frame(
          index == 0 ? WebSocketClient.text : 0, [byte], isFinal: index == text.count - 1))
      if index == 7 { try client.send(WebSocketClient.frame(WebSocketClient.ping, [1, 2, 3])) }
    }
    let pong = try client.next()
    #expect(pong?.opcode == WebSocketClient.pong && pong?.payload == [1, 2, 3])
    #expect(try client.next()?.text == "{\"ack\":1,\"accepted\":2,\"refused\":[]}")
    #expect(harness.sink.frames == ["{\"n\":\"ä\"}", "{\"n\":2}"])
    #expect(eventually { harness.intake.snapshot.streamMessages == 1 })
  }

  @Test func `no acknowledgement comes before the events are durable`() throws {
    let harness = try IntakeHarness(sink: MemorySink(isDurableAtOnce: false))
    let client = try harness.stream()
    try client.send("{\"n\":1}")
    #expect(eventually { harness.sink.frameCount == 1 })
    // What is answered at once shows that the acknowledgement is not on its way.
    try client.send(WebSocketClient.frame(WebSocketClient.ping, []))
    #expect(try client.next()?.opcode == WebSocketClient.pong)
    #expect(harness.intake.snapshot.streamAcks == 0)
    #expect(harness.intake.snapshot.inHand == 1)
    harness.sink.makeDurable()
    #expect(try client.nextMessage()?["ack"]?.integer == 1)
    #expect(eventually { harness.intake.snapshot.inHand == 0 })
  }

  @Test func `refused lines are named by message and line, and cost their neighbours nothing`()
    throws
  {
    let harness = try IntakeHarness()
    let client = try harness.stream()
    try client.send("{\"n\":1}")
    try client.send("{\"n\":2}\n7\n{\"n\":3}")
    try client.send("x")
    try client.send("[{\"n\":4},{\"n\":")
    try client.send("[{\"n\":5} 7]")
    try client.send("{}\n" + String(repeating: "x\n", count: 150))
    let acks = try client.acks(until: 6)
    #expect(acks.reduce(0) { $0 + ($1["accepted"]?.integer ?? 0) } == 6)
    let refused = acks.flatMap { $0["refused"]?.elements ?? [] }
    #expect(refused.prefix(3).map { $0["sequence"]?.integer } == [2, 3, 4])
    #expect(refused.prefix(3).map { $0["line"]?.integer } == [2, 1, 2])
    #expect(
      refused.prefix(3).map { $0["reason"]?.string } == ["not_an_object", "not_json", "not_json"])
    #expect(acks.last?["refused_count"]?.integer ?? 0 >= 150)
    #expect(eventually { harness.intake.snapshot.inHand == 0 })
    #expect(harness.intake.snapshot.refused == 154)
    #expect(harness.intake.snapshot.partialBytes == 0)
    #expect(eventually { harness.sink.refusedCount == 154 })
  }

  @Test func `thousands of messages are acknowledged in order, many at a time`() throws {
    let harness = try IntakeHarness()
    let client = try harness.stream()
    let messages = (1...5000).map { "{\"n\":\($0)}" }
    for part in stride(from: 0, to: messages.count, by: 250) {
      let bytes = messages[part..<part + 250].flatMap {
        WebSocketClient.frame(WebSocketClient.text, Array($0.utf8))
      }
      try client.send(bytes)
    }
    let acks = try client.acks(until: 5000)
    let sequences = acks.compactMap { $0["ack"]?.integer }
    #expect(sequences.last == 5000)
    #expect(zip(sequences, sequences.dropFirst()).allSatisfy { $0 < $1 })
    #expect(acks.reduce(0) { $0 + ($1["accepted"]?.integer ?? 0) } == 5000)
    #expect(harness.sink.frames == messages)
  }

  @Test func `a full sink stops the reading, and nothing is lost when there is room again`() throws
  {
    let harness = try IntakeHarness(sink: MemorySink(room: 2))
    let client = try harness.stream()
    let messages = (1...20_000).map {
      "{\"n\":\($0),\"pad\":\"\(String(repeating: "x", count: 300))\"}"
    }
    let bytes = messages.flatMap { WebSocketClient.frame(WebSocketClient.text, Array($0.utf8)) }
    let box = UncheckedBox(client)
    let thread = try PosixThread("stream sender") { try? box.value.send(bytes) }
    #expect(eventually { harness.intake.snapshot.isPaused })
    #expect(harness.sink.blockCount == 2)
    harness.sink.setRoom(.max)
    thread.join()
    #expect(try client.acks(until: 20_000).last?["ack"]?.integer == 20_000)
    #expect(harness.sink.frames == messages)
  }

  @Test func `a ring that is read-only acknowledges nothing more and closes`() throws {
    let harness = try IntakeHarness(sink: MemorySink(isDurableAtOnce: false))
    let client = try harness.stream()
    try client.send("{\"n\":1}")
    #expect(eventually { harness.sink.frameCount == 1 })
    harness.intake.setReadOnly(true)
    let farewell = try client.next()
    #expect(farewell?.closeCode == 1013)
    #expect(client.isEnded())
    #expect(try harness.stream().status == 503)
    harness.intake.setReadOnly(false)
    #expect(try harness.stream().status == 101)
  }

  @Test func `a farewell is answered, after what is durable was said`() throws {
    let harness = try IntakeHarness()
    let client = try harness.stream()
    try client.send("{\"n\":1}")
    #expect(try client.nextMessage()?["ack"]?.integer == 1)
    try client.sayFarewell(1000)
    #expect(try client.closeCode() == 1000)
    #expect(client.isEnded())
    #expect(eventually { harness.intake.snapshot.webhookConnectionsOpen == 0 })
    #expect(eventually { harness.intake.snapshot.streamCloses == ["1000": 1] })
    // The port goes on as before.
    #expect(try harness.http().post("/v1/events", "{}")?.status == 200)
  }

  @Test func `a stop reads what was sent, acknowledges it, and says that it goes`() throws {
    let harness = try IntakeHarness(sink: MemorySink(isDurableAtOnce: false))
    let clients = try (0..<3).map { _ in try harness.stream() }
    for client in clients { try client.send("{\"n\":1}\n{\"n\":2}") }
    // Not whole, so it is not taken.
    try clients[2].send(WebSocketClient.frame(WebSocketClient.text, [0x7b], isFinal: false))
    let now = SystemClock().now()
    harness.intake.requestStop(readUntil: now + .seconds(5), answerUntil: now + .seconds(20))
    #expect(harness.intake.waitUntilHandedOver())
    #expect(harness.sink.frameCount == 6)
    harness.sink.makeDurable()
    harness.intake.finishAnswers()
    for client in clients {
      #expect(try client.next()?.text == "{\"ack\":1,\"accepted\":2,\"refused\":[]}")
      #expect(try client.next()?.closeCode == 1001)
      #expect(client.isEnded())
    }
    harness.intake.join()
    harness.sink.disconnect()
    harness.markStopped()
    #expect(harness.intake.snapshot.inHand == 0)
    #expect(harness.intake.snapshot.streamCloses == ["1001": 3])
  }
}
