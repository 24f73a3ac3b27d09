import LogPipeline
import TestSupport
import Testing

/// Goal: whatever is sent to the webhook is answered or ended as it deserves, counted, and costs nobody else anything.
/// Method: bytes over a raw socket, row by row of `HttpExchangeTable`, against a real intake; while the server is at a
/// row, another connection posts and must get its 200; then the counters must say what the row says.
@Suite(.serialized) struct HostileHttpTests {
  @Test func `methods and targets`() throws { try run(HttpExchangeTable.targets) }
  @Test func `request lines and protocols`() throws { try run(HttpExchangeTable.lines) }
  @Test func `headers`() throws { try run(HttpExchangeTable.headers) }
  @Test func `lengths and chunks`() throws { try run(HttpExchangeTable.framing) }

  @Test func `bodies`() throws {
    try run(HttpExchangeTable.json, processor: EventBench().processor) {
      $0.lineBytesMax = 64 << 10
      $0.webhook?.wireBytesMax = 100_000
    }
  }

  @Test func `gzip`() throws { try run(HttpExchangeTable.compressed) }

  @Test func `keys and signatures`() throws {
    try run(HttpExchangeTable.keys) {
      var ended = webhookKey("ended")
      ended.endDay = 20_000
      $0.webhook?.bearer = [ended, webhookKey("right")]
      var old = WebhookKey(name: "old", secret: [UInt8](repeating: 9, count: 24))
      old.endDay = 20_000
      $0.webhook?.hmac = [old, WebhookKey(name: "new", secret: [UInt8](repeating: 7, count: 24))]
      $0.webhook?.signedBytesMax = 64 << 10
    }
  }

