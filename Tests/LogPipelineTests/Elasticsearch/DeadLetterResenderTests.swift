import LogPipeline
import Synchronization
import TestSupport
import Testing

/// Goal: what is said of a resent letter is true, and only what is in its index is done with.
/// Method: real requests over loopback against a scripted server.
@Suite struct DeadLetterResenderTests {
  private typealias Reaction = ScriptedHttpServer.Reaction

  private func letter(_ number: Int, document: String = #"{"a":1}"#) -> ResentLetter {
    ResentLetter(
      place: DeadLetterPlace(
        ring: StreamId(high: 1, low: 1), sequence: UInt64(number), id: "id-\(number)"),
      index: "logs-2026.11.20", document: Array(document.utf8), isEdited: false)
  }

  private func resender(_ folder: TemporaryFolder, _ hosts: [String]) throws -> DeadLetterResender {
    var settings = ElasticsearchConfiguration(hosts: hosts)
    settings.connectTimeout = .seconds(2)
    return try DeadLetterResender(
      settings: settings, files: DeadLetterFiles(folder: folder.path))
  }

  private func resolved(_ folder: TemporaryFolder) throws -> [UInt64] {
    try DeadLetterResolutions(DeadLetterFiles(folder: folder.path)).read().keys.map(\.sequence)
      .sorted()
  }

  private static func answer(
    _ request: ScriptedHttpServer.Request, _ item: (String) -> String
  ) -> Reaction {
    .answer(
      200, #"{"errors":true,"items":[\#(request.ids.map(item).joined(separator: ","))]}"#)
  }

  private static func failed(_ status: Int, _ type: String) -> String {
    #"{"create":{"status":\#(status),"error":{"type":"\#(type)","reason":"field 'secret' is wrong"}}}"#
  }

  @Test func `each letter is told for itself, and those that are there are noted`() throws {
    let folder = try TemporaryFolder()
    let server = try ScriptedHttpServer { request, _ in
      Self.answer(request) { id in
        switch id {
        case "id-1": #"{"create":{"status":201}}"#
        case "id-2": Self.failed(409, "version_conflict_engine_exception")
        case "id-3": Self.failed(400, "document_parsing_exception")
        case "id-4": Self.failed(429, "es_rejected_execution_exception")
        default: Self.failed(403, "cluster_block_exception")
        }
      }
    }
    defer { server.stop() }
    let resender = try resender(folder, [server.url])
    let (outcomes, notNoted) = resender.resend((1...5).map { letter($0) })
    #expect(notNoted == nil)
    #expect(
      outcomes.map(\.name) == ["delivered", "duplicate", "refused", "unavailable", "unavailable"])
    #expect(
      outcomes[2] == .refused(type: "document_parsing_exception", reason: "field '…' is wrong"))
    #expect(outcomes[4].reason?.contains("cluster_block_exception") == true)
    #expect(try resolved(folder) == [1, 2])
    #expect(resender.counted.map(\.count) == [1, 1, 1, 2])
    let request = try #require(server.requests.first)
    #expect(server.requests.count == 1)
    #expect(
      request.lines.prefix(2) == [
        #"{"create":{"_index":"logs-2026.11.20","_id":"id-1"}}"#, #"{"a":1}"#,
      ])
  }

  @Test func `a document that is none, or would smuggle in another action, is not sent`() throws {
    let folder = try TemporaryFolder()
    let server = try ScriptedHttpServer { request, _ in
      Self.answer(request) { _ in #"{"create":{"status":201}}"# }
    }
    defer { server.stop() }
    let resender = try resender(folder, [server.url])
    let documents = ["not json", "[1]", "{}\n{\"delete\":{\"_id\":\"x\"}}", #"{"good":1}"#]
    let letters = documents.enumerated().map { letter($0 + 1, document: $1) }
    #expect(
      resender.resend(letters).outcomes.map(\.name) == [
        "refused", "refused", "refused", "delivered",
      ])
    #expect(server.requests.map(\.ids) == [["id-4"]])
    #expect(try resolved(folder) == [4])
  }

  @Test func `a host that is down is passed over, none at all leaves the letters open`() throws {
    let folder = try TemporaryFolder()
    let server = try ScriptedHttpServer { request, _ in
      Self.answer(request) { _ in #"{"create":{"status":201}}"# }
    }
    let both = try resender(folder, ["http://127.0.0.1:1", server.url])
    #expect(both.resend([letter(1)]).outcomes == [.delivered])
    server.stop()
    let none = try resender(folder, ["http://127.0.0.1:1"])
    let outcomes = none.resend([letter(2), letter(3)]).outcomes
    #expect(outcomes.map(\.name) == ["unavailable", "unavailable"])
    #expect(outcomes[0].reason?.hasPrefix("refused") == true, "\(outcomes)")
    #expect(try resolved(folder) == [1])
  }

  @Test func `a conflict after a try without an answer is not believed`() throws {
    let folder = try TemporaryFolder()
    let first = try ScriptedHttpServer { _, _ in .reset }
    let second = try ScriptedHttpServer { request, _ in
      Self.answer(request) { _ in Self.failed(409, "version_conflict_engine_exception") }
    }
    defer {
      first.stop()
      second.stop()
    }
    let resender = try resender(folder, [first.url, second.url])
    let outcomes = resender.resend([letter(1)]).outcomes
    #expect(outcomes.map(\.name) == ["unavailable"])
    #expect(try resolved(folder).isEmpty)
  }

  @Test func `a request refused whole is halved until the guilty one is alone`() throws {
    let folder = try TemporaryFolder()
    let server = try ScriptedHttpServer { request, _ in
      if request.ids.contains("id-3") {
        return .answer(400, #"{"error":{"type":"bad","reason":"r"},"status":400}"#)
      }
      return Self.answer(request) { _ in #"{"create":{"status":201}}"# }
    }
    defer { server.stop() }
    let outcomes = try resender(folder, [server.url]).resend((1...5).map { letter($0) }).outcomes
    #expect(
      outcomes.map(\.name) == ["delivered", "delivered", "refused", "delivered", "delivered"])
    #expect(try resolved(folder) == [1, 2, 4, 5])
  }

  @Test func `wrong credentials end it at once, and a stop sends nothing`() throws {
    let folder = try TemporaryFolder()
    let server = try ScriptedHttpServer { _, _ in
      .answer(401, #"{"error":{"type":"security_exception","reason":"no"},"status":401}"#)
    }
    defer { server.stop() }
    let resender = try resender(folder, [server.url, server.url])
    let outcomes = resender.resend((1...600).map { letter($0) }).outcomes
    #expect(outcomes.allSatisfy { $0.name == "unavailable" })
    #expect(server.requests.count == 1)
    resender.stopSending()
    #expect(resender.resend([letter(1)]).outcomes.first?.reason == "the agent is stopping")
    #expect(server.requests.count == 1)
  }

  @Test func `letters travel over the control socket as they are`() throws {
    let document = "{\"a\":\"é\\u0001 \\\" \u{7F}\",\"n\":1.10}"
    let before = letter(9, document: document)
    let after = try #require(ResentLetter(JsonValue.parse(before.json.text)))
    #expect(after.place == before.place && after.index == before.index)
    #expect(after.document == before.document)
    for outcome in [
      ResendOutcome.delivered, .duplicate, .refused(type: "t", reason: "r \"q\""),
      .unavailable(reason: "later"),
    ] {
      #expect(try ResendOutcome(JsonValue.parse(outcome.json.text)) == outcome)
    }
  }
}
