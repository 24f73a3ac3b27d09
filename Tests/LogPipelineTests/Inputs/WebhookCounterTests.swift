import LogPipeline
import Testing

/// Goal: each limit of the webhook holds, and has a counter of its own. Method: a real intake with one limit made small.
/// Times and sizes of bodies are in `WebhookLimitTests`, the rest in `HttpExchangeTable`.
@Suite struct WebhookCounterTests {
  @Test func `who comes when all connections are taken waits until one ends`() throws {
    let harness = try IntakeHarness { $0.webhook?.connectionsMax = 2 }
    var first: LoopbackClient? = try harness.http()
    let second = try harness.http()
    #expect(first?.post("/v1/events", "{}")?.status == 200)
    #expect(second.post("/v1/events", "{}")?.status == 200)
    let third = try harness.http()
    third.send(HttpExchange.post("{}")[0])
    #expect(eventually { harness.intake.snapshot.webhookAtLimit == 1 })
    #expect(harness.intake.snapshot.webhookConnectionsTotal == 2)
    first = nil
    #expect(first == nil && third.readAnswer()?.status == 200)
    #expect(harness.intake.snapshot.webhookConnectionsTotal == 3)
  }

  @Test func `a refused body without end is not read for ever`() throws {
    let harness = try IntakeHarness {
      $0.webhook?.bearer = [webhookKey("a")]
      $0.webhook?.discardBytesMax = 100_000
    }
    let client = try harness.http()
    client.send("POST /v1/events HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
    let chunk = "2710\r\n\(String(repeating: "x", count: 10_000))\r\n"
    var isEnded = false
    for _ in 0..<100_000 where !isEnded { isEnded = !client.send(chunk) }
    #expect(isEnded)
    #expect(eventually { harness.intake.snapshot.webhookEndless == 1 })
    #expect(harness.intake.snapshot.webhookConnectionsOpen == 0)
  }

  @Test func `a long body is refused at once, a short one after it was read`() throws {
    let harness = try IntakeHarness {
      $0.webhook?.bearer = [webhookKey("a")]
      $0.webhook?.discardBytesMax = 1000
    }
    let client = try harness.http()
    client.send("POST /v1/events HTTP/1.1\r\nHost: x\r\nContent-Length: 1001\r\n\r\n")
    #expect(client.readAnswer()?.status == 401)
    #expect(client.readToEnd() == "")
    let short = try harness.http()
    #expect(short.post("/v1/events", [UInt8](repeating: 0x20, count: 1000))?.status == 401)
    #expect(
      short.post("/v1/events", "{}", headers: ["Authorization: Bearer a"])?.status == 200)
  }

  @Test func `waits that are over are told apart: no room, no budget, no disk`() throws {
    let full = try IntakeHarness(sink: MemorySink(room: 0)) {
      $0.webhook?.roomWaitMax = .milliseconds(50)
    }
    let tcp = try full.tcp()
    tcp.send("{}\n")
    #expect(eventually { full.intake.snapshot.isPaused })
    #expect(try full.http().post("/v1/events", "{}")?.status == 503)
    #expect(eventually { full.intake.snapshot.faults(since: IntakeSnapshot()) == ["room_wait": 1] })

    let slow = try IntakeHarness(sink: MemorySink(isDurableAtOnce: false)) {
      $0.webhook?.durableWaitMax = .milliseconds(50)
    }
    #expect(try slow.http().post("/v1/events", "{}")?.status == 503)
    #expect(
      eventually { slow.intake.snapshot.faults(since: IntakeSnapshot()) == ["durable_wait": 1] })
    slow.intake.setReadOnly(true)
    #expect(try slow.http().post("/v1/events", "{}")?.status == 503)
    #expect(
      eventually {
        slow.intake.snapshot.faults(since: IntakeSnapshot()) == ["durable_wait": 1, "read_only": 1]
      })

    let tight = try IntakeHarness {
      $0.lineBytesMax = 1 << 20
      $0.budgetBytes = 3 << 20
      $0.webhook?.roomWaitMax = .milliseconds(50)
      $0.webhook?.stallMax = .seconds(60)
    }
    var holders: [LoopbackClient] = []
    var held: UInt64 = 0
    for count in [1_000_000, 48_577] {
      let client = try tight.http()
      client.send(
        "POST /v1/events HTTP/1.1\r\nHost: x\r\nContent-Length: 9000000\r\n\r\n{\"a\":\""
          + String(repeating: "x", count: count - 6))
      held += UInt64(count)
      #expect(eventually { tight.intake.snapshot.partialBytes == held })
      holders.append(client)
    }
    #expect(try tight.http().post("/v1/events", "{}")?.status == 503)
    #expect(eventually { tight.intake.snapshot.faults(since: IntakeSnapshot()) == ["budget": 1] })
    #expect(tight.intake.snapshot.webhookBudgetWaits >= 1)
    withExtendedLifetime(holders) {}
  }

  @Test func `docs/inputs.md names each setting of the webhook and each reason`() throws {
    var folder = FileSystem.parent(of: #filePath)
    for _ in 0..<3 { folder = FileSystem.parent(of: folder) }
    let text = String(decoding: try FileSystem.read("\(folder)/docs/inputs.md"), as: UTF8.self)
    let prefix = "inputs.webhook."
    for key in ConfigurationKeys.all.keys where key.path.hasPrefix(prefix) {
      let name = String(key.path.dropFirst(prefix.count))
      #expect(text.contains("`\(name)`") || text.contains(key.path) || text.contains("\(name):"))
    }
  }
}
