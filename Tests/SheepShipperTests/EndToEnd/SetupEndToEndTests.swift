import LogPipeline
import TestSupport
import Testing

/// Goal: at a real server `setup` puts in place what the documents then follow, and says what differs.
/// Method: the built program at each server there is, with indices of the test's own.
@Suite(
  .serialized, .enabled(if: !SearchServer.all.isEmpty, Comment(rawValue: SearchServer.missing)))
struct SetupEndToEndTests {
  private static func prefix(_ name: String) -> String {
    "e2e-\(name)-\(UInt32.random(in: 0 ... .max))-"
  }

  private func setup(_ flags: [String], _ settings: [String]) throws -> ProgramUnderTest.Result {
    try ProgramUnderTest.run(["setup"] + flags, settings: settings)
  }

  private func send(_ lines: [String], to agent: AgentProcess) throws {
    let connection = try TcpClient(port: agent.tcpPort)
    try connection.send(lines.map { $0 + "\n" }.joined())
    connection.finishSending()
  }

  @Test(arguments: SearchServer.all)
  func `the template is installed, known again, its drift told and mended`(server: SearchServer)
    throws
  {
    let prefix = Self.prefix("setup")
    let settings = ["elasticsearch.hosts=\(server.url)", "elasticsearch.index=\(prefix)%Y.%m.%d"]
    let name = "sheepshipper-\(prefix.dropLast())"
    defer { try? server.clear(prefix: prefix) }
    let planned = try setup(["--dry-run"], settings)
    #expect(planned.ending == .exited(0), "\(planned.output)\(planned.error)")
    #expect(planned.output.contains("PUT /_index_template/\(name)\n{"))
    #expect(try server.client.get("/_index_template/\(name)").status == 404)
    let first = try setup([], settings)
    #expect(first.ending == .exited(0), "\(first.output)\(first.error)")
    #expect(first.output.contains("was missing: installed"))
    let second = try setup(["--format", "json"], settings)
    let report = try JsonValue.parse(second.output)
    #expect(report["in_place"]?.bool == true && report["changes"]?.elements?.isEmpty == true)

    // Another type, and a setting of the operator's own.
    let found = try server.client.get("/_index_template/\(name)").json()
    let body = try #require(found["index_templates"]?[0]?["index_template"]).text
    let changed = body.replacing(
      #""token_count":{"type":"long"}"#, with: #""token_count":{"type":"keyword"}"#
    ).replacing(#""settings":{"index":{"#, with: #""settings":{"index":{"number_of_replicas":"0","#)
    #expect(changed != body)
    let put = try server.client.send("PUT", "/_index_template/\(name)", json: changed)
    #expect(put.status == 200, "\(put.text)")
    let drifted = try setup([], settings)
    #expect(drifted.ending == .exited(1), "\(drifted.output)")
    let words = drifted.output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    #expect(words.contains("token_count.type is keyword and not long; left as it is"), "\(words)")
    let mended = try setup(["--replace"], settings)
    #expect(mended.ending == .exited(0), "\(mended.output)")
    #expect(try setup([], settings).ending == .exited(0))

    let folder = try TemporaryFolder()
    let agent = try AgentProcess(
      stateDirectory: folder.path, settings: settings + ["ring.size=16MiB"])
    try send((0..<50).map { RelayEvents.event($0, run: prefix).line }, to: agent)
    #expect(try agent.wait(until: "delivered", isAtLeast: 50))
    #expect(agent.terminate() == .exited(0))
    #expect(!agent.child.errorText.contains("warning"), "\(agent.child.errorText)")
    let index = try server.client.get("/\(prefix)*").json().members?.first?.value
    #expect(index?["mappings"]?["properties"]?["token_count"]?["type"]?.string == "long")
    #expect(index?["settings"]?["index"]?["number_of_replicas"]?.string == "0")
    #expect(index?["settings"]?["index"]?["codec"]?.string == "best_compression")
  }

  @Test(arguments: SearchServer.all)
  func `the template of an older version gives way, one of the same priority is told`(
    server: SearchServer
  ) throws {
    let prefix = Self.prefix("older")
    let settings = ["elasticsearch.hosts=\(server.url)", "elasticsearch.index=\(prefix)%Y.%m.%d"]
    let older =
      #"{"index_patterns":["\#(prefix)*"],"priority":300,"template":{"mappings":{"properties":{"model":{"type":"long"}}}},"_meta":{"managed_by":"sheepshipper"}}"#
    let former = "/_index_template/\(IndexTemplate.formerName)"
    let rival = "/_index_template/\(prefix)rival"
    defer {
      for path in [former, rival] { _ = try? server.client.send("DELETE", path) }
      try? server.clear(prefix: prefix)
    }
    #expect(try server.client.send("PUT", former, json: older).status == 200)
    let given = try setup([], settings)
    #expect(given.ending == .exited(0), "\(given.output)\(given.error)")
    #expect(given.output.contains("DELETE"), "\(given.output)")
    let effective = try server.client.send(
      "POST", "/_index_template/_simulate_index/\(prefix)2026.11.20"
    ).json()
    #expect(
      effective["template"]?["mappings"]?["properties"]?["model"]?["type"]?.string == "keyword")

    try server.clear(prefix: prefix)
    let priority = IndexTemplate(indexPattern: "\(prefix)*", fields: []).priority
    let same = #"{"index_patterns":["\#(prefix)2*"],"priority":\#(priority)}"#
    #expect(try server.client.send("PUT", rival, json: same).status == 200)
    let refused = try setup([], settings)
    #expect(refused.ending == .exited(1), "\(refused.output)")
    #expect(refused.output.contains("\(prefix)rival"), "\(refused.output)")
    let higher = #"{"index_patterns":["\#(prefix)2*"],"priority":\#(priority + 1)}"#
    #expect(try server.client.send("PUT", rival, json: higher).status == 200)
    let refusedAgain = try setup([], settings)
    #expect(refusedAgain.ending == .exited(1), "\(refusedAgain.output)")
    #expect(refusedAgain.output.contains("another index template"), "\(refusedAgain.output)")
    #expect(refusedAgain.output.contains("(\(prefix)rival)"), "\(refusedAgain.output)")
  }

