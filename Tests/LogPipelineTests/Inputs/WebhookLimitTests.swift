import LogPipeline
import Testing

/// Goal: what a client does wrong is told in the answer, and costs bounded time and memory.
/// Method: as in `WebhookServerTests`, with limits short enough to wait for.
@Suite struct WebhookLimitTests {
  @Test func `a wrong token, path, method or type is told so, with its body read first`() throws {
    let harness = try IntakeHarness {
      $0.webhook?.bearer = [webhookKey("one"), webhookKey("second")]
      $0.webhook?.paths = ["/v1/events", "/hook"]
    }
    let body = Array(repeating: UInt8(ascii: "x"), count: 1 << 20)
    let client = try harness.http()
    let good = "Authorization: Bearer second"
    for wrong in [["Authorization: Bearer two"], [], ["Authorization: Basic second"]] {
      let answer = client.post("/v1/events", body, headers: wrong)
      #expect(answer?.status == 401)
      #expect(answer?.headers["www-authenticate"] == "Bearer")
    }
    let lost = client.post("/v2", body, headers: [good])
    #expect(lost?.status == 404)
    #expect(lost?.body.contains("/v1/events, /hook") == true)
    let put = client.post("/hook", body, headers: [good], method: "PUT")
    #expect(put?.status == 405)
    #expect(put?.headers["allow"] == "POST")
    for type in [
      "text/html", "application/x-www-form-urlencoded", "application/json;charset=utf-16",
    ] {
      #expect(
        client.post("/hook", body, headers: [good, "Content-Type: \(type)"])?.status == 415)
    }
    #expect(
      client.post("/hook", body, headers: [good, "Content-Encoding: br"])?.status == 415)
    let accepted = client.post(
      "/hook", "{}",
      headers: ["authorization: bearer one", "Content-Type: Application/JSON; charset=UTF-8"])
    #expect(accepted?.status == 200)
    #expect(harness.intake.snapshot.webhookConnectionsTotal == 1)
    #expect(eventually { harness.intake.snapshot.offered == 1 })
  }

  @Test func `too many or ambiguous headers are refused`() throws {
    let harness = try IntakeHarness()
    let many = (0..<250).map { "X-\($0): 1" }
    #expect(try harness.http().post("/v1/events", "{}", headers: many)?.status == 431)
    let long = (0..<70).map { "X-\($0): \(String(repeating: "x", count: 1000))" }
    #expect(try harness.http().post("/v1/events", "{}", headers: long)?.status == 431)
    let twice = try harness.http().post("/v1/events", "{}", headers: ["Content-Length: 2"])
    #expect(twice == nil || twice?.status == 400)
    let both = try harness.http().post("/v1/events", "{}", headers: ["Transfer-Encoding: chunked"])
    #expect(both == nil || both?.status == 400)
    #expect(eventually { harness.intake.snapshot.webhookConnectionsOpen == 0 })
    #expect(harness.intake.snapshot.offered == 0)
  }

  @Test func `nothing behind a request of doubtful length is read as a request`() throws {
    let harness = try IntakeHarness()
    for doubtful in ["Content-Length: 3", "Transfer-Encoding: chunked"] {
      let client = try harness.http()
      client.send(
        "POST /v1/events HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\(doubtful)\r\n\r\n0\r\n\r\n"
          + "POST /v1/events HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}")
      let answers = client.readToEnd() ?? ""
      #expect(answers.ranges(of: "HTTP/1.1 ").count <= 1, "\(answers)")
    }
    #expect(harness.intake.snapshot.offered == 0)
  }

  @Test func `gzip is inflated as it comes, also when it has several members`() throws {
    let harness = try IntakeHarness()
    let lines = (0..<5000).map { "{\"n\":\($0)}\n" }
    let body =
      inputsGzip(Array(lines[..<2500].joined().utf8))
      + inputsGzip(Array(lines[2500...].joined().utf8))
    let answer = try harness.http().post("/v1/events", body, headers: ["Content-Encoding: gzip"])
    #expect(answer?.body == "{\"accepted\":5000,\"refused\":[]}\n")
    #expect(harness.sink.frames == lines.map { String($0.dropLast()) })
  }

  @Test func `gzip cut short or broken is 400, and what came before stays`() throws {
    let harness = try IntakeHarness()
    let lines = (0..<5000).map { "{\"n\":\($0),\"x\":\"\($0 &* 7919 % 10007)\"}\n" }
    let whole = inputsGzip(Array(lines.joined().utf8))
    let client = try harness.http()
    let cut = client.post(
      "/v1/events", Array(whole[..<(whole.count / 2)]), headers: ["Content-Encoding: gzip"])
    #expect(cut?.status == 400)
    #expect(cut?.json?["error"]?.string?.contains("cut short") == true)
    let accepted = cut?.json?["accepted"]?.integer ?? 0
    #expect(accepted > 1000 && accepted < 4000)
    #expect(harness.sink.frames == lines.prefix(Int(accepted)).map { String($0.dropLast()) })
    var broken = whole
    broken[broken.count / 2] ^= 0xFF
    broken[broken.count / 2 + 1] ^= 0xFF
    let answer = client.post("/v1/events", broken, headers: ["Content-Encoding: gzip"])
    #expect(answer?.status == 400)
    #expect(answer?.json?["error"]?.string?.contains("broken") == true)
    let plain = client.post("/v1/events", "{}", headers: ["Content-Encoding: gzip"])
    #expect(plain?.status == 400)
    #expect(eventually { harness.intake.snapshot.inHand == 0 })
  }

  @Test func `a zip bomb is 413 and held in bounded memory`() throws {
    let harness = try IntakeHarness { $0.webhook?.inflatedBytesMax = 8 << 20 }
    let bomb = inputsGzip([UInt8](repeating: 0x20, count: 32 << 20))
    let ratio = try harness.http().post("/v1/events", bomb, headers: ["Content-Encoding: gzip"])
    #expect(ratio?.status == 413)
    #expect(ratio?.json?["error"]?.string?.contains("200 times") == true)
    var random = SystemRandomNumberGenerator()
    let lines = (0..<200_000).map { _ in "{\"n\":\(random.next())}\n" }
    let large = inputsGzip(Array((lines + lines).joined().utf8))
    let size = try harness.http().post("/v1/events", large, headers: ["Content-Encoding: gzip"])
    #expect(size?.status == 413)
    #expect(size?.json?["error"]?.string?.contains("\(8 << 20) bytes") == true)
    #expect(harness.intake.snapshot.partialBytes == 0)
  }

  @Test func `a body over the wire limit is 413, announced or not`() throws {
    let harness = try IntakeHarness { $0.webhook?.wireBytesMax = 100_000 }
    let body = Array(String(repeating: "{\"n\":1}\n", count: 20_000).utf8)
    #expect(try harness.http().post("/v1/events", body)?.status == 413)
    let client = try harness.http()
    client.send("POST /v1/events HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
    let piece = String(repeating: "{\"n\":1}\n", count: 1000)
    for _ in 0..<16 { client.send("1f40\r\n\(piece)\r\n") }
    client.send("0\r\n\r\n")
    let answer = client.readAnswer()
    #expect(answer?.status == 413)
    #expect(answer?.json?["accepted"]?.integer.map { $0 > 0 } == true)
  }

  @Test func `slow headers, a slow body and an idle connection are ended`() throws {
    let harness = try IntakeHarness {
      $0.webhook?.headerTimeMax = .milliseconds(100)
      $0.webhook?.bodyGrace = .milliseconds(100)
      $0.webhook?.idleMax = .milliseconds(300)
    }
    let silent = try harness.http()
    #expect(silent.readToEnd() == "")
    let headers = try harness.http()
    headers.send("POST /v1/events HTTP/1.1\r\nHost: x\r\nX-")
    #expect(headers.readToEnd() == "")
    #expect(eventually { harness.intake.snapshot.webhookSlowHeaders == 2 })
    let body = try harness.http()
    body.send("POST /v1/events HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{")
    #expect(body.readToEnd() == "")
    #expect(eventually { harness.intake.snapshot.webhookSlowBodies == 1 })
    let idle = try harness.http()
    #expect(idle.post("/v1/events", "{}")?.status == 200)
    #expect(idle.readToEnd() == "")
    #expect(eventually { harness.intake.snapshot.webhookIdleClosed == 1 })
  }

  @Test func `a body that stops while it holds the whole input budget costs the others little`()
    throws
  {
    let harness = try IntakeHarness {
      $0.lineBytesMax = 1 << 20
      $0.budgetBytes = 3 << 20
      $0.webhook?.stallMax = .milliseconds(300)
    }
    let holders = try holdBudget(of: harness) { try harness.http() }
    let tcp = try harness.tcp()
    tcp.send("{\"n\":1}\n")
    #expect(eventually { harness.intake.snapshot.accepted == 1 })
    #expect(harness.intake.snapshot.webhookStalled >= 1)
    #expect(try harness.http().post("/v1/events", "{}")?.status == 200)
    withExtendedLifetime(holders) {}
  }

  /// Two clients whose unfinished frames spend a budget of 3 MiB with the last byte, so that neither is made to wait.
  private func holdBudget(
    of harness: IntakeHarness, _ connect: () throws -> LoopbackClient
  ) throws -> [LoopbackClient] {
    var clients: [LoopbackClient] = []
    let head = "POST /v1/events HTTP/1.1\r\nHost: x\r\nContent-Length: 9000000\r\n\r\n"
    var held: UInt64 = 0
    for count in [1_000_000, 48_577] {
      let client = try connect()
      client.send(head + "{\"a\":\"" + String(repeating: "x", count: count - 6))
      held += UInt64(count)
      #expect(eventually { harness.intake.snapshot.partialBytes == held })
      clients.append(client)
    }
    return clients
  }

  @Test func `one address may have so many connections`() throws {
    let harness = try IntakeHarness { $0.webhook?.connectionsPerAddressMax = 1 }
    var first: LoopbackClient? = try harness.http()
    #expect(first?.post("/v1/events", "{}")?.status == 200)
    #expect(try harness.http().readToEnd() == "")
    #expect(eventually { harness.intake.snapshot.webhookOverAddressLimit == 1 })
    first = nil
    #expect(first == nil && eventually { harness.intake.snapshot.webhookConnectionsOpen == 0 })
    #expect(try harness.http().post("/v1/events", "{}")?.status == 200)
  }
}
