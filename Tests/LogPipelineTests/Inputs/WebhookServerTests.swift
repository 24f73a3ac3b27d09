import LogPipeline
import Testing

/// Goal: a request is answered for what became of its events, and never before they are on disk.
/// Method: a real intake on the loopback; the sink becomes durable when the test says so.
@Suite struct WebhookServerTests {
  @Test(arguments: [
    ("{\"n\":1}", ["{\"n\":1}"]),
    ("{\n  \"n\": 1,\n  \"m\": {\"k\": 2}\n}\n", ["{\n  \"n\": 1,\n  \"m\": {\"k\": 2}\n}"]),
    ("[{\"n\":1},{\"n\":2}]", ["{\"n\":1}", "{\"n\":2}"]),
    ("{\"n\":1}\n{\"n\":2}\n", ["{\"n\":1}", "{\"n\":2}"]), ("[]", []),
  ]) func `a body of each form is taken and answered 200`(body: String, frames: [String]) throws {
    let harness = try IntakeHarness()
    let answer = try harness.http().post("/v1/events", body)
    #expect(answer?.status == 200)
    #expect(answer?.headers["content-type"] == "application/json")
    #expect(answer?.body == "{\"accepted\":\(frames.count),\"refused\":[]}\n")
    let stored = harness.sink.frames.joined(separator: "\n")
    #expect(stored == frames.joined(separator: "\n"))
  }

  @Test func `frames that are refused are named, and cost their neighbours nothing`() throws {
    let harness = try IntakeHarness()
    let client = try harness.http()
    let answer = client.post("/v1/events", "[{\"n\":1},7,{\"n\":},{\"n\":2}]")
    #expect(answer?.status == 200)
    #expect(answer?.json?["accepted"]?.integer == 2)
    let refused = answer?.json?["refused"]?.elements ?? []
    #expect(refused.map { $0["line"]?.integer } == [2, 3])
    #expect(refused.map { $0["reason"]?.string } == ["not_an_object", "not_json"])
    let none = client.post("/v1/events", "7\n8\n")
    #expect(none?.status == 400)
    #expect(none?.json?["accepted"]?.integer == 0)
    let many = client.post("/v1/events", "{}\n" + String(repeating: "x\n", count: 150))
    #expect(many?.status == 200)
    #expect(many?.json?["refused"]?.elements?.count == 100)
    #expect(many?.json?["refused_count"]?.integer == 150)
    #expect(eventually { harness.intake.snapshot.inHand == 0 })
    #expect(harness.intake.snapshot.refused == 154)
  }

  @Test func `an array that breaks keeps what came before and says so`() throws {
    let harness = try IntakeHarness()
    let answer = try harness.http().post("/v1/events", "[{\"n\":1},{\"n\":2")
    #expect(answer?.status == 400)
    #expect(answer?.json?["accepted"]?.integer == 1)
    #expect(answer?.json?["error"]?.string?.contains("ends within element 2") == true)
    #expect(harness.sink.frames == ["{\"n\":1}"])
  }

  @Test func `zero bytes are 400`() throws {
    let harness = try IntakeHarness()
    #expect(try harness.http().post("/v1/events", "")?.status == 400)
    #expect(try harness.http().post("/v1/events", " \n")?.status == 400)
  }

  @Test func `no answer comes before the events are durable`() throws {
    let harness = try IntakeHarness(sink: MemorySink(isDurableAtOnce: false))
    let client = try harness.http()
    client.send("POST /v1/events HTTP/1.1\r\nHost: x\r\nContent-Length: 7\r\n\r\n{\"n\":1}")
    #expect(eventually { harness.sink.frameCount == 1 })
    #expect(harness.intake.snapshot.webhookAnswers.isEmpty)
    #expect(harness.intake.snapshot.inHand == 1)
    harness.sink.makeDurable()
    #expect(client.readAnswer()?.body == "{\"accepted\":1,\"refused\":[]}\n")
    #expect(eventually { harness.intake.snapshot.inHand == 0 })
  }

  @Test func `events that do not become durable in time are answered 503`() throws {
    let harness = try IntakeHarness(sink: MemorySink(isDurableAtOnce: false)) {
      $0.webhook?.durableWaitMax = .milliseconds(100)
    }
    let answer = try harness.http().post("/v1/events", "{}")
    #expect(answer?.status == 503)
    #expect(answer?.headers["retry-after"] == "2")
  }

  @Test func `a full sink lets requests wait, then answers 503, and takes them again later`() throws
  {
    let harness = try IntakeHarness(sink: MemorySink(room: 1)) {
      $0.webhook?.roomWaitMax = .milliseconds(100)
    }
    #expect(try harness.http().post("/v1/events", "{\"n\":0}")?.status == 200)
    let tcp = try harness.tcp()
    tcp.send("{\"fills\":\"the intake\"}\n")
    #expect(eventually { harness.intake.snapshot.isPaused })
    let answer = try harness.http().post("/v1/events", "{\"n\":1}")
    #expect(answer?.status == 503)
    #expect(answer?.headers["retry-after"] == "2")
    harness.sink.setRoom(.max)
    #expect(try harness.http().post("/v1/events", "{\"n\":1}")?.status == 200)
    #expect(harness.sink.frameCount == 3)
  }