  @Test func `a client that leaves after each byte of a request`() throws {
    let harness = try IntakeHarness()
    let request = HttpExchange.post("[{\"n\":1},{\"n\":2}]")[0]
    let other = try harness.http()
    for count in 0..<request.count {
      let client = try harness.http()
      client.send(Array(request[..<count]))
      #expect(
        other.post("/v1/events", "{\"good\":\(count)}")?.status == 200, "after \(count) bytes")
    }
    #expect(eventually { harness.intake.snapshot.webhookConnectionsOpen == 1 })
    let snapshot = harness.intake.snapshot
    // An element that was whole is kept, and its sender will send it again under the same id.
    #expect(snapshot.inHand == 0 && snapshot.accepted >= UInt64(request.count))
    #expect(snapshot.partialBytes == 0)
    #expect(snapshot.webhookCutHeads > 50)
  }

  @Test func `gzip cut off at each byte`() throws {
    let harness = try IntakeHarness()
    let whole = Gzip.compress(Array("{\"n\":1}\n{\"n\":2}\n".utf8))
    let client = try harness.http()
    for count in 1..<whole.count {
      let answer = client.post(
        "/v1/events", Array(whole[..<count]), headers: ["Content-Encoding: gzip"])
      #expect(answer?.status == 400, "cut to \(count) bytes")
      #expect(answer?.json?["error"]?.string?.contains("cut short") == true)
    }
    #expect(client.post("/v1/events", whole, headers: ["Content-Encoding: gzip"])?.status == 200)
  }

  @Test func `a bit flipped in each byte of a gzip body never yields another event`() throws {
    let harness = try IntakeHarness()
    let whole = Gzip.compress(Array("{\"n\":1}\n{\"n\":2}\n".utf8))
    let client = try harness.http()
    for at in 0..<whole.count {
      var bytes = whole
      bytes[at] ^= 0x10
      let answer = client.post("/v1/events", bytes, headers: ["Content-Encoding: gzip"])
      #expect(answer != nil, "no answer with byte \(at) flipped")
    }
    #expect(eventually { harness.intake.snapshot.inHand == 0 })
  }

  @Test func `who reads no answer is ended and costs nobody anything`() throws {
    let harness = try IntakeHarness {
      $0.webhook?.idleMax = .milliseconds(200)
      $0.webhook?.bodyGrace = .milliseconds(200)
      $0.webhook?.headerTimeMax = .milliseconds(200)
    }
    let lines = String(repeating: "x\n", count: 200)
    let request = HttpExchange.post(lines)[0]
    let silent = try LoopbackClient(port: harness.intake.webhookPort ?? 0, receiveBytes: 4096)
    var sent = 0
    // Until neither side's socket takes any more.
    for _ in 0..<20_000 {
      let count = silent.sendWithoutWaiting(request)
      if count < request.count { break }
      sent += count
    }
    #expect(sent > 0)
    #expect(try harness.http().post("/v1/events", "{}")?.status == 200)
    #expect(eventually { harness.intake.snapshot.webhookConnectionsOpen == 0 })
    #expect(harness.intake.snapshot.webhookIdleClosed >= 1)
    #expect(try harness.http().post("/v1/events", "{}")?.status == 200)
  }

  @Test func `one byte now and then is no way to hold a connection`() throws {
    let harness = try IntakeHarness {
      $0.webhook?.headerTimeMax = .milliseconds(150)
      $0.webhook?.bodyGrace = .milliseconds(150)
    }
    for (name, start) in [
      ("head", "POST /v1/events HTTP/1.1\r\nHost: x\r\nX-A: "),
      ("body", "POST /v1/events HTTP/1.1\r\nHost: x\r\nContent-Length: 9000\r\n\r\n"),
      (
        "chunk",
        "POST /v1/events HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nfffff\r\n"
      ),
    ] {
      let slow = try harness.http()
      slow.send(start)
      // Ends once the server has: a bound far above the limit keeps a broken one from hanging the test.
      var isEnded = false
      for _ in 0..<500 where !isEnded {
        isEnded = slow.sendWithoutWaiting(Array("1".utf8)) <= 0
        PosixThread.sleep(.milliseconds(10))
      }
      #expect(isEnded, "\(name)")
      #expect(try harness.http().post("/v1/events", "{}")?.status == 200)
    }
    let snapshot = harness.intake.snapshot
    #expect(snapshot.webhookSlowHeaders >= 1 && snapshot.webhookSlowBodies >= 2)
  }

  /// Runs a table against one intake.
  private func run(
    _ table: [HttpExchange], processor: (any FrameProcessing)? = nil,
    _ adjust: (inout IntakeConfiguration) -> Void = { _ in }
  ) throws {
    let harness = try IntakeHarness(processor: processor, adjust)
    let isKeyed = table.contains { $0.fault == "key_missing" }
    let token = isKeyed ? [HttpExchangeTable.token] : []
    let other = try harness.http()
    for row in table {
      let before = harness.intake.snapshot
      let client = try harness.http()
      for (index, piece) in row.pieces.enumerated() {
        if index > 0 { PosixThread.sleep(.microseconds(200)) }
        client.send(piece)
      }
      #expect(
        other.post("/v1/events", "{\"good\":1}", headers: token)?.status == 200,
        "\(row.name): beside it a good request")
      if row.finishesSending { client.finishSending() }
      let answers = row.answers.map { _ in client.readAnswer() }
      let statuses = answers.compactMap { $0?.status }
      #expect(statuses == row.answers, "\(row.name)")
      var good: UInt64 = 1
      if row.end != .open {
        let rest = client.readToEnd() ?? ""
        #expect(
          rest.isEmpty || row.end == .page, "\(row.name): more than the answers: \(rest)")
      } else if statuses == row.answers {
        #expect(
          client.post("/v1/events", "{\"good\":2}", headers: token)?.status == 200,
          "\(row.name): the same connection afterwards")
        good += 1
      }
      let isCounted = eventually(within: .seconds(2)) {
        let now = harness.intake.snapshot
        return now.inHand == 0 && now.accepted == before.accepted + row.accepted + good
          && now.refused == before.refused + row.refused
      }
      let after = harness.intake.snapshot
      #expect(
        isCounted,
        "\(row.name): accepted \(after.accepted &- before.accepted &- good), refused \(after.refused &- before.refused)"
      )
      let faults = after.faults(since: before)
      #expect(faults == (row.fault.map { [$0: 1] } ?? [:]), "\(row.name)")
    }
    #expect(harness.intake.snapshot.partialBytes == 0)
  }
}
