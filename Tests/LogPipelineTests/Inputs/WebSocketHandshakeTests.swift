import LogPipeline
import TestSupport
import Testing

/// Goal: only who may send, and speaks WebSocket, opens a stream; everybody else is told why not.
/// Method: requests to a real intake on the loopback.
@Suite struct WebSocketHandshakeTests {
  private static let good = [
    "Upgrade: websocket", "Connection: keep-alive, Upgrade",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Version: 13",
  ]

  private func status(
    _ harness: IntakeHarness, _ headers: [String], method: String = "GET",
    path: String = "/v1/stream", version: String = "1.1"
  ) throws -> LoopbackClient.Answer? {
    let client = try harness.http()
    let lines = ["\(method) \(path) HTTP/\(version)", "Host: localhost"] + headers
    client.send(lines.joined(separator: "\r\n") + "\r\n\r\n")
    return client.readAnswer()
  }

  @Test func `what is no handshake is told what one needs`() throws {
    let harness = try IntakeHarness()
    #expect(try status(harness, Self.good)?.status == 101)
    for missing in 0..<2 {
      var headers = Self.good
      headers.remove(at: missing)
      let answer = try status(harness, headers)
      #expect(answer?.status == 426)
      #expect(answer?.headers["upgrade"] == "websocket")
    }
    let old = Self.good.dropLast() + ["Sec-WebSocket-Version: 8"]
    let answer = try status(harness, Array(old))
    #expect(answer?.status == 426)
    #expect(answer?.headers["sec-websocket-version"] == "13")
    #expect(try status(harness, Self.good, method: "POST")?.status == 426)
    #expect(try harness.http().post("/v1/stream", "{\"n\":1}")?.status == 426)
    let keyless = Self.good.filter { !$0.hasPrefix("Sec-WebSocket-Key") }
    #expect(try status(harness, keyless)?.status == 400)
    #expect(try status(harness, keyless + ["Sec-WebSocket-Key: short=="])?.status == 400)
    let withBody = try harness.http().post(
      "/v1/stream", Array("{}".utf8), headers: Self.good, method: "GET")
    #expect(withBody?.status == 400)
    #expect(try status(harness, Self.good, version: "1.0")?.status == 400)
    #expect(harness.intake.snapshot.streamsTotal == 1)
  }

  @Test(arguments: [
    ("?sender=a-1_b.c:d", 101), ("?sender=a&from=7", 101), ("?from=9007199254740991", 101),
    ("?sender=", 400), ("?sender=a%20b", 400),
    ("?sender=\(String(repeating: "x", count: 129))", 400),
    ("?from=0", 400), ("?from=-1", 400), ("?from=x", 400), ("?from=9007199254740992", 400),
  ]) func `sender and from are checked`(query: String, status: Int) throws {
    let harness = try IntakeHarness()
    #expect(try harness.stream(query).status == status)
  }

  @Test func `the token is asked for before anything else`() throws {
    let harness = try IntakeHarness { $0.webhook?.bearer = [webhookKey("secret")] }
    #expect(try status(harness, Self.good)?.status == 401)
    #expect(try status(harness, [])?.headers["www-authenticate"] == "Bearer")
    #expect(try harness.stream("?from=0").status == 401)
    #expect(try harness.stream(headers: ["Authorization: Bearer wrong"]).status == 401)
    let client = try harness.stream(headers: ["Authorization: Bearer secret"])
    #expect(client.status == 101)
    try client.send("{}")
    #expect(try client.nextMessage()?["ack"]?.integer == 1)
  }

  @Test func `a page from elsewhere opens a stream only with a token`() throws {
    let origin = "Origin: https://example.org"
    let open = try IntakeHarness()
    #expect(try open.stream(headers: [origin]).status == 403)
    #expect(try open.stream(headers: ["Origin: null"]).status == 403)
    #expect(try open.stream(headers: ["Origin: http://localhost.example.org"]).status == 403)
    // As some libraries send it by themselves.
    #expect(try open.stream(headers: ["Origin: http://localhost"]).status == 101)
    let guarded = try IntakeHarness { $0.webhook?.bearer = [webhookKey("secret")] }
    #expect(
      try guarded.stream(headers: [origin, "Authorization: Bearer secret"]).status == 101)
  }

  @Test func `the path can be another one, or none`() throws {
    let moved = try IntakeHarness { $0.webhook?.stream?.path = "/events" }
    #expect(try status(moved, Self.good, path: "/events")?.status == 101)
    #expect(try status(moved, Self.good)?.status == 404)
    let off = try IntakeHarness { $0.webhook?.stream = nil }
    #expect(try status(off, Self.good)?.status == 404)
  }

  @Test func `the key's team and source are those of the events`() throws {
    var key = webhookKey("secret")
    (key.team, key.source) = ("finance", "billing")
    let harness = try IntakeHarness { $0.webhook?.bearer = [key] }
    let client = try harness.stream(
      headers: ["Authorization: Bearer secret", "X-Source: relay", "X-Team-ID: engineering"])
    try client.send("{}")
    #expect(try client.nextMessage()?["accepted"]?.integer == 1)
    #expect(harness.newestSource?.teamId == "finance")
    #expect(harness.newestSource?.name == "billing")
    #expect(harness.newestSource?.teamIdClaimed == "engineering")
  }

  @Test func `headers go into the source of the events`() throws {
    let harness = try IntakeHarness()
    let client = try harness.stream(
      headers: ["X-Source: relay", "X-Environment: production", "Content-Encoding: gzip"])
    try client.send("{}")
    #expect(try client.nextMessage()?["accepted"]?.integer == 1)
    #expect(harness.newestSource?.name == "relay")
    #expect(harness.newestSource?.environment == "production")
    #expect(harness.newestSource?.input == .webhook)
  }
}
