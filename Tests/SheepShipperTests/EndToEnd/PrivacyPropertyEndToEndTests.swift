import LogPipeline
import TestSupport
import Testing

/// Goal: no planted secret is anywhere behind the inputs, wherever in whatever event it stood and however it was spelled.
/// Method: random events (nesting, escapes, full-width forms, JSON inside strings, secrets as values, keys and numbers) by TCP
/// and HTTP through a running agent; then every byte it left is searched as it is, and once more with all
/// spellings undone: the ring and its inflated blocks, the archive, dead letters, refused frames, the log, bulk bodies.
@Suite(.serialized) struct PrivacyPropertyEndToEndTests {
  private static let eventCount = 240

  @Test(arguments: ["redact", "drop", "keep"])
  func `no planted secret is found behind the inputs`(content: String) throws {
    let seed = UInt64.random(in: .min ... .max)
    var planter = SecretPlanter(seed: seed, atMilliseconds: SystemClock().wallMilliseconds())
    let folder = try TemporaryFolder()
    // Every tenth is refused by the server.
    let server = try BulkServer(
      .refusesDocuments(holding: #""response_id":"misfit""#), keepsBodies: true)
    defer { server.stop() }
    let agent = try AgentProcess(
      stateDirectory: folder.path,
      settings: [
        "elasticsearch.hosts=\(server.url)", "archive.beside_elasticsearch=true",
        "elasticsearch.dead_share_max=100", "privacy.content=\(content)",
      ])
    let events = (0..<Self.eventCount).map { number in
      let event = planter.event(number)
      return number.isMultiple(of: 10)
        ? String(event.dropLast()) + #","response_id":"misfit"}"# : event
    }
    let broken = (0..<20).map { _ in planter.broken() }
    let half = Self.eventCount / 2
    try SampleSender.send((events[..<half] + broken).map { Array($0.utf8) }, to: agent)
    for (type, body) in [
      ("application/json", "[\(events[half..<half + 60].joined(separator: ","))]"),
      ("application/x-ndjson", events[(half + 60)...].joined(separator: "\n")),
    ] {
      let answer = try agent.webhook.send(
        "POST", "/v1/events", headers: [("Content-Type", type)], body: Array(body.utf8))
      #expect(answer.status == 200, "replay: seed \(seed): \(answer.text)")
    }
    // A piece of a frame may be a frame.
    let accepted = try agent.ledger("accepted")
    #expect(accepted >= Self.eventCount, "replay: seed \(seed)")
    let dead = Self.eventCount / 10
    #expect(try agent.wait(until: "dead_lettered", isAtLeast: dead), "\(agent.log)")
    #expect(try agent.wait(until: "delivered", isAtLeast: accepted - dead), "\(agent.log)")
    #expect(agent.terminate() == .exited(0))

    let found = try Self.places(of: agent, in: folder, server).flatMap { place, bytes in
      FoldedSearch.findings(of: planter.secrets, in: bytes, place: place)
    }
    #expect(
      found.isEmpty,
      "replay: seed \(seed), \(found.count): \(found.prefix(8).joined(separator: "\n"))")
    // The search sees what is there: the events, and of their texts what was to be kept.
    let bodies = Array(server.bodies.joined())
    #expect(!FoldedSearch.findings(of: ["property-7"], in: bodies, place: "").isEmpty)
    let texts = FoldedSearch.findings(of: [SecretPlanter.word], in: bodies, place: "")
    #expect(content != "keep" || !texts.isEmpty)
    #expect(bodies.count > 20_000)
  }

  @Test func `the search undoes every spelling`() throws {
    for text in [
      "sk-7q1", "x sk-7q1 y", #"\u0073k-7q1"#, #"\\\\u0073k-7q1"#, "ｓk－７q1", "sk%2D7q1",
      #"sk\u002d7q1"#,
    ] {
      #expect(
        !FoldedSearch.findings(of: ["sk-7q1"], in: Array(text.utf8), place: "").isEmpty, "\(text)")
    }
    #expect(FoldedSearch.findings(of: ["sk-7q1"], in: Array("sk-7 q1".utf8), place: "").isEmpty)
  }

  /// All that is left behind, by where it lies.
  private static func places(
    of agent: AgentProcess, in folder: TemporaryFolder, _ server: BulkServer
  ) throws -> [(String, [UInt8])] {
    var places = [
      ("the log", Array(agent.log.utf8)), ("standard output", Array(agent.child.outputText.utf8)),
    ]
    places += server.bodies.enumerated().map { ("bulk body \($0.offset)", $0.element) }
    let blocks = try RingBlocks(file: "\(folder.path)/ring")
    #expect(!blocks.contents.isEmpty)
    places += blocks.contents.enumerated().map { ("ring block \($0.offset)", $0.element) }
    let names = try FileSystem.names(in: folder.path)
    for needed in ["dead-letters.ndjson", "refused.ndjson", "archive", "ring"] {
      #expect(names.contains(needed), "\(names)")
    }
    for name in names {
      let path = "\(folder.path)/\(name)"
      guard try FileSystem.status(of: path).kind == .regular else { continue }
      let bytes = try FileSystem.read(path)
      // Zeros were never written; what was is in the blocks, and here as it lies on disk.
      places.append((name, name == "ring" ? bytes.filter { $0 != 0 } : bytes))
    }
    for (name, lines) in try ArchiveFolder.lines(in: "\(folder.path)/archive") {
      places.append((name, Array(lines.joined(separator: [0x0A]))))
    }
    return places
  }
}
