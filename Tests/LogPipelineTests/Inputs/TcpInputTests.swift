import LogPipeline
import Testing

/// Goal: what a sender puts into the socket comes out as frames, each once, whatever the senders do wrong.
/// Method: a real intake on the loopback, with a sink in memory.
@Suite struct TcpInputTests {
  @Test func `lines come whole, however they are cut into sends`() throws {
    let harness = try IntakeHarness()
    let client = try harness.tcp()
    let text = "\u{FEFF}{\"n\":1}\r\n\n{\"n\":2}\n  \r\n{\"n\":3}"
    for byte in text.utf8 { client.send([byte]) }
    client.finishSending()
    #expect(client.readToEnd() == "", "the last line needs no newline, and the close is clean")
    #expect(eventually { harness.intake.snapshot.accepted == 3 })
    #expect(harness.sink.frames == ["{\"n\":1}", "{\"n\":2}", "{\"n\":3}"])
    harness.stop()
    #expect(harness.intake.snapshot.inHand == 0)
  }

  @Test func `many senders at once lose nothing`() throws {
    let harness = try IntakeHarness { $0.lineBytesMax = 4096 }
    let lines = (0..<2000).map {
      "{\"n\":\($0),\"pad\":\"\(String(repeating: "x", count: 100))\"}\n"
    }
    let bytes = Array(lines.joined().utf8)
    let clients = try (0..<4).map { _ in try harness.tcp() }
    for client in clients {
      client.send(bytes)
      client.finishSending()
      #expect(client.readToEnd() == "")
    }
    #expect(eventually { harness.intake.snapshot.accepted == 8000 })
    #expect(harness.sink.frameCount == 8000)
  }

  @Test func `all that lies in a socket is read, though it is reported once`() throws {
    let harness = try IntakeHarness()
    let client = try harness.tcp()
    let line = "{\"pad\":\"\(String(repeating: "x", count: 1000))\"}\n"
    let bytes = Array(String(repeating: line, count: 4000).utf8)
    #expect(client.send(bytes))
    #expect(eventually { harness.intake.snapshot.accepted == 4000 })
    // Urgent bytes divide what one read gives, and nothing arrives behind them.
    #expect(client.send("{\"n\":1}\n"))
    #expect(client.send(urgent: UInt8(ascii: "!")))
    #expect(client.send("{\"n\":2}\n"))
    #expect(eventually { harness.intake.snapshot.accepted == 4002 })
    #expect(client.send("{\"n\":3}\n"))
    client.finishSending()
    #expect(client.readToEnd() == "")
    #expect(harness.sink.frameCount == 4003 || eventually { harness.sink.frameCount == 4003 })
  }

