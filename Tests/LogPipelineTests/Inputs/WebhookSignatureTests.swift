import LogPipeline
import Testing

/// Goal: signed requests are taken from whom they are, and once; no event is lost for an id that came before.
/// Method: a real intake on the loopback; the sink becomes durable when the test says so. Wrong signatures are rows of
/// `HttpExchangeTable.keys`.
@Suite struct WebhookSignatureTests {
  private static let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

  /// The specification's own example, signed by another program.
  @Test func `a signature is made as others make it`() throws {
    let key = try #require(SigningSecret.key(of: Self.secret))
    #expect(key.count == 24)
    #expect(SigningSecret.key(of: String(Self.secret.dropFirst(6))) == key)
    #expect(
      SignedRequest.signature(
        id: "msg_p5jXN8AQM9LWM0D4loKWxJek", timestamp: "1614265330",
        body: Array("{\"test\": 2432232314}".utf8), key: key)
        == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=")
  }

  @Test(arguments: [
    "", "whsec_", "whsec_AAAA", "whsec_!!!!", "plain text that is no base64 at all",
  ])
  func `what is no signing secret is refused`(text: String) {
    #expect(SigningSecret.key(of: text) == nil)
  }

  private static func harness(
    sink: MemorySink = MemorySink(), _ adjust: (inout IntakeConfiguration) -> Void = { _ in }
  ) throws -> IntakeHarness {
    try IntakeHarness(sink: sink) {
      $0.webhook?.hmac = [WebhookKey(name: "a", secret: [UInt8](repeating: 7, count: 24))]
      adjust(&$0)
    }
  }

  @Test func `a repeat waits for what it repeats, and is a duplicate once that is on disk`() throws
  {
    let harness = try Self.harness(sink: MemorySink(isDurableAtOnce: false))
    let (first, second) = (try harness.http(), try harness.http())
    first.send(SignedRequest("{\"n\":1}").bytes)
    #expect(eventually { harness.sink.frameCount == 1 })
    second.send(SignedRequest("{\"n\":1}").bytes)
    // Another request goes through meanwhile, so the repeat was looked at and waits.
    let third = try harness.http()
    third.send(SignedRequest("{\"n\":2}", id: "other").bytes)
    #expect(eventually { harness.sink.frameCount == 2 })
    #expect(harness.intake.snapshot.webhookAnswers.isEmpty)
    harness.sink.makeDurable()
    #expect(first.readAnswer()?.body == "{\"accepted\":1,\"refused\":[]}\n")
    let repeated = second.readAnswer()
    #expect(repeated?.status == 200)
    #expect(repeated?.body == "{\"accepted\":0,\"refused\":[],\"duplicate\":true}\n")
    #expect(third.readAnswer()?.status == 200)
    #expect(second.send(SignedRequest("{\"n\":1}").bytes))
    #expect(second.readAnswer()?.json?["duplicate"] == .bool(true))
    #expect(harness.sink.frames == ["{\"n\":1}", "{\"n\":2}"])
    #expect(eventually { harness.intake.snapshot.webhookDuplicates == 2 })
    #expect(harness.intake.snapshot.webhookIds == 2)
  }

  @Test func `the repeat of a request whose client left is a duplicate once that is on disk`()
    throws
  {
    let harness = try Self.harness(sink: MemorySink(isDurableAtOnce: false))
    var first: LoopbackClient? = try harness.http()
    first?.send(SignedRequest("{\"n\":1}").bytes)
    #expect(eventually { harness.sink.frameCount == 1 })
    first = nil
    #expect(first == nil && eventually { harness.intake.snapshot.webhookAbandoned == 1 })
    let second = try harness.http()
    second.send(SignedRequest("{\"n\":1}").bytes)
    #expect(eventually { harness.intake.snapshot.webhookConnectionsOpen == 1 })
    harness.sink.makeDurable()
    #expect(second.readAnswer()?.json?["duplicate"] == .bool(true))
    #expect(harness.sink.frameCount == 1)
  }

  @Test func `a repeat of what found no room is taken when there is some`() throws {
    let harness = try Self.harness(sink: MemorySink(room: 1)) {
      $0.webhook?.roomWaitMax = .milliseconds(100)
    }
    #expect(try harness.http().post("/v1/events", [])?.status == 401)
    let tcp = try harness.tcp()
    tcp.send("{\"fills\":\"the sink\"}\n")
    #expect(eventually { harness.sink.blockCount == 1 })
    tcp.send("{\"fills\":\"the intake\"}\n")
    #expect(eventually { harness.intake.snapshot.isPaused })
    let client = try harness.http()
    client.send(SignedRequest("{\"n\":1}").bytes)
    let answer = client.readAnswer()
    #expect(answer?.status == 503 && answer?.headers["retry-after"] == "2")
    harness.sink.setRoom(.max)
    client.send(SignedRequest("{\"n\":1}").bytes)
    #expect(client.readAnswer()?.body == "{\"accepted\":1,\"refused\":[]}\n")
  }

