import LogPipeline
import Synchronization
import Testing

/// Goal: what a probe, a scraper and a person get over a real socket. Each test has a server of its own on a free port.
@Suite struct AdminServerTests {
  private static func answer(
    _ request: String, to snapshot: StatusSnapshot = AdminSamples.snapshot()
  ) throws -> String {
    let listener = try LoopbackSocket.listen()
    let port = listener.port
    let server = AdminServer(listener: listener.descriptor, listenHost: "127.0.0.1") { snapshot }
    try server.start()
    defer { server.stop() }
    return try LoopbackSocket.exchange(request, port: port)
  }

  private static func get(_ path: String, host: String = "localhost") -> String {
    "GET \(path) HTTP/1.1\r\nHost: \(host)\r\nConnection: close\r\n\r\n"
  }

  private static func body(_ answer: String) -> String {
    answer.ranges(of: "\r\n\r\n").first.map { String(answer[$0.upperBound...]) } ?? ""
  }

  @Test func `a healthy agent is healthy and ready`() throws {
    let health = try Self.answer(Self.get("/healthz"))
    #expect(health.hasPrefix("HTTP/1.1 200 "))
    #expect(Self.body(health) == "ok\n")
    #expect(health.contains("Cache-Control: no-store\r\n"))
    #expect(try Self.answer(Self.get("/readyz")).hasPrefix("HTTP/1.1 200 "))
  }

  @Test func `a stuck thread is named with its time`() throws {
    let pulses = ["ring", "commit", "sender 1"].map(ThreadPulse.init)
    pulses[0].begin(at: MonotonicTime(nanoseconds: 1_000_000_000))
    pulses[1].begin(at: MonotonicTime(nanoseconds: 40_000_000_000))
    pulses[2].begin(at: MonotonicTime(nanoseconds: 1))
    pulses[2].end()
    let stuck = StatusSnapshot.stuck(
      pulses, at: MonotonicTime(nanoseconds: 46_000_000_000), longerThan: .seconds(30))
    let health = try Self.answer(Self.get("/healthz"), to: AdminSamples.snapshot(stuck: stuck))
    #expect(health.hasPrefix("HTTP/1.1 503 "))
    #expect(
      Self.body(health) == "stuck: thread ring has been at one piece of work for 45 s\n")
  }

  @Test func `readyz says each reason why inputs do not accept`() throws {
    let reasons = ["the ring is read-only: No space left on device", "shutting down"]
    let ready = try Self.answer(
      Self.get("/readyz"), to: AdminSamples.snapshot(notReadyBecause: reasons))
    #expect(ready.hasPrefix("HTTP/1.1 503 "))
    #expect(
      Self.body(ready)
        == "not ready: the ring is read-only: No space left on device\nnot ready: shutting down\n")
  }

  @Test func `metrics come as Prometheus text`() throws {
    let answer = try Self.answer(Self.get("/metrics", host: "127.0.0.1:9600"))
    #expect(answer.contains("Content-Type: text/plain; version=0.0.4; charset=utf-8\r\n"))
    #expect(try !PrometheusText(Self.body(answer)).samples.isEmpty)
  }

  @Test(arguments: ["/", "/v1/status"])
  func `status is JSON with both sums`(path: String) throws {
    let status = try JsonValue.parse(Self.body(try Self.answer(Self.get(path))))
    let ledger = try #require(status["ledger"])
    #expect(ledger["offered"] == .integer(112))
    #expect(ledger["in_hand"] == .integer(3))
    #expect(ledger["offered_balanced"] == .bool(true))
    #expect(ledger["accepted_balanced"] == .bool(true))
    #expect(ledger["dead_lettered"] == .integer(2))
    #expect(status["version"] == .string("1.2.3"))
    #expect(status["agent"] == .string("relay-01"))
    #expect(status["uptime_seconds"]?.double == 61.5)
    #expect(status["process"]?["resident_bytes"] == .integer(18_874_368))
    #expect(status["ring"]?["state"] == .string("open"))
    #expect(status["ring"]?["capacity_bytes"] == .integer(16_777_216))
    #expect(status["delivery"]?["answers_total"]?["200"] == .integer(7))
  }

  @Test(arguments: ["POST", "PUT", "DELETE", "OPTIONS", "PATCH"])
  func `other methods are refused, whatever their body`(method: String) throws {
    let answer = try Self.answer(
      "\(method) /v1/status HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
        + "Content-Length: 5\r\n\r\nhello")
    #expect(answer.hasPrefix("HTTP/1.1 405 "))
    #expect(answer.contains("Allow: GET, HEAD\r\n"))
  }

  @Test func `HEAD has the length and no body`() throws {
    let answer = try Self.answer(
      "HEAD /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
    #expect(answer.hasPrefix("HTTP/1.1 200 "))
    #expect(answer.contains("Content-Length: 3\r\n"))
    #expect(Self.body(answer).isEmpty)
  }

  @Test func `a foreign Host is refused, two of them too, and none from an old probe is fine`()
    throws
  {
    let foreign = try Self.answer(Self.get("/v1/status", host: "evil.example"))
    #expect(foreign.hasPrefix("HTTP/1.1 403 "))
    #expect(!foreign.contains("112"))
    let two = try Self.answer(
      "GET / HTTP/1.1\r\nHost: localhost\r\nHost: evil.example\r\nConnection: close\r\n\r\n")
    #expect(two.hasPrefix("HTTP/1.1 400 "))
    #expect(try Self.answer("GET /healthz HTTP/1.0\r\n\r\n").contains(" 200 "))
  }

  @Test func `an unknown page says which there are`() throws {
    let answer = try Self.answer(Self.get("/admin"))
    #expect(answer.hasPrefix("HTTP/1.1 404 "))
    #expect(Self.body(answer).contains("/healthz /readyz /metrics /v1/status"))
  }

  @Test func `each page shows the moment it is asked for`() throws {
    let asked = Atomic<UInt64>(0)
    let listener = try LoopbackSocket.listen()
    let port = listener.port
    let server = AdminServer(listener: listener.descriptor, listenHost: "127.0.0.1") {
      var snapshot = AdminSamples.snapshot()
      snapshot.ledger?.offered = asked.add(1, ordering: .relaxed).newValue
      return snapshot
    }
    try server.start()
    for expected in 1...3 {
      let answer = try LoopbackSocket.exchange(Self.get("/v1/status"), port: port)
      #expect(answer.contains("\"offered\":\(expected),"))
    }
    server.stop()
    server.stop()
  }
}
