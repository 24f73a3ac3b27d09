import LogPipeline
import Testing

/// Goal: the round trip leaves nothing behind, and says what an append-only key can not show. Method: a server by hand.
@Suite struct DoctorRoundTripTests {
  private static let index = "holysheep-logs-2026.11.27"
  private static let path = "/\(index)/_doc/me"
  private static let document = JsonValue.object([("model", .string("gpt-5.4"))])
  private static let found = #"{"found":true,"_source":{"model":"gpt-5.4"}}"#
  private static let stored = #"{"errors":false,"items":[{"create":{"status":201}}]}"#

  private func tried(
    _ answers: [String: (Int, String)], isDataStream: Bool = false
  ) throws -> (finding: DoctorFinding, requests: [String]) {
    let script = ServerScript(answers)
    let template = IndexTemplate(
      indexPattern: isDataStream ? "holysheep-logs" : "holysheep-logs-*",
      fields: [("model", .keyword)],
      isDataStream: isDataStream)
    let server = DoctorServer(template, index: Self.index, place: "https://es", send: script.send)
    let found = RoundTripCheck(server, document: Self.document, id: "me").run()
    return (try #require(found.first), script.requests)
  }

  private static func refusal(_ status: Int, _ type: String) -> String {
    #"{"errors":true,"items":[{"create":{"status":\#(status),"error":{"type":"\#(type)","reason":"why"}}}]}"#
  }

  @Test func `a document is written, read back and deleted`() throws {
    let (finding, requests) = try tried([
      "GET \(Self.path)": (200, Self.found), "DELETE \(Self.path)": (200, "{}"),
      "POST /_bulk": (200, Self.stored),
    ])
    #expect(finding.status == .ok && finding.title.contains("read back the same"), "\(finding)")
    #expect(requests.last == "DELETE \(Self.path)")
  }

  @Test func `no index is made without our types`() throws {
    let simulated = "POST /_index_template/_simulate_index/\(Self.index)"
    func tried(_ answer: String) throws -> (finding: DoctorFinding, requests: [String]) {
      try self.tried([
        "GET /\(Self.index)/_mapping": (404, "{}"),
        simulated: (200, answer),
        "GET \(Self.path)": (200, Self.found), "DELETE \(Self.path)": (200, "{}"),
        "POST /_bulk": (200, Self.stored),
      ])
    }
    let (skipped, asked) = try tried("{}")
    #expect(skipped.status == .skipped && skipped.title.contains("sheepshipper setup"))
    #expect(!asked.contains("POST /_bulk"))
    let ours = #"{"template":{"mappings":{"properties":{"model":{"type":"keyword"}}}}}"#
    #expect(try tried(ours).finding.status == .ok)
  }

  @Test func `one that stays is told, with how to take it away`() throws {
    let stays = RoundTripCheck.judge(
      read: .missing, deleted: .success(HttpAnswer(status: 503)), Self.document, "https://es/x",
      Self.index)
    #expect(stays.status == .failed && stays.commands == ["curl -u USER -X DELETE 'https://es/x'"])
  }

  @Test func `a document that comes back changed`() throws {
    let (finding, _) = try tried([
      "GET \(Self.path)": (200, #"{"_source":{"model":"other"}}"#),
      "DELETE \(Self.path)": (200, "{}"), "POST /_bulk": (200, Self.stored),
    ])
    #expect(finding.status == .failed && finding.consequence.contains("ingest pipeline"))
  }

  @Test(arguments: [
    (400, "document_parsing_exception"), (400, "mapper_parsing_exception"),
    (500, "not_x_content_exception"),
  ])
  func `a key that may only append stores nothing`(status: Int, type: String) throws {
    let (finding, requests) = try tried([
      "GET \(Self.path)": (403, "{}"), "POST /_bulk": (200, Self.refusal(status, type)),
    ])
    #expect(finding.status == .ok && finding.detail.contains("may append, and not delete"))
    #expect(requests.suffix(2) == ["GET \(Self.path)", "POST /_bulk"])
    let (stream, asked) = try tried(
      ["POST /_bulk": (200, Self.refusal(status, type))], isDataStream: true)
    #expect(
      stream.status == .ok && asked.last == "POST /_bulk" && !asked.contains("GET \(Self.path)"))
  }

  @Test(arguments: [(403, "security_exception"), (403, "cluster_block_exception"), (429, "x")])
  func `an index that takes nothing`(status: Int, type: String) throws {
    let (finding, _) = try tried([
      "GET \(Self.path)": (403, "{}"), "POST /_bulk": (200, Self.refusal(status, type)),
    ])
    #expect(finding.status == .failed && finding.title.contains("HTTP \(status) \(type): why"))
    #expect(finding.consequence.contains("kept in the ring"))
  }
}
