/// Writes one document into today's index, reads it back and deletes it, where this user may do all three. Where it may
/// only append, it sends a line that is no JSON, which gets as far as the index and can never be stored.
package struct RoundTripCheck: DoctorCheck {
  package static let name = "round trip"
  /// What servers call a document that is none.
  private static let unreadable: Set<String> = [
    "document_parsing_exception", "mapper_parsing_exception", "parse_exception",
    "x_content_parse_exception", "not_x_content_exception", "json_parse_exception",
    "parsing_exception",
  ]

  private let server: DoctorServer
  private let document: JsonValue
  private let id: String

  /// `document`: one that fits the mapping.
  package init(
    _ server: DoctorServer, document: JsonValue,
    id: String = "sheepshipper-doctor-\(UInt64.random(in: 0 ... .max))"
  ) {
    (self.server, self.document, self.id) = (server, document, id)
  }

  private var path: String { "/\(server.index)/_doc/\(id)" }

  package func run() -> [DoctorFinding] {
    if let obstacle = server.obstacle { return [.skipped(Self.name, obstacle)] }
    if wouldMakeAnother {
      return [
        .skipped(
          Self.name,
          "\(server.index) is not there, and would be made without our types: run sheepshipper setup "
            + "first")
      ]
    }
    // A data stream's documents can not be deleted by its name.
    let mayBeUndone =
      !server.template.isDataStream && isAllowed(.get) && isAllowed(.delete)
    return [mayBeUndone ? whole() : appendOnly()]
  }

  /// Whether the document would be the first of its index, and the index one without our types: those stay for a day.
  private var wouldMakeAnother: Bool {
    guard case .missing = server.ask("/\(server.index)/_mapping") else { return false }
    let simulated = server.ask(
      HttpRequest(method: .post, path: "/_index_template/_simulate_index/\(server.index)"))
    // Where no template fits, the answer is empty.
    guard case .found(let tree) = simulated else { return false }
    return !MappingCheck.isOurs(tree["template"]?["mappings"] ?? .object([]), server.template)
  }

  /// Asks for a document that is not there: 404 says that asking is allowed.
  private func isAllowed(_ method: HttpRequest.Method) -> Bool {
    guard case .success(let answer) = server.desk.ask(HttpRequest(method: method, path: path))
    else { return false }
    return answer.status == 404 || answer.status == 200
  }

  private func send(_ source: String) -> Result<HttpAnswer, TransportFailure> {
    var request = HttpRequest(
      method: .post, path: "/_bulk", contentType: "application/x-ndjson")
    let action = JsonValue.object([
      ("create", .object([("_index", .string(server.index)), ("_id", .string(id))]))
    ])
    request.body = Array("\(action.text)\n\(source)\n".utf8)
    return server.desk.ask(request)
  }

  private func appendOnly() -> DoctorFinding {
    let why =
      server.template.isDataStream
      ? "a data stream's documents can not be taken back" : "this key may append, and not delete"
    return Self.judge(unstorable: send("{\"sheepshipper-doctor\":"), server.index, why)
  }

  private func whole() -> DoctorFinding {
    let written = send(document.text)
    if let fault = Self.judge(written: written, server.index) { return fault }
    let read = server.ask(path)
    let deleted = server.desk.ask(HttpRequest(method: .delete, path: path))
    return Self.judge(
      read: read, deleted: deleted, document, "\(server.place)\(path)", server.index)
  }

  /// What the bulk answer says of its one item.
  private static func item(_ answer: HttpAnswer) -> (status: Int, type: String, reason: String) {
    let tree = try? JsonValue.parse(answer.body)
    guard answer.status == 200, let item = tree?["items"]?[0]?["create"] else {
      let error = BulkAnswer.wholeError(answer)
      return (answer.status, error.type, ReasonScrubber.cut(error.reason))
    }
    return (
      Int(item["status"]?.integer ?? 0), item["error"]?["type"]?.string ?? "",
      ReasonScrubber.cut(item["error"]?["reason"]?.string ?? "")
    )
  }

  /// nil: it was stored.
  package static func judge(
    written: Result<HttpAnswer, TransportFailure>, _ index: String
  ) -> DoctorFinding? {
    switch written {
    case .failure(let failure):
      return refused(index, "no answer: \(failure.detail)")
    case .success(let answer):
      let item = item(answer)
      return item.status == 201
        ? nil : refused(index, "HTTP \(item.status) \(item.type): \(item.reason)")
    }
  }

  package static func judge(
    unstorable: Result<HttpAnswer, TransportFailure>, _ index: String, _ why: String
  ) -> DoctorFinding {
    switch unstorable {
    case .failure(let failure): return refused(index, "no answer: \(failure.detail)")
    case .success(let answer):
      let item = item(answer)
      guard [400, 500].contains(item.status), unreadable.contains(item.type) else {
        return refused(index, "HTTP \(item.status) \(item.type): \(item.reason)")
      }
      return .ok(
        name, "\(index) takes what we send",
        "Shown with a document that can not be stored, since \(why); so nothing was read back.")
    }
  }

  private static func refused(_ index: String, _ why: String) -> DoctorFinding {
    .failed(
      name, "\(index) does not take a document: \(why).", meanwhile: DoctorWords.keptInRing,
      remedy: "The other findings may say why. What each answer means stands in docs/delivery.md.")
  }

  package static func judge(
    read: DoctorServer.Reply, deleted: Result<HttpAnswer, TransportFailure>,
    _ document: JsonValue, _ url: String, _ index: String
  ) -> DoctorFinding {
    var isDeleted = false
    if case .success(let answer) = deleted { isDeleted = answer.status == 200 }
    guard isDeleted else {
      return .failed(
        name, "one document of ours stays in \(index): it was stored and could not be deleted.",
        meanwhile: "Sums of today are too large by that one call.", remedy: "Delete it:",
        type: ["curl -u USER -X DELETE '\(url)'"])
    }
    guard case .found(let tree) = read, let found = tree["_source"],
      document.difference(from: found, at: "document") == nil
    else {
      return .failed(
        name, "\(index) does not give back the document that it took.",
        "It is deleted again.",
        meanwhile: "Events are stored, and read as something else: an ingest pipeline "
          + "(index.default_pipeline) may change them, or _source is off.",
        remedy: "See what the index does with documents; this makes none:",
        type: ["sheepshipper setup --dry-run"])
    }
    return .ok(name, "one document was written to \(index), read back the same, and deleted")
  }
}