  /// These builds have neither; a whole one is not at hand.
  @Test(arguments: SearchServer.all)
  func `retention where the server can not keep it is said, and all else goes on`(
    server: SearchServer
  ) throws {
    let prefix = Self.prefix("old")
    defer { try? server.clear(prefix: prefix) }
    let settings = [
      "elasticsearch.hosts=\(server.url)", "elasticsearch.index=\(prefix)%Y.%m.%d",
      "elasticsearch.retention=90d", "ring.size=16MiB",
    ]
    let told = try setup([], settings)
    let kind = server.name == "opensearch" ? "ISM" : "ILM"
    #expect(told.output.contains("this server has no \(kind)"), "\(told.output)")
    #expect(told.output.contains("was missing: installed"), "\(told.output)")
    #expect(told.ending == .exited(1))
    let folder = try TemporaryFolder()
    let agent = try AgentProcess(stateDirectory: folder.path, settings: settings)
    try send([RelayEvents.event(1, run: prefix).line], to: agent)
    #expect(try agent.wait(until: "delivered", isAtLeast: 1))
    #expect(agent.terminate() == .exited(0))
    #expect(agent.child.errorText.contains("has no lifecycle management"))
  }

  @Test(arguments: SearchServer.all)
  func `a data stream takes events of all days; a rollover ends what it knows of ids`(
    server: SearchServer
  ) throws {
    let prefix = Self.prefix("stream")
    let stream = String(prefix.dropLast())
    defer {
      _ = try? server.client.send("DELETE", "/_data_stream/\(stream)")
      _ = try? server.client.send("DELETE", "/_index_template/sheepshipper-\(stream)-stream")
    }
    let folder = try TemporaryFolder()
    let settings = [
      "elasticsearch.hosts=\(server.url)", "elasticsearch.index=\(prefix)%Y.%m.%d",
      "elasticsearch.data_stream=true", "archive.beside_elasticsearch=true",
      "archive.dir=\(folder.path)/archive",
    ]
    let ready = try setup([], settings)
    #expect(ready.ending == .exited(0), "\(ready.output)\(ready.error)")
    #expect(ready.output.contains("can be stored twice"), "\(ready.output)")
    let events = (0..<400).map { RelayEvents.event($0, run: prefix) }
    let agent = try AgentProcess(
      stateDirectory: "\(folder.path)/state", settings: settings + ["ring.size=16MiB"])
    try send(events.map(\.line), to: agent)
    #expect(try agent.wait(until: "delivered", isAtLeast: 400), "\(agent.child.errorText)")
    #expect(agent.terminate() == .exited(0))
    #expect(try server.count(stream) == 400)
    let documents = try server.documents(stream)
    #expect(documents.allSatisfy { $0["_index"]?.string?.hasPrefix(".ds-\(stream)-") == true })
    let archived = try ArchiveFolder.lines(in: "\(folder.path)/archive")
    #expect(
      Set(archived.keys) == Set(events.map { "\(prefix)\($0.day).ndjson.gz" }),
      "the archive is by day")
    #expect(archived.values.reduce(0) { $0 + $1.count } == 400)

    let replayed = try replay(folder, 1, settings)
    #expect(replayed.ending == .exited(0), "\(replayed.error)")
    #expect(try server.count(stream) == 400, "known within the index")
    // What docs/delivery.md says it costs.
    let rolled = try server.client.send("POST", "/\(stream)/_rollover", json: "{}")
    guard rolled.status == 200 else { return }
    #expect(try replay(folder, 2, settings).ending == .exited(0))
    #expect(try server.count(stream) == 800)
  }

  private func replay(
    _ folder: TemporaryFolder, _ round: Int, _ settings: [String]
  ) throws -> ProgramUnderTest.Result {
    try ProgramUnderTest.run(
      ["replay", "\(folder.path)/archive"],
      settings: settings.filter { !$0.hasPrefix("archive.") }
        + ["agent.state_dir=\(folder.path)/replay\(round)"])
  }
}
