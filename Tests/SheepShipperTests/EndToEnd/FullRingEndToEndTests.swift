import LogPipeline
import TestSupport
import Testing

/// Goal: whoever watches an agent whose server is away sees how old what waits is, that the ring is full, and when that
/// is over.
/// Method: the built program with a ring that is nearly full, before a server that comes back; the webhook does the rest.
@Suite struct FullRingEndToEndTests {
  @Test func `readyz and the log say that the ring is full, and that events pass again`() throws {
    let folder = try TemporaryFolder()
    try fill("\(folder.path)/ring")
    let server = try BulkServer(.isUnavailable)
    defer { server.stop() }
    let agent = try AgentProcess(
      stateDirectory: folder.path,
      settings: [
        "elasticsearch.hosts=\(server.url)", "elasticsearch.flush=100ms",
        "inputs.webhook.room_wait=500ms",
      ])
    // Elasticsearch has not answered since the start, and nobody has sent anything yet.
    let hasAge = try CommandSupport.wait {
      try agent.status()["ring"]?["oldest_event_age_seconds"]?.double ?? 0 > 0
    }
    #expect(hasAge)
    var posts = 0
    let isFull = try CommandSupport.wait(within: .seconds(60)) {
      posts += 1
      return try post(posts, agent) == 503
    }
    #expect(isFull)
    let isUnready = try CommandSupport.wait {
      try agent.admin.get("/readyz").text.hasPrefix("not ready: the ring is full")
    }
    #expect(isUnready)
    #expect(try agent.admin.get("/readyz").status == 503)
    #expect(agent.child.waitForError("The ring is full: inputs wait", until: soon), "\(agent.log)")
    #expect(try post(0, agent) == 503)
    server.set(.takes)
    // The next attempt comes up to a minute after the last one that failed.
    let isReadyAgain = try CommandSupport.wait(within: .seconds(90)) {
      try agent.admin.get("/readyz").status == 200
    }
    #expect(isReadyAgain)
    #expect(agent.child.waitForError("The ring takes events again", until: soon), "\(agent.log)")
    #expect(agent.log.ranges(of: "The ring is full: ").count == 1)
    let resumed = agent.log.split(separator: "\n").filter {
      $0.contains("Elasticsearch takes events again; what waits is sent now after_seconds=")
    }
    #expect(resumed.count == 1 && resumed[0].contains(" waiting="), "\(agent.log)")
    #expect(agent.log.ranges(of: "The ring takes events again").count == 1)
    #expect(agent.terminate() == .exited(0))
  }

  private var soon: MonotonicTime { SystemClock().now() + .seconds(60) }

  private func post(_ number: Int, _ agent: AgentProcess) throws -> UInt16 {
    let event = RelayEvents.event(number, run: "full").line
    return UInt16(try agent.webhook.send("POST", "/v1/events", json: event).status)
  }

  /// Large events that hardly compress, until another one has no room.
  private func fill(_ path: String) throws {
    let ring = try Ring.open(
      RingConfiguration(path: path, sizeBytes: 16 << 20, isVolatileDiskAllowed: true),
      clock: SystemClock(), onDurable: { _, _ in }, onRoom: {})
    try ring.start()
    defer { ring.close() }
    let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
    var random = SystemRandomNumberGenerator()
    let noise = (0..<200_000).map { _ in letters[Int(random.next() & 63)] }
    for number in 1... {
      let action =
        "{\"create\":{\"_index\":\"holysheep-logs-2026.11.20\",\"_id\":\"f\(number)\"}}\n"
      let line = Array("\(action){\"p\":\"".utf8) + noise + Array("\"}\n".utf8)
      let item = BlockItem(
        fingerprint: UInt64(number), rawLengthBytes: UInt32(line.count), day: 20_777)
      let block = RawBlock(bytes: line, items: [item], intake: 0, ticket: UInt64(number))
      while !ring.offer(block) {
        if ring.snapshot().isFull { return }
        PosixThread.sleep(.milliseconds(2))
      }
    }
  }
}
