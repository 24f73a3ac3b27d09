/// Reads the `_id`s of all documents of an index, as they are at one moment, without the documents.
///
/// By scroll: each supported version of Elasticsearch and OpenSearch has it, and it needs no more than the right to read.
package struct IndexIds: ~Copyable {
  private static let pageItems = 10_000
  private static let path =
    "filter_path=_scroll_id,timed_out,_shards.failed,hits.total,hits.hits._id"

  private var transport: Transport
  private let hosts: [String]
  /// The one that answered; empty: none yet.
  private var host: String

  /// - Throws: hosts or credentials that can not be used.
  package init(
    _ settings: ElasticsearchConfiguration, clock: any Clock = SystemClock()
  ) throws(DeliveryError) {
    let checked = try Hosts.checked(settings.hosts)
    transport = try Transport(settings, stop: StopSignal(), clock: clock)
    hosts = checked
    host = ""
  }

  /// Asks for everything written so far to be found.
  ///
  /// - Returns: nil, or why it was not done: then a search may not see the last second or so.
  package mutating func refresh(_ index: String) -> String? {
    let request = HttpRequest(method: .post, path: "/\(index)/_refresh")
    switch ask(request) {
    case .failure(let failure): return failure.detail
    case .success(let answer):
      return [200, 404].contains(answer.status)
        ? nil : "HTTP \(answer.status) \(BulkAnswer.wholeError(answer).type)"
    }
  }

  /// Gives each page of ids; all of them when it returns. An index that is not there has none.
  package mutating func forEachPage(
    of index: String, _ take: ([String]) -> Void
  ) throws(IndexReadError) {
    let first = HttpRequest(
      method: .post, path: "/\(index)/_search?scroll=2m&\(Self.path)",
      contentType: "application/json",
      body: Array(
        """
        {"size":\(Self.pageItems),"_source":false,"track_total_hits":true,"sort":["_doc"],\
        "query":{"match_all":{}}}
        """.utf8))
    guard let answer = try page(ask(first), of: index, isFirst: true) else { return }
    guard let total = answer["hits"]?["total"]?["value"]?.integer else {
      throw IndexReadError(index: index, reason: "the answer tells no total")
    }
    var scroll = answer["_scroll_id"]?.string
    var page = try Self.ids(answer, of: index)
    var found: Int64 = 0
    while !page.isEmpty {
      found += Int64(page.count)
      take(page)
      guard found < total, let id = scroll else { break }
      let next = HttpRequest(
        method: .post, path: "/_search/scroll?\(Self.path)", contentType: "application/json",
        body: Array(#"{"scroll":"2m","scroll_id":\#(JsonValue.quoted(id))}"#.utf8))
      guard let answer = try self.page(ask(next), of: index, isFirst: false) else { break }
      scroll = answer["_scroll_id"]?.string ?? scroll
      page = try Self.ids(answer, of: index)
    }
    end(scroll)
    guard found == total else {
      throw IndexReadError(
        index: index, reason: "\(found) of \(total) documents came; it was not read to its end")
    }
  }

  /// nil: there is no such index.
  private func page(
    _ result: Result<HttpAnswer, TransportFailure>, of index: String, isFirst: Bool
  ) throws(IndexReadError) -> JsonValue? {
    switch result {
    case .failure(let failure):
      throw IndexReadError(index: index, reason: "\(failure.kind.rawValue): \(failure.detail)")
    case .success(let answer):
      let error = BulkAnswer.wholeError(answer)
      if answer.status == 404, isFirst, error.type == "index_not_found_exception" { return nil }
      guard answer.status == 200, let tree = try? JsonValue.parse(answer.body) else {
        throw IndexReadError(
          index: index,
          reason: "HTTP \(answer.status) \(error.type): \(ReasonScrubber.scrub(error.reason))")
      }
      guard tree["timed_out"]?.bool != true, tree["_shards"]?["failed"]?.integer ?? 0 == 0 else {
        throw IndexReadError(index: index, reason: "some of its shards did not answer")
      }
      return tree
    }
  }

  private static func ids(
    _ answer: JsonValue, of index: String
  ) throws(IndexReadError) -> [String] {
    // Without any hit the filter leaves the list out.
    let hits = answer["hits"]?["hits"]?.elements ?? []
    let ids = hits.compactMap { $0["_id"]?.string }
    guard ids.count == hits.count else {
      throw IndexReadError(index: index, reason: "a document has no _id")
    }
    return ids
  }

  /// The server forgets it by itself in two minutes; sooner is kinder.
  private mutating func end(_ scroll: String?) {
    guard let scroll else { return }
    _ = ask(
      HttpRequest(
        method: .delete, path: "/_search/scroll", contentType: "application/json",
        body: Array(#"{"scroll_id":\#(JsonValue.quoted(scroll))}"#.utf8)))
  }

  /// The first host that answers, and from then on that one.
  private mutating func ask(_ request: HttpRequest) -> Result<HttpAnswer, TransportFailure> {
    if !host.isEmpty { return transport.send(request, to: host) }
    var last: Result<HttpAnswer, TransportFailure>?
    for candidate in hosts {
      let result = transport.send(request, to: candidate)
      if case .success = result {
        host = candidate
        return result
      }
      last = result
    }
    return last ?? .failure(TransportFailure(kind: .other, detail: "no host", mayBeStored: false))
  }
}
