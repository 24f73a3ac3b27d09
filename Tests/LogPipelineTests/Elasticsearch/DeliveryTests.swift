import LogPipeline
import Testing

/// Goal: whatever the server does, each event is settled exactly once, as what it became.
/// Method: real senders over loopback against a scripted server; the source checks every duty.
@Suite struct DeliveryTests {
  /// What a test asks of the server, in few words.
  typealias Reaction = ScriptedHttpServer.Reaction

  private func settings(_ server: ScriptedHttpServer) -> ElasticsearchConfiguration {
    var settings = ElasticsearchConfiguration(hosts: [server.url])
    settings.senders = 1
    settings.flush = .milliseconds(5)
    settings.retryBase = .milliseconds(2)
    settings.retryMax = .milliseconds(20)
    settings.parkDelay = .milliseconds(20)
    settings.conflictConfirmation = .milliseconds(10)
    settings.connectTimeout = .seconds(2)
    settings.installsTemplate = false
    return settings
  }

  /// Runs delivery until the source has ended, and gives the snapshot.
  @discardableResult
  private func deliver(
    _ source: MemoryBlockSource, _ server: ScriptedHttpServer,
    _ change: (inout ElasticsearchConfiguration) -> Void = { _ in },
    folder: String = "/nonexistent"
  ) throws -> DeliverySnapshot {
    var settings = settings(server)
    change(&settings)
    let delivery = try Delivery(
      source: source, settings: settings, template: nil,
      deadLetters: DeadLetterWriter(folder: folder), seed: 1)
    try DeliveryRun.finish(delivery)
    server.stop()
    #expect(source.leasedBlocks == [])
    #expect(delivery.snapshot.states.allSatisfy { $0 == .stopped })
    return delivery.snapshot
  }

  /// The answer that stores everything.
  private static func stored(_ request: ScriptedHttpServer.Request) -> Reaction {
    answer(request) { _ in 201 }
  }

  /// One status an id; errors with it.
  private static func answer(
    _ request: ScriptedHttpServer.Request, _ status: (String) -> Int
  ) -> Reaction {
    let statuses = request.ids.map(status)
    let items = statuses.map {
      $0 < 300
        ? "{\"create\":{\"status\":\($0)}}"
        : "{\"create\":{\"status\":\($0),\"error\":{\"type\":\"\(types[$0] ?? "x")\",\"reason\":\"r\"}}}"
    }
    let hasErrors = statuses.contains { $0 >= 300 }
    return .answer(200, "{\"errors\":\(hasErrors),\"items\":[\(items.joined(separator: ","))]}")
  }
  private static let types = [400: "mapper_parsing_exception", 404: "index_not_found_exception"]
  private static let refusal = #"{"error":{"type":"t","reason":"r"},"status":400}"#

  private func blocks(_ counts: Int...) throws -> [StoredBlock] {
    try counts.enumerated().map { try BlockFactory.block(id: UInt64($0 + 1), count: $1) }
  }