  @Test func `a repeat that waits too long, or for a failed disk, is answered 503`() throws {
    let harness = try Self.harness(sink: MemorySink(isDurableAtOnce: false)) {
      $0.webhook?.durableWaitMax = .milliseconds(200)
    }
    let (first, second) = (try harness.http(), try harness.http())
    first.send(SignedRequest("{\"n\":1}").bytes)
    #expect(eventually { harness.sink.frameCount == 1 })
    second.send(SignedRequest("{\"n\":1}").bytes)
    for client in [first, second] {
      let answer = client.readAnswer()
      #expect(answer?.status == 503 && answer?.headers["retry-after"] == "2")
    }
    // It came to disk after all.
    harness.sink.makeDurable()
    #expect(eventually { harness.intake.snapshot.accepted == 1 })
    second.send(SignedRequest("{\"n\":1}").bytes)
    #expect(second.readAnswer()?.json?["duplicate"] == .bool(true))
    second.send(SignedRequest("{\"n\":2}", id: "lost").bytes)
    #expect(eventually { harness.sink.frameCount == 2 })
    harness.intake.setReadOnly(true)
    #expect(second.readAnswer()?.status == 503)
    harness.intake.setReadOnly(false)
    #expect(eventually { harness.intake.snapshot.webhookIds == 1 })
  }

  @Test func `a stop answers who waits for a request that came to disk`() throws {
    let harness = try Self.harness(sink: MemorySink(isDurableAtOnce: false))
    let (first, second) = (try harness.http(), try harness.http())
    first.send(SignedRequest("{\"n\":1}").bytes)
    #expect(eventually { harness.sink.frameCount == 1 })
    second.send(SignedRequest("{\"n\":1}").bytes)
    #expect(eventually { harness.intake.snapshot.webhookBytes == 14 })
    let now = SystemClock().now()
    harness.intake.requestStop(readUntil: now + .milliseconds(100), answerUntil: now + .seconds(5))
    #expect(harness.intake.waitUntilHandedOver())
    harness.sink.makeDurable()
    harness.intake.finishAnswers()
    #expect(first.readAnswer()?.status == 200)
    #expect(second.readAnswer()?.json?["duplicate"] == .bool(true))
    harness.intake.join()
    harness.sink.disconnect()
    harness.markStopped()
  }

  @Test func `the same id under another key, or with another body, is no repeat`() throws {
    let harness = try Self.harness {
      $0.webhook?.hmac.append(WebhookKey(name: "b", secret: [UInt8](repeating: 8, count: 24)))
    }
    let client = try harness.http()
    var request = SignedRequest("{\"n\":1}")
    for (key, body) in [(7, "{\"n\":1}"), (8, "{\"n\":1}"), (7, "{\"n\":2}")] {
      request.key = [UInt8](repeating: UInt8(key), count: 24)
      request.body = Array(body.utf8)
      client.send(request.bytes)
      #expect(client.readAnswer()?.body == "{\"accepted\":1,\"refused\":[]}\n")
    }
    #expect(eventually { harness.intake.snapshot.webhookIdsReused == 1 })
    #expect(harness.intake.snapshot.webhookDuplicates == 0)
  }

  @Test func `ids are bounded in number and time`() throws {
    for (count, keep) in [(0, Duration.seconds(60)), (2, .seconds(60)), (9, .zero)] {
      let harness = try Self.harness {
        $0.webhook?.idsMax = count
        $0.webhook?.idsKeep = keep
      }
      let client = try harness.http()
      for id in ["1", "2", "3", "1"] {
        client.send(SignedRequest("{}", id: id).bytes)
        #expect(client.readAnswer()?.body == "{\"accepted\":1,\"refused\":[]}\n", "\(count), \(id)")
      }
      #expect(eventually { harness.intake.snapshot.webhookIds <= UInt64(count) })
    }
  }

  @Test func `signed bodies share the budget with everybody else, and the largest fits into it`()
    throws
  {
    // What it must be at least: a signed body, a line and 1 MiB.
    let budgetBytes = 4 << 20 | 64 << 10
    let harness = try Self.harness {
      $0.lineBytesMax = 64 << 10
      $0.webhook?.signedBytesMax = 3 << 20
      $0.budgetBytes = budgetBytes
      $0.webhook?.roomWaitMax = .seconds(60)
      $0.webhook?.stallMax = .seconds(60)
    }
    let line = "{\"x\":\"\(String(repeating: "x", count: 1000))\"}\n"
    let body = String(repeating: line, count: 2900)
    let clients = try (0..<4).map { _ in try harness.http() }
    // All begin, then each ends in its turn.
    let requests = (0..<4).map { SignedRequest(body, id: "\($0)").bytes }
    for (client, request) in zip(clients, requests) { client.send(Array(request[..<5000])) }
    let threads = try zip(clients, requests).map { client, request in
      let box = UncheckedBox(client)
      return try PosixThread("client") { box.value.send(Array(request[5000...])) }
    }
    var peak: UInt64 = 0
    _ = eventually {
      peak = max(peak, harness.intake.snapshot.partialBytes)
      return harness.sink.frameCount == 11_600
    }
    #expect(peak <= UInt64(budgetBytes), "\(peak) bytes were held")
    for thread in threads { thread.join() }
    for client in clients {
      #expect(client.readAnswer()?.body == "{\"accepted\":2900,\"refused\":[]}\n")
    }
    #expect(eventually { harness.intake.snapshot.partialBytes == 0 })
    #expect(throws: IntakeError.self) { try Self.harness { $0.budgetBytes = 20 << 20 } }
  }
}
