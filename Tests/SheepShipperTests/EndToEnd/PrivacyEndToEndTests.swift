import LogPipeline
import TestSupport
import Testing

/// Goal: no text that a person or a model wrote, and no secret beside it, is anywhere behind the inputs.
/// Method: captured payloads, and secrets planted in refused lines, errors, keys, names and headers; then everything the
/// program leaves is searched with a reader of its own: the ring's blocks, the archive's members, the dead letters, the
/// refused, all it logged, and the index.
@Suite(
  .serialized, .enabled(if: SampleFolder.path != nil, Comment(rawValue: SampleFolder.missing)))
struct PrivacyEndToEndTests {
  private let planted = PlantedSecrets(atMilliseconds: SystemClock().wallMilliseconds())
  private static let settings = [
    "inputs.webhook.paths=[/v1/events, /webhook/litellm, /nd, /single, /v1]",
    "inputs.webhook.bearer=[{value: relay-shared-secret}]",
  ]

  @Test func `no message text is in the ring, the refused, or the log`() throws {
    let folder = try TemporaryFolder()
    // Nobody listens there: all of it stays in the ring.
    let agent = try AgentProcess(
      stateDirectory: folder.path,
      settings: Self.settings + ["elasticsearch.hosts=http://127.0.0.1:1", "agent.grace=3s"])
    let sent = try sendEverything(to: agent)
    #expect(try agent.wait(until: "accepted", isAtLeast: sent.accepted))
    #expect(try agent.ledger("accepted") == sent.accepted)
    #expect(try agent.ledger("refused") == sent.refused)
    _ = agent.terminate()

    let blocks = try RingBlocks(file: "\(folder.path)/ring")
    #expect(blocks.itemCount == sent.accepted)
    #expect(blocks.deflatedCount > 0)
    let search = try Self.search()
    var found = blocks.contents.enumerated().flatMap {
      search.findings(in: $0.element, of: "ring block \($0.offset)")
    }
    found += try findings(of: search, inFilesOf: folder, agent)
    #expect(found.isEmpty, "\(found)")
    // The search sees what is there: names that are kept.
    let control = LeakSearch(["team-finance", "planted-keys", "audit_id"])
    let seen = Set(blocks.contents.flatMap { control.findings(in: $0, of: "ring") }.map(\.text))
    #expect(seen == control.texts)
  }

  @Test(arguments: Destination.all)
  func `no message text is in the index, the archive, or the dead letters`(to: Destination) throws {
    let prefix = "e2e-leak-"
    let folder = try TemporaryFolder()
    let agent = try to.startAgent(in: folder, prefix: prefix, settings: Self.settings)
    // An index of today in which the text of an error can not be stored.
    let mapping =
      #"{"mappings":{"dynamic":false,"properties":{"error":{"properties":{"message":{"type":"long"}}}}}}"#
    if let server = to.server {
      let made = try server.client.send("PUT", "/\(prefix)\(planted.day)", json: mapping)
      #expect(made.status == 200, "\(made.text)")
    }
    var sent = try sendEverything(to: agent)
    try SampleSender.send(planted.misfits.map { Array($0.utf8) }, to: agent)
    sent.accepted += planted.misfits.count
    // The planted errors, of which two more have a text.
    let dead = to.server == nil ? 0 : planted.misfits.count + 2
    #expect(try agent.wait(until: "delivered", isAtLeast: sent.accepted - dead), "\(agent.log)")
    #expect(try agent.wait(until: "dead_lettered", isAtLeast: dead), "\(agent.log)")
    #expect(try agent.ledger("accepted") == sent.accepted)
    #expect(try agent.ledger("dead_lettered") == dead)
    #expect(agent.terminate() == .exited(0))

    let documents = try to.documents(in: folder, prefix: prefix)
    #expect(documents.count == sent.accepted - dead)
    let search = try Self.search()
    var found = documents.flatMap {
      search.findings(in: $0.source.text, of: "document \($0.id)")
    }
    found += try findings(of: search, inFilesOf: folder, agent)
    #expect(found.isEmpty, "\(found)")
    if to.server != nil {
      let letters = try FileSystem.read("\(folder.path)/dead-letters.ndjson")
      #expect(letters.split(separator: 0x0A).count == dead)
      #expect(LeakSearch(["planted-misfit-0"]).findings(in: letters, of: "letters").count == 1)
    }
  }

  /// All captures and all planted secrets, by every input of the running agent.
  private func sendEverything(to agent: AgentProcess) throws -> (accepted: Int, refused: Int) {
    var accepted = 0
    for file in SampleFolder.eventFiles {
      let lines = try SampleFolder.lines(of: file)
      try SampleSender.send(lines, to: agent)
      accepted += lines.count
    }
    for request in try SampleFolder.requests() {
      #expect(try SampleSender.replay(request, to: agent.webhook).status == 200)
      accepted += try request.events().count
    }
    try SampleSender.send(planted.refused + planted.events.map { Array($0.utf8) }, to: agent)
    try planted.knockAtWrongPort(agent.tcpPort)
    let statuses = try planted.post(
      to: agent.webhook, path: "/v1/events", bearer: "relay-shared-secret")
    #expect(statuses == [200, 401, 404, 415, 400])
    // One post more was taken, and one was refused.
    return (accepted + planted.events.count + 1, planted.refused.count + 1)
  }

  /// Every file of the state folder as it lies there, archive members inflated, and what the program printed.
  private func findings(
    of search: LeakSearch, inFilesOf folder: TemporaryFolder, _ agent: AgentProcess
  ) throws -> [LeakSearch.Finding] {
    var found = search.findings(in: agent.log, of: "log")
    found += search.findings(in: agent.child.outputText, of: "standard output")
    let names = try FileSystem.names(in: folder.path)
    #expect(names.contains("refused.ndjson"))
    for name in names {
      let path = "\(folder.path)/\(name)"
      guard try FileSystem.status(of: path).kind == .regular else { continue }
      found += search.findings(in: try FileSystem.read(path), of: name)
    }
    if names.contains("archive") {
      for (name, lines) in try ArchiveFolder.lines(in: "\(folder.path)/archive") {
        found += search.findings(in: Array(lines.joined(separator: [0x0A])), of: name)
      }
    }
    return found
  }

  /// For every text of the captures, and all that was planted.
  private static func search() throws -> LeakSearch {
    var content = ContentTexts()
    for file in SampleFolder.eventFiles {
      for line in try SampleFolder.lines(of: file) { content.collect(try JsonValue.parse(line)) }
    }
    for request in try SampleFolder.requests() {
      for event in try request.events() { content.collect(event) }
    }
    #expect(content.texts.count > 150)
    // Card and account numbers of the captures' prompts, and the token of their requests.
    let numbers = [
      "4111 1111 1111 1111", "4111-1111-1111-1111", "4111111111111111", "078-05-1120",
      "415-555-0142", "relay-shared-secret",
    ]
    return LeakSearch(content.texts.union(numbers).union(PlantedSecrets.texts))
  }
}