  @Test func `a request that waits for room goes on when there is some`() throws {
    let harness = try IntakeHarness(sink: MemorySink(room: 0))
    let tcp = try harness.tcp()
    tcp.send("{}\n")
    #expect(eventually { harness.intake.snapshot.isPaused })
    let client = try harness.http()
    client.send("POST /v1/events HTTP/1.1\r\nHost: x\r\nContent-Length: 7\r\n\r\n{\"n\":1}")
    #expect(eventually { harness.intake.snapshot.webhookConnectionsTotal == 1 })
    harness.sink.setRoom(.max)
    #expect(client.readAnswer()?.status == 200)
  }

  @Test func `a ring that is read-only is answered 503 at once`() throws {
    let harness = try IntakeHarness()
    harness.intake.setReadOnly(true)
    #expect(try harness.http().post("/v1/events", "{}")?.status == 503)
    harness.intake.setReadOnly(false)
    #expect(try harness.http().post("/v1/events", "{}")?.status == 200)
  }

  @Test func `a client that leaves while it waits costs nothing`() throws {
    let harness = try IntakeHarness(sink: MemorySink(isDurableAtOnce: false))
    var client: LoopbackClient? = try harness.http()
    client?.send("POST /v1/events HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}")
    #expect(eventually { harness.sink.frameCount == 1 })
    client = nil
    #expect(client == nil && eventually { harness.intake.snapshot.webhookConnectionsOpen == 0 })
    #expect(harness.intake.snapshot.webhookAbandoned == 1)
    harness.sink.makeDurable()
    #expect(eventually { harness.intake.snapshot.inHand == 0 })
  }

  @Test func `a connection serves many requests, also when they come at once`() throws {
    let harness = try IntakeHarness()
    let client = try harness.http()
    for number in 0..<100 {
      #expect(client.post("/v1/events", "{\"n\":\(number)}")?.status == 200)
    }
    let request = "POST /v1/events HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}"
    client.send(String(repeating: request, count: 20))
    for _ in 0..<20 { #expect(client.readAnswer()?.status == 200) }
    #expect(harness.intake.snapshot.webhookConnectionsTotal == 1)
    #expect(harness.sink.frameCount == 120)
  }

  @Test func `a chunked body is taken as it comes`() throws {
    let harness = try IntakeHarness()
    let client = try harness.http()
    client.send("POST /v1/events HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
    for piece in ["[{\"n\":", "1}", ",{\"n\":2}", "]"] {
      client.send("\(String(piece.utf8.count, radix: 16))\r\n\(piece)\r\n")
    }
    client.send("0\r\n\r\n")
    #expect(client.readAnswer()?.body == "{\"accepted\":2,\"refused\":[]}\n")
  }

  @Test func `who asks before sending is told to go on, or why not`() throws {
    let harness = try IntakeHarness { $0.webhook?.bearer = [webhookKey("secret")] }
    let client = try harness.http()
    let head =
      "POST /v1/events HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-continue\r\n"
    client.send(head + "Authorization: Bearer secret\r\n\r\n")
    #expect(client.readAnswer()?.status == 100)
    client.send("{}")
    #expect(client.readAnswer()?.status == 200)
    client.send(head + "\r\n")
    #expect(client.readAnswer()?.status == 401)
  }

  @Test func `headers go into the source of the events`() throws {
    let harness = try IntakeHarness()
    let answer = try harness.http().post(
      "/v1/events?key=1", Array("{}".utf8),
      headers: ["X-Source: relay", "x-environment: production", "X-Team-ID: finance"])
    #expect(answer?.status == 200)
    var expected = SourceContext(input: .webhook, peer: harness.newestSource?.peer ?? "")
    expected.path = "/v1/events"
    expected.name = "relay"
    expected.environment = "production"
    expected.teamIdClaimed = "finance"
    #expect(harness.newestSource == expected)
    #expect(expected.peer.hasPrefix("127.0.0.1:"))
  }

  @Test func `a stop answers those who wait and ends the connections`() throws {
    let harness = try IntakeHarness(sink: MemorySink(isDurableAtOnce: false))
    let durable = try harness.http()
    let request = "POST /v1/events HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}"
    durable.send(request)
    #expect(eventually { harness.sink.frameCount == 1 })
    let unfinished = try harness.http()
    unfinished.send(request.dropLast().description)
    let idle = try harness.http()
    #expect(eventually { harness.intake.snapshot.webhookConnectionsTotal == 3 })
    let now = SystemClock().now()
    harness.intake.requestStop(readUntil: now + .milliseconds(100), answerUntil: now + .seconds(5))
    #expect(harness.intake.waitUntilHandedOver())
    harness.sink.makeDurable()
    #expect(durable.readAnswer()?.status == 200)
    harness.intake.finishAnswers()
    harness.intake.join()
    harness.sink.disconnect()
    #expect(unfinished.readToEnd() == "")
    #expect(idle.readToEnd() == "")
    #expect(harness.intake.snapshot.inHand == 0)
    harness.markStopped()
  }
}