  @Test func `all goes well: one gzip request, everything delivered`() throws {
    let source = MemoryBlockSource(try blocks(100, 50))
    let server = try ScriptedHttpServer { request, _ in Self.stored(request) }
    let snapshot = try deliver(source, server)
    #expect(source.count(.delivered) == 150)
    #expect(snapshot.delivered == 150)
    #expect(server.requests.count == 1)
    let request = server.requests[0]
    #expect(
      request.path
        == "/_bulk?filter_path=errors,items.*.status,items.*.error&timeout=12000ms")
    #expect(request.headers["content-type"] == "application/x-ndjson")
    #expect(request.headers["content-encoding"] == "gzip")
    #expect(request.headers["expect"] == nil)
    #expect(request.ids.count == 150)
    #expect(snapshot.wireBytes == UInt64(request.body.count))
    #expect(snapshot.rawBytes == UInt64(request.inflated.count))
  }

  @Test func `items settled before are not sent again`() throws {
    let block = try BlockFactory.block(id: 1, count: 3, settled: [true, false, true])
    let source = MemoryBlockSource([block])
    let server = try ScriptedHttpServer { request, _ in Self.stored(request) }
    try deliver(source, server)
    #expect(server.requests.map(\.ids) == [["1-1"]])
    #expect(source.outcomes == ["1-1": .delivered])
  }

  @Test func `rejected items are sent again, the others are settled at once`() throws {
    let source = MemoryBlockSource(try blocks(10))
    let server = try ScriptedHttpServer { request, number in
      Self.answer(request) { number < 3 && ($0 == "1-3" || $0 == "1-7") ? 429 : 201 }
    }
    let snapshot = try deliver(source, server)
    #expect(server.requests.map(\.ids.count) == [10, 2, 2])
    #expect(server.requests[2].ids == ["1-3", "1-7"])
    #expect(source.count(.delivered) == 10)
    #expect(snapshot.retries[.tooManyRequests] == 4)
  }

  @Test func `new blocks go on while items wait`() throws {
    let source = MemoryBlockSource(try blocks(4, 4, 4))
    let server = try ScriptedHttpServer { request, number in
      Self.answer(request) { number == 1 && $0 == "1-0" ? 429 : 201 }
    }
    try deliver(source, server) {
      $0.bodyItemsMax = 4
      $0.retryBase = .milliseconds(300)
      $0.retryMax = .milliseconds(300)
    }
    #expect(source.count(.delivered) == 12)
    #expect(server.requests[1].ids.contains("2-0"))
  }

  @Test func `with enough held for another try no new blocks are taken`() throws {
    let source = MemoryBlockSource(try blocks(4, 4, 4))
    let server = try ScriptedHttpServer { request, number in
      Self.answer(request) { number <= 3 && $0.hasPrefix("1-") ? 429 : 201 }
    }
    try deliver(source, server) {
      $0.bodyItemsMax = 4
      $0.heldItemsMax = 4
    }
    #expect(source.count(.delivered) == 12)
    #expect(server.requests.prefix(4).allSatisfy { $0.ids.allSatisfy { $0.hasPrefix("1-") } })
  }

  @Test func `many refused documents are kept, not buried, until most pass`() throws {
    let source = MemoryBlockSource(try blocks(300))
    let server = try ScriptedHttpServer { request, number in
      Self.answer(request) { _ in number <= 2 ? 400 : 201 }
    }
    let snapshot = try deliver(source, server)
    #expect(source.count(.delivered) == 300)
    #expect(snapshot.deadLettered == 0)
  }

  @Test func `a body that fails again and again while others pass is taken apart`() throws {
    let source = MemoryBlockSource(try blocks(8, 8))
    let server = try ScriptedHttpServer { request, number in
      request.ids.contains("1-3") && (request.ids.count > 1 || number < 20)
        ? .answer(500, "") : Self.stored(request)
    }
    try deliver(source, server) { $0.bodyItemsMax = 8 }
    #expect(source.count(.delivered) == 16)
  }

  @Test func `a 409 is a duplicate, but after our own unclear attempt it is delivered`() throws {
    let clear = MemoryBlockSource(try blocks(3))
    let first = try ScriptedHttpServer { request, _ in
      Self.answer(request) { $0 == "1-1" ? 409 : 201 }
    }
    try deliver(clear, first)
    #expect(clear.outcomes == ["1-0": .delivered, "1-1": .duplicate, "1-2": .delivered])

    let unclear = MemoryBlockSource(try blocks(3))
    let second = try ScriptedHttpServer { request, number in
      number == 1 ? .close : Self.answer(request) { _ in 409 }
    }
    let snapshot = try deliver(unclear, second)
    #expect(unclear.count(.delivered) == 3)
    // Lost without an answer, then 409, and 409 again once that was given time to settle.
    #expect(second.requests.map(\.ids.count) == [3, 3, 3])
    #expect(snapshot.retries[.conflictAfterUnclear] == 3)
  }

  @Test func `what a cut-off primary had not kept is stored by the second look`() throws {
    let source = MemoryBlockSource(try blocks(2))
    let server = try ScriptedHttpServer { request, number in
      switch number {
      case 1: .reset
      case 2: Self.answer(request) { _ in 409 }
      default: Self.stored(request)
      }
    }
    try deliver(source, server)
    #expect(source.count(.delivered) == 2)
    #expect(server.requests.count == 3)
  }

  @Test(arguments: [429, 500, 502, 503, 504, 404, 301, 405])
  func `a whole failure sends all of it again`(status: Int) throws {
    let source = MemoryBlockSource(try blocks(5))
    let server = try ScriptedHttpServer { request, number in
      number <= 2 ? .answer(status, "<html>no</html>") : Self.stored(request)
    }
    try deliver(source, server)
    #expect(server.requests.map(\.ids.count) == [5, 5, 5])
    #expect(source.count(.delivered) == 5)
  }

  @Test func `answers that can not be read, or tell of other items, prove nothing`() throws {
    let source = MemoryBlockSource(try blocks(5))
    let bodies = [
      "", "{}", "<html>", #"{"errors":false,"items":[{"create":{"status":201}}]}"#,
      #"{"errors":false,"items":["#,
    ]
    let server = try ScriptedHttpServer { request, number in
      number <= bodies.count ? .answer(200, bodies[number - 1]) : Self.stored(request)
    }
    let snapshot = try deliver(source, server)
    #expect(source.count(.delivered) == 5)
    #expect(snapshot.retries[.unreadableAnswer] == 20)
    #expect(snapshot.retries[.itemCountWrong] == 5)
  }

  @Test func `a connection that ends in silence three times is tried without gzip`() throws {
    let source = MemoryBlockSource(try blocks(2))
    let server = try ScriptedHttpServer { request, _ in
      request.headers["content-encoding"] == "gzip" ? .close : Self.stored(request)
    }
    try deliver(source, server)
    #expect(source.count(.delivered) == 2)
    #expect(server.requests.count == 4)
  }

  @Test func `a guilty document is found by halving and buried, its neighbours delivered`() throws {
    let folder = try FileSystem.makeTemporaryDirectory(prefix: "delivery-")
    defer {
      try? FileSystem.remove("\(folder)/dead-letters.ndjson")
      try? FileSystem.removeDirectory(folder)
    }
    let source = MemoryBlockSource(try blocks(20, 13))
    let server = try ScriptedHttpServer { request, _ in
      request.ids.contains("2-4") ? .answer(400, Self.refusal) : Self.stored(request)
    }
    let snapshot = try deliver(source, server, folder: folder)
    #expect(source.count(.delivered) == 32)
    #expect(source.outcomes["2-4"] == .deadLettered)
    #expect(snapshot.deadLettered == 1)
    let line = try JsonValue.parse(FileSystem.read("\(folder)/dead-letters.ndjson"))
    #expect(line["_id"]?.string == "2-4")
    #expect(line["sequence"]?.integer == 2004)
    #expect(line["document"]?["token_count"]?.integer == 4)
  }

  @Test func `when every request is refused nothing is buried`() throws {
    let source = MemoryBlockSource(try blocks(4))
    let server = try ScriptedHttpServer { request, number in
      number <= 30 ? .answer(400, Self.refusal) : Self.stored(request)
    }
    let snapshot = try deliver(source, server)
    #expect(source.count(.delivered) == 4)
    #expect(snapshot.deadLettered == 0)
  }

  @Test func `mapping errors are buried with their reason before they are settled`() throws {
    let folder = try FileSystem.makeTemporaryDirectory(prefix: "delivery-")
    defer {
      try? FileSystem.remove("\(folder)/dead-letters.ndjson")
      try? FileSystem.removeDirectory(folder)
    }
    let source = MemoryBlockSource(try blocks(6))
    let server = try ScriptedHttpServer { request, _ in
      Self.answer(request) { $0 == "1-2" || $0 == "1-5" ? 400 : 201 }
    }
    try deliver(source, server, folder: folder)
    #expect(source.count(.deadLettered) == 2)
    #expect(source.count(.delivered) == 4)
    let text = String(
      decoding: try FileSystem.read("\(folder)/dead-letters.ndjson"), as: UTF8.self)
    #expect(text.split(separator: "\n").count == 2)
    #expect(text.contains("mapper_parsing_exception"))
  }

  @Test func `without a place for dead letters their items are kept`() throws {
    let source = MemoryBlockSource(try blocks(2))
    let server = try ScriptedHttpServer { request, number in
      Self.answer(request) { number <= 3 && $0 == "1-0" ? 400 : 201 }
    }
    let snapshot = try deliver(source, server)
    #expect(source.count(.delivered) == 2)
    #expect(snapshot.retries[.parked] == 3)
  }

  @Test func `an index that takes nothing is parked, never a dead letter`() throws {
    let source = MemoryBlockSource(try blocks(5, 3))
    let server = try ScriptedHttpServer { request, number in
      Self.answer(request) { number <= 2 && $0.hasPrefix("1-") ? 404 : 201 }
    }
    let snapshot = try deliver(source, server)
    #expect(source.count(.delivered) == 8)
    #expect(snapshot.deadLettered == 0)
    #expect(snapshot.retries[.parked] == 10)
  }

  @Test func `events of an index that takes none are set aside before they hold up the others`()
    throws
  {
    for canRelocate in [false, true] {
      // Blocks 1 and 2 are another day's.
      let source = MemoryBlockSource(
        try (1...5).map {
          try BlockFactory.block(id: $0, count: 10, day: $0 < 3 ? 20_776 : 20_777)
        })
      source.canRelocate = canRelocate
      let server = try ScriptedHttpServer { request, number in
        // Blocks 1 and 2 go nowhere, until nothing else is left.
        Self.answer(request) { id in
          number < 12 && (id.hasPrefix("1-") || id.hasPrefix("2-")) ? 404 : 201
        }
      }
      try deliver(source, server) {
        $0.heldItemsMax = 30
        $0.bodyItemsMax = 10
      }
      let moved = source.relocatedItems
      #expect(moved.isEmpty == !canRelocate)
      #expect(moved.allSatisfy { $0.hasPrefix("1-") || $0.hasPrefix("2-") }, "\(moved)")
      #expect(Set(moved).count == moved.count)
      #expect(source.count(.delivered) + moved.count == 50)
      #expect(source.leasedBlocks.isEmpty, "each block was settled, or given back")
    }
  }

  @Test func `too large bodies are split, and the limit is remembered`() throws {
    let source = MemoryBlockSource(try blocks(64, 64))
    let server = try ScriptedHttpServer { request, _ in
      request.ids.count > 10 ? .answer(413, "") : Self.stored(request)
    }
    try deliver(source, server)
    #expect(source.count(.delivered) == 128)
    let refused = server.requests.count { $0.ids.count > 10 }
    #expect(refused <= 12, "\(refused) requests were over the limit")
  }

  @Test func `credentials are read again after a 401`() throws {
    let folder = try FileSystem.makeTemporaryDirectory(prefix: "delivery-")
    let path = "\(folder)/key"
    try FileSystem.replace(path, with: Array("old\n".utf8))
    defer {
      try? FileSystem.remove(path)
      try? FileSystem.removeDirectory(folder)
    }
    let source = MemoryBlockSource(try blocks(5))
    let server = try ScriptedHttpServer { request, number in
      if number == 2 { try? FileSystem.replace(path, with: Array("new\n".utf8)) }
      return request.headers["authorization"] == "ApiKey new"
        ? Self.stored(request) : .answer(401, #"{"error":{"type":"security_exception"}}"#)
    }
    let snapshot = try deliver(source, server) { $0.credentials = .apiKey(.file(path)) }
    #expect(source.count(.delivered) == 5)
    #expect(server.requests.count == 3)
    #expect(snapshot.lastErrorText?.contains("new") == false)
  }

  @Test func `the next host is asked when one fails`() throws {
    let source = MemoryBlockSource(try blocks(5))
    let bad = try ScriptedHttpServer { _, _ in .close }
    let good = try ScriptedHttpServer { request, _ in Self.stored(request) }
    try deliver(source, good) {
      $0.hosts = [bad.url, good.url]
      $0.retryBase = .seconds(60)
      $0.retryMax = .seconds(60)
    }
    bad.stop()
    #expect(source.count(.delivered) == 5)
    #expect(bad.requests.count == 1)
  }

  @Test func `a configured proxy is used`() throws {
    let source = MemoryBlockSource(try blocks(5))
    let proxy = try ScriptedHttpServer { request, _ in Self.stored(request) }
    try deliver(source, proxy) {
      $0.hosts = ["http://es.invalid:9200"]
      $0.proxy = proxy.url
    }
    #expect(source.count(.delivered) == 5)
    #expect(proxy.requests.allSatisfy { $0.path.hasPrefix("http://es.invalid:9200/_bulk") })
  }

  @Test func `a stop cuts a hanging request off and gives everything back`() throws {
    let source = MemoryBlockSource(try blocks(5), isEnded: false)
    let server = try ScriptedHttpServer { _, _ in .hang }
    let delivery = try Delivery(
      source: source, settings: settings(server), template: nil,
      deadLetters: DeadLetterWriter(folder: "/nonexistent"))
    try delivery.start()
    #expect(server.waitForRequest())
    let begun = SystemClock().now()
    delivery.stop(until: begun + .milliseconds(50))
    #expect(SystemClock().now().since(begun) < .seconds(5))
    #expect(source.releasedBlocks == [1])
    #expect(source.outcomes.isEmpty)
    server.stop()
  }

  @Test func `a stop ends a sender that has nothing to do`() throws {
    let source = MemoryBlockSource([], isEnded: false)
    let server = try ScriptedHttpServer { request, _ in Self.stored(request) }
    let delivery = try Delivery(
      source: source, settings: settings(server), template: nil,
      deadLetters: DeadLetterWriter(folder: "/nonexistent"))
    try delivery.start()
    delivery.stop(until: SystemClock().now())
    #expect(server.requests.isEmpty)
    server.stop()
  }

  @Test func `three senders share a source`() throws {
    let source = MemoryBlockSource(try (1...30).map { try BlockFactory.block(id: $0, count: 20) })
    let server = try ScriptedHttpServer { request, number in
      number % 3 == 0 ? .answer(503, "") : Self.stored(request)
    }
    try deliver(source, server) {
      $0.senders = 3
      $0.bodyItemsMax = 40
    }
    #expect(source.count(.delivered) == 600)
  }

  @Test func `secrets are not printed`() throws {
    var settings = ElasticsearchConfiguration(hosts: ["http://localhost"])
    settings.credentials = .basic(user: "u", password: .value("hunter2"))
    var dumped = ""
    dump(settings, to: &dumped)
    #expect(!dumped.contains("hunter2"))
    #expect(!"\(settings)".contains("hunter2"))
    #expect(!String(reflecting: settings).contains("hunter2"))
  }
}