  @Test func `many small sends and closes at once are read to the end, each once`() throws {
    let harness = try IntakeHarness()
    let clients = try (0..<100).map { _ in try harness.tcp() }
    for round in 0..<5 {
      for (number, client) in clients.enumerated() {
        client.send("{\"n\":\(number),\"round\":\(round)}" + (round == 4 ? "" : "\n"))
      }
    }
    for client in clients { client.finishSending() }
    for client in clients { #expect(client.readToEnd() == "") }
    #expect(eventually { harness.intake.snapshot.accepted == 500 })
    #expect(Set(harness.sink.frames).count == 500)
    #expect(harness.intake.snapshot.inHand == 0)
  }

  @Test func `senders that had connected before the stop are read, accepted or not`() throws {
    let harness = try IntakeHarness()
    let clients = try (0..<60).map { number in
      let client = try harness.tcp()
      client.send("{\"n\":\(number)}\n")
      return client
    }
    harness.stop()
    #expect(harness.sink.frameCount == 60)
    #expect(clients.count == 60)
  }

  @Test func `a line over the limit is refused once, its neighbours are stored, memory is bounded`()
    throws
  {
    let harness = try IntakeHarness()
    let client = try harness.tcp()
    client.send("{\"n\":1}\n{\"long\":\"")
    let chunk = [UInt8](repeating: 0x78, count: 1 << 20)
    var heldMax: UInt64 = 0
    for _ in 0..<20 {
      client.send(chunk)
      heldMax = max(heldMax, harness.intake.snapshot.partialBytes)
    }
    client.send("\"}\n{\"n\":2}\nnot json\n{\"n\":3}\n")
    client.finishSending()
    #expect(client.readToEnd() == "")
    #expect(eventually { harness.intake.snapshot.accepted == 3 })
    #expect(harness.sink.frames == ["{\"n\":1}", "{\"n\":2}", "{\"n\":3}"])
    let snapshot = harness.intake.snapshot
    #expect(snapshot.refused == 2)
    let tooLong = Refusal.Reason.allCases.firstIndex(of: .tooLong)
    #expect(tooLong.map { snapshot.refusedByReason[$0] } == 1)
    #expect(heldMax <= 4 << 20)
    #expect(eventually { harness.sink.refusedCount == 2 })
  }

  @Test(arguments: [
    ("POST /v1/events HTTP/1.1\r\nContent-Length: 8\r\n\r\n{\"n\":1}\n", "HTTP/1.1 400"),
    ("\u{16}\u{03}\u{01}\n{\"n\":1}\n", ""), ("2W\u{0}\n{\"n\":1}\n", ""),
  ]) func `another protocol is told so and nothing of it is taken`(sent: String, answer: String)
    throws
  {
    let harness = try IntakeHarness()
    let client = try harness.tcp()
    // In two sends, so that the first bytes alone decide nothing.
    client.send(Array(sent.utf8.prefix(1)))
    client.send(Array(sent.utf8.dropFirst()))
    client.finishSending()
    let text = client.readToEnd()
    #expect(text?.hasPrefix(answer) == true)
    if !answer.isEmpty {
      #expect(text?.contains("127.0.0.1:\(harness.intake.webhookPort ?? 0)/v1/events") == true)
    }
    #expect(eventually { harness.intake.snapshot.tcpConnectionsOpen == 0 })
    #expect(harness.intake.snapshot.tcpWrongProtocol == 1)
    #expect(harness.intake.snapshot.offered == 0)
  }

  @Test func `a full sink blocks the sender, and nothing is lost when there is room again`() throws
  {
    let harness = try IntakeHarness(sink: MemorySink(room: 2))
    let client = try harness.tcp()
    let lines = (0..<60_000).map {
      "{\"n\":\($0),\"pad\":\"\(String(repeating: "x", count: 200))\"}\n"
    }
    let bytes = Array(lines.joined().utf8)
    var sent = 0
    // Until the socket's buffers are full as well.
    var isBlocked = false
    while !isBlocked, sent < bytes.count {
      let count = client.sendWithoutWaiting(Array(bytes[sent..<min(bytes.count, sent + 65_536)]))
      if count > 0 {
        sent += count
      } else {
        isBlocked = harness.intake.snapshot.isPaused
        PosixThread.sleep(.milliseconds(1))
      }
    }
    #expect(isBlocked, "the window closed after \(sent) bytes")
    #expect(harness.sink.blockCount == 2)
    harness.sink.setRoom(.max)
    client.send(Array(bytes[sent...]))
    client.finishSending()
    #expect(client.readToEnd() == "")
    #expect(eventually { harness.intake.snapshot.accepted == 60_000 })
    #expect(harness.sink.frames == lines.map { String($0.dropLast()) })
    #expect(harness.intake.snapshot.pauses > 0)
  }

  @Test func `one address may have so many connections, and a place is free again after a close`()
    throws
  {
    let harness = try IntakeHarness { $0.tcp?.connectionsPerAddressMax = 2 }
    var first: LoopbackClient? = try harness.tcp()
    let second = try harness.tcp()
    #expect(eventually { harness.intake.snapshot.tcpConnectionsOpen == 2 })
    let third = try harness.tcp()
    #expect(third.readToEnd() == "")
    #expect(eventually { harness.intake.snapshot.tcpOverAddressLimit == 1 })
    first = nil
    #expect(first == nil && eventually { harness.intake.snapshot.tcpConnectionsOpen == 1 })
    let fourth = try harness.tcp()
    fourth.send("{}\n")
    second.send("{}\n")
    #expect(eventually { harness.intake.snapshot.accepted == 2 })
  }

  @Test func `over the limit of connections a sender waits for a place`() throws {
    let harness = try IntakeHarness { $0.tcp?.connectionsMax = 1 }
    let first = try harness.tcp()
    #expect(eventually { harness.intake.snapshot.tcpConnectionsOpen == 1 })
    let second = try harness.tcp()
    second.send("{\"n\":2}\n")
    #expect(eventually { harness.intake.snapshot.tcpOverLimit >= 1 })
    first.send("{\"n\":1}\n")
    first.finishSending()
    #expect(eventually { harness.intake.snapshot.accepted == 2 })
    #expect(harness.sink.frames == ["{\"n\":1}", "{\"n\":2}"])
  }

  @Test func `when the budget is spent, one goes on and the others wait their turn`() throws {
    let harness = try IntakeHarness {
      $0.lineBytesMax = 1 << 20
      $0.budgetBytes = 3 << 20
    }
    let clients = try (0..<6).map { _ in try harness.tcp() }
    let half = "{\"a\":\"" + String(repeating: "x", count: 500_000)
    let threads = try clients.enumerated().map { index, client in
      let box = UncheckedBox(client)
      return try PosixThread("sender \(index)") {
        box.value.send(half)
        box.value.send(half.dropFirst(6) + "\"}\n")
        box.value.finishSending()
      }
    }
    for thread in threads { thread.join() }
    for client in clients { #expect(client.readToEnd() == "") }
    #expect(eventually { harness.intake.snapshot.accepted == 6 })
    #expect(harness.intake.snapshot.partialBytes == 0)
  }

  @Test func `a line that hardly goes on while it holds the whole input budget is given up`() throws
  {
    let harness = try IntakeHarness {
      $0.lineBytesMax = 1 << 20
      $0.budgetBytes = 3 << 20
      $0.tcp?.stallMax = .milliseconds(300)
    }
    let holders = try [1_000_000, 48_577].map { count in
      let client = try harness.tcp()
      let held = harness.intake.snapshot.partialBytes + UInt64(count)
      client.send(String(repeating: "x", count: count))
      #expect(eventually { harness.intake.snapshot.partialBytes == held })
      return client
    }
    // A byte now and then is no progress.
    let isGivenUp = eventually {
      holders[0].send("x")
      return harness.intake.snapshot.tcpStalled == 1
    }
    #expect(isGivenUp)
    #expect(try harness.http().post("/v1/events", "{}")?.status == 200)
  }

  @Test func `a stop reads what has been sent, tells the senders, and hands the last block over`()
    throws
  {
    let harness = try IntakeHarness()
    let client = try harness.tcp()
    client.send("{\"n\":1}\n{\"n\":2}")
    #expect(eventually { harness.intake.snapshot.tcpConnectionsTotal == 1 })
    #expect(harness.stop(reading: .milliseconds(300)))
    #expect(harness.sink.frames == ["{\"n\":1}", "{\"n\":2}"])
    #expect(client.readToEnd() == "", "a FIN, no reset")
    #expect(harness.intake.snapshot.inHand == 0)
  }

  @Test func `a stop without room says so and ends all the same`() throws {
    let harness = try IntakeHarness(sink: MemorySink(room: 0))
    let client = try harness.tcp()
    client.send("{\"n\":1}\n")
    #expect(eventually { harness.intake.snapshot.isPaused })
    #expect(!harness.stop(reading: .milliseconds(50), answering: .milliseconds(100)))
    #expect(harness.intake.snapshot.inHand == 1)
  }

  @Test func `a port that is taken is an error that names the setting`() throws {
    let harness = try IntakeHarness()
    let address = "127.0.0.1:\(harness.intake.tcpPort ?? 0)"
    #expect {
      _ = try IntakeHarness { $0.tcp?.listen = address }
    } throws: { error in
      "\(error)".contains("Can not listen on \(address) (inputs.tcp.listen)")
    }
  }
}
