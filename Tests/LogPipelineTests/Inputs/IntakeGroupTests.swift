import LogPipeline
import TestSupport
import Testing

/// Goal: several intakes on the same ports are as one: each event once, sums exact, limits and memories shared.
/// Method: real intakes on the loopback; the kernel decides which gets a connection, so the tests look where it went.
@Suite struct IntakeGroupTests {
  @Test func `events over many connections come in once each, and the sums are exact`() throws {
    let harness = try IntakeGroupHarness(threads: 4)
    #expect(harness.group.pulses.map(\.name) == (1...4).map { "intake \($0)" })
    #expect(Set(harness.group.intakes.map(\.tcpPort)) == [harness.group.tcpPort])
    #expect(Set(harness.group.intakes.map(\.webhookPort)) == [harness.group.webhookPort])
    let senders = try (0..<48).map { _ in try harness.tcp() }
    let hooks = try (0..<24).map { _ in try harness.http() }
    for round in 0..<10 {
      for (number, sender) in senders.enumerated() {
        let lines = (0..<20).map { "{\"tcp\":\"\(number) \(round) \($0)\"}\n" }
        #expect(sender.send(lines.joined() + "no event\n"))
      }
      for (number, hook) in hooks.enumerated() {
        let events = (0..<5).map { "{\"hook\":\"\(number) \(round) \($0)\"}" }
        let answer = hook.post("/v1/events", "[\(events.joined(separator: ","))]")
        #expect(answer?.body == "{\"accepted\":5,\"refused\":[]}\n")
      }
    }
    let wanted = 48 * 10 * 20 + 24 * 10 * 5
    #expect(eventually { harness.group.snapshot.accepted == wanted })
    let sum = harness.group.snapshot
    #expect(sum.offered == UInt64(wanted + 480) && sum.refused == 480 && sum.inHand == 0)
    #expect(sum.webhookAnswers == [200: 240])
    #expect(sum.tcpConnectionsTotal == 48 && sum.webhookConnectionsTotal == 24)
    #expect(sum.refusedByReason.reduce(0, +) == 480)
    #expect(harness.sink.frameCount == wanted)
    #expect(Set(harness.sink.frames).count == wanted)
    #expect(harness.group.snapshots.allSatisfy { $0.offered > 0 })
    #expect(
      eventually {
        let address = harness.group.snapshot.tcpAddresses.first
        return address?.taken == 9600 && address?.refused == 480 && address?.connections == 48
      })
    #expect(harness.stop())
    #expect(harness.sink.refusedCount == 480)
  }

  @Test func `a signed request that comes again on another intake waits, and is a duplicate`()
    throws
  {
    let harness = try IntakeGroupHarness(threads: 3, sink: MemorySink(isDurableAtOnce: false)) {
      $0.webhook?.hmac = [WebhookKey(name: "a", secret: [UInt8](repeating: 7, count: 24))]
    }
    let first = try #require(try harness.located { try harness.http() })
    let second = try #require(try harness.http(besides: first.intake))
    let request = SignedRequest("{\"n\":1}").bytes
    first.client.send(request)
    #expect(eventually { harness.sink.frameCount == 1 })
    second.send(request)
    harness.sink.makeDurable()
    #expect(first.client.readAnswer()?.body == "{\"accepted\":1,\"refused\":[]}\n")
    #expect(second.readAnswer()?.json?["duplicate"] == .bool(true))
    second.send(request)
    #expect(second.readAnswer()?.json?["duplicate"] == .bool(true))
    #expect(harness.sink.frameCount == 1)
    #expect(eventually { harness.group.snapshot.webhookDuplicates == 2 })
    #expect(harness.group.snapshot.webhookIds == 1)
  }

  @Test func `a stream goes on wherever its sender comes again, and ends where it was`() throws {
    let harness = try IntakeGroupHarness(threads: 2)
    var older: WebSocketClient?
    var places: [Int] = []
    var changes = 0
    while changes < 3, places.count < 100 {
      let number = Int64(places.count + 1)
      let found = try #require(try harness.located { try harness.stream("?sender=a") })
      let known = number == 1 ? "null" : "\(number - 1)"
      #expect(try found.client.next()?.text == "{\"resume\":\(known),\"next\":\(number)}")
      try found.client.send("{\"n\":\(number)}")
      #expect(try found.client.acks(until: number).last?["ack"]?.integer == number)
      #expect(try older?.closeCode() == (number == 1 ? nil : 1008))
      if let last = places.last, last != found.intake { changes += 1 }
      places.append(found.intake)
      older = found.client
    }
    #expect(changes == 3)
    #expect(eventually { harness.group.snapshot.streamReplaced == UInt64(places.count - 1) })
    #expect(Set(harness.sink.frames).count == places.count)
    #expect(harness.sink.frameCount == places.count)
  }

  @Test func `what became durable after a stream had ended is known on the other intake`() throws {
    let harness = try IntakeGroupHarness(threads: 2, sink: MemorySink(isDurableAtOnce: false)) {
      $0.webhook?.stream?.ackInterval = .zero
    }
    var isChanged = false
    var round = 0
    while !isChanged, round < 60 {
      round += 1
      let query = "?sender=s\(round)"
      var first = try harness.located { try harness.stream("\(query)&from=11") }
      for number in 1...3 { try first?.client.send("{\"r\":\(round),\"n\":\(number)}") }
      #expect(eventually { harness.sink.frameCount == 3 * round })
      let place = first?.intake
      first = nil
      #expect(first == nil && eventually { harness.group.snapshot.streamsOpen == 0 })
      harness.sink.makeDurable()
      #expect(eventually { harness.group.snapshot.inHand == 0 })
      let next = try #require(try harness.located { try harness.stream(query) })
      #expect(try next.client.next()?.text == "{\"resume\":13,\"next\":14}")
      isChanged = next.intake != place
      // It ends before the next round counts the open ones.
      try next.client.sayFarewell()
      #expect(try next.client.closeCode() == 1000)
    }
    #expect(isChanged)
  }

  @Test func `the limit of TCP connections counts for all, and whoever waits gets a free place`()
    throws
  {
    let harness = try IntakeGroupHarness(threads: 4) { $0.tcp?.connectionsMax = 3 }
    var first = try (0..<3).map { _ in try harness.tcp() }
    for client in first { client.send("{\"n\":0}\n") }
    #expect(eventually { harness.group.snapshot.accepted == 3 })
    let others = try (0..<40).map { _ in try harness.tcp() }
    for client in others {
      client.send("{\"n\":1}\n")
      client.finishSending()
    }
    #expect(eventually { harness.group.snapshot.tcpOverLimit > 0 })
    #expect(harness.group.snapshot.tcpConnectionsTotal == 3)
    first = []
    #expect(first.isEmpty && eventually { harness.group.snapshot.accepted == 43 })
    #expect(eventually { harness.group.snapshot.tcpConnectionsOpen == 0 })
  }

  @Test func `the limit of one address counts for all`() throws {
    let harness = try IntakeGroupHarness(threads: 4) {
      $0.tcp?.connectionsPerAddressMax = 5
      $0.webhook?.connectionsPerAddressMax = 6
    }
    let senders = try (0..<20).map { _ in try harness.tcp() }
    let hooks = try (0..<20).map { _ in try harness.http() }
    #expect(eventually { harness.group.snapshot.tcpOverAddressLimit == 15 })
    #expect(eventually { harness.group.snapshot.webhookOverAddressLimit == 14 })
    #expect(harness.group.snapshot.tcpConnectionsOpen == 5)
    #expect(senders.count == hooks.count)
  }

  @Test func `a full sink stops all intakes, and each goes on when there is room`() throws {
    let harness = try IntakeGroupHarness(threads: 3, sink: MemorySink(room: 0))
    let senders = try (0..<30).map { _ in try harness.tcp() }
    for (number, sender) in senders.enumerated() { sender.send("{\"n\":\(number)}\n") }
    #expect(eventually { harness.group.snapshots.allSatisfy(\.isPaused) })
    #expect(harness.group.snapshot.isPaused)
    var blocks = 0
    while harness.sink.frameCount < 30, blocks < 60 {
      harness.sink.setRoom(1)
      #expect(eventually { harness.sink.blockCount > blocks })
      blocks = harness.sink.blockCount
    }
    #expect(eventually { harness.group.snapshot.accepted == 30 })
    #expect(harness.group.snapshots.allSatisfy { $0.accepted > 0 })
    #expect(harness.stop())
    #expect(Set(harness.sink.frames).count == 30)
  }

  @Test func `a stop reads what came to each intake, and answers it`() throws {
    let harness = try IntakeGroupHarness(threads: 4, sink: MemorySink(isDurableAtOnce: false))
    let senders = try (0..<24).map { _ in try harness.tcp() }
    let hooks = try (0..<12).map { _ in try harness.http() }
    for (number, sender) in senders.enumerated() { sender.send("{\"tcp\":\(number)}\n") }
    for (number, hook) in hooks.enumerated() {
      let body = "{\"hook\":\(number)}"
      hook.send(
        "POST /v1/events HTTP/1.1\r\nHost: x\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")
    }
    #expect(eventually { harness.sink.frameCount == 36 })
    // Another sender's last words, which nobody has read when the stop begins.
    let late = try harness.tcp()
    late.send("{\"tcp\":\"late\"}\n")
    let now = SystemClock().now()
    harness.group.requestStop(readUntil: now + .seconds(5), answerUntil: now + .seconds(20))
    #expect(harness.group.waitUntilHandedOver())
    #expect(harness.sink.frameCount == 37)
    harness.sink.makeDurable()
    harness.group.finishAnswers()
    for hook in hooks { #expect(hook.readAnswer()?.status == 200) }
    harness.group.join()
    harness.markStopped()
    #expect(harness.group.snapshot.accepted == 37)
    #expect((try? harness.tcp()) == nil)
  }

  @Test func `a port that somebody has is an error, also when they would share it`() throws {
    func expectTaken(_ address: String, threads: Int = 2) {
      do {
        _ = try IntakeGroupHarness.make(threads: threads) { $0.tcp?.listen = address }
        Issue.record("\(address) was taken from whoever had it")
      } catch {
        let text = "Can not listen on \(address) (inputs.tcp.listen): Address already in use."
        #expect("\(error)".hasPrefix(text), "\(error)")
      }
    }
    let plain = try TcpListener(listeningOn: "127.0.0.1:0")
    expectTaken("127.0.0.1:\(plain.port)")
    let shared = try TcpListener(listeningOn: "127.0.0.1:0", isShared: true)
    expectTaken("127.0.0.1:\(shared.port)")
    let harness = try IntakeGroupHarness(threads: 2)
    expectTaken("127.0.0.1:\(harness.group.tcpPort ?? 0)")
    expectTaken("127.0.0.1:\(harness.group.tcpPort ?? 0)", threads: 1)
  }

  @Test func `each intake has an even part of the limits that it keeps by itself`() throws {
    var configuration = IntakeConfiguration(
      tcp: TcpInputConfiguration(listen: "127.0.0.1:0"), webhook: nil)
    configuration.budgetBytes = 10 << 20
    configuration.lineBytesMax = 4 << 20
    let sink = MemorySink()
    func make(_ threads: Int) throws -> IntakeGroup {
      try IntakeGroupHarness.make(threads: threads, sink: sink) { $0 = configuration }
    }
    #expect(try make(2).intakes.count == 2)
    #expect(throws: IntakeError.budgetTooSmall(givenBytes: 3_495_253, neededBytes: 5 << 20)) {
      _ = try make(3)
    }
  }

  @Test func `the sum of snapshots leaves no number out`() {
    var part = IntakeSnapshot()
    for (index, count) in IntakeSnapshot.counts.enumerated() {
      part[keyPath: count] = UInt64(index + 1)
    }
    part.webhookIds = 7
    part.refusedByReason[1] = 3
    part.webhookFaults[2] = 4
    part.webhookAnswers = [200: 5, 503: 1]
    part.streamCloses = ["1000": 2]
    var other = part
    other.isPaused = true
    other.webhookAnswers = [400: 2, 503: 1]
    let sum = IntakeSnapshot.sum([part, other])
    let numbers = Mirror(reflecting: part).children.filter { $0.value is UInt64 }
    #expect(numbers.count == IntakeSnapshot.counts.count + 1, "webhookIds alone is no sum")
    #expect(numbers.allSatisfy { $0.value as? UInt64 != 0 }, "a counter is not in the list")
    for (index, count) in IntakeSnapshot.counts.enumerated() {
      #expect(sum[keyPath: count] == UInt64(2 * (index + 1)))
    }
    #expect(sum.webhookIds == 7 && sum.isPaused)
    #expect(sum.refusedByReason[1] == 6 && sum.webhookFaults[2] == 8)
    #expect(sum.webhookAnswers == [200: 5, 400: 2, 503: 2])
    #expect(sum.streamCloses == ["1000": 4])
    #expect(IntakeSnapshot.sum([part]) == part)
  }
}
