/// Asks the index for a report: one search that sums up, and no document comes.
package struct ReportReader {
  /// Rows of a table at the most; others are summed up in one.
  package static let rowsMax = 100

  private let send: (HttpRequest) -> Result<HttpAnswer, TransportFailure>
  private let indexPattern: String

  package init(
    indexPattern: String, send: @escaping (HttpRequest) -> Result<HttpAnswer, TransportFailure>
  ) {
    (self.indexPattern, self.send) = (indexPattern, send)
  }

  /// - Throws: ``IndexReadError`` when any part of it did not come.
  package func read(_ kind: ReportKind) throws(IndexReadError) -> Report {
    let request = HttpRequest(
      method: .post, path: "/\(indexPattern)/_search?ignore_unavailable=true",
      contentType: "application/json", body: Array(Self.query(kind).text.utf8))
    let answer: HttpAnswer
    switch send(request) {
    case .failure(let failure):
      throw IndexReadError(
        index: indexPattern, reason: "\(failure.kind.rawValue): \(failure.detail)")
    case .success(let found): answer = found
    }
    guard answer.status == 200, let tree = try? JsonValue.parse(answer.body) else {
      let error = BulkAnswer.wholeError(answer)
      throw IndexReadError(
        index: indexPattern,
        reason: "HTTP \(answer.status) \(error.type): \(ReasonScrubber.scrub(error.reason))")
    }
    guard tree["timed_out"]?.bool != true, tree["_shards"]?["failed"]?.integer ?? 0 == 0,
      let calls = tree["hits"]?["total"]?["value"]?.integer
    else {
      var reason = "some of its shards did not answer"
      if let failure = tree["_shards"]?["failures"]?[0], let name = failure["index"]?.string,
        let why = failure["reason"]?["reason"]?.string
      {
        reason += " (\(name): \(ReasonScrubber.scrub(why)))"
      }
      throw IndexReadError(index: indexPattern, reason: reason)
    }
    // Where there is no index at all, there are no sums either.
    let sums = tree["aggregations"] ?? .null
    var tables: [Report.Table] = []
    for group in kind.groups {
      tables.append(Self.table(sums[group.name] ?? .null, named: group.name))
    }
    return Report(
      kind: kind, index: indexPattern,
      total: ReportRow(sums, name: "all", calls: UInt64(max(0, calls))), tables: tables)
  }

  private static func table(_ answer: JsonValue, named name: String) -> Report.Table {
    let rows = (answer["buckets"]?.elements ?? []).map { bucket in
      var key = bucket["key_as_string"]?.string ?? bucket["key"]?.string ?? "-"
      if name == "day" { key = String(key.prefix(10)) }
      return ReportRow(
        bucket, name: key, calls: UInt64(clamping: bucket["doc_count"]?.integer ?? 0))
    }
    return Report.Table(
      name: name, rows: rows,
      otherCalls: UInt64(clamping: answer["sum_other_doc_count"]?.integer ?? 0))
  }

  static func query(_ kind: ReportKind) -> JsonValue {
    func object(_ members: (key: String, value: JsonValue)...) -> JsonValue { .object(members) }
    func date(_ day: Int32) -> JsonValue { .integer(Int64(day) * 86_400_000) }
    let sums: [(key: String, value: JsonValue)] = [
      ("cost", object(("sum", object(("field", .string("cost_usd")))))),
      ("tokens", object(("sum", object(("field", .string("token_count")))))),
      (
        "errors",
        object(("filter", object(("term", object(("outcome", .string("failure")))))))
      ),
      (
        "unpriced",
        object(("filter", object(("term", object(("cost.status", .string("unpriced")))))))
      ),
      (
        "latency",
        object(
          (
            "percentiles",
            object(
              ("field", .string("latency_ms")), ("percents", .array([.integer(50), .integer(95)])),
              ("keyed", .bool(false)))
          ))
      ),
    ]
    let groups = kind.groups.map { group in
      let buckets =
        group.field == "@timestamp"
        ? (
          "date_histogram",
          object(
            ("field", .string(group.field)), ("fixed_interval", .string("1d")),
            ("format", .string("yyyy-MM-dd")), ("min_doc_count", .integer(1)))
        )
        : (
          "terms",
          object(
            ("field", .string(group.field)), ("size", .integer(Int64(rowsMax))),
            ("missing", .string("-")), ("order", object(("cost", .string("desc")))))
        )
      return (key: group.name, value: JsonValue.object([buckets, ("aggs", .object(sums))]))
    }
    let range = object(
      ("gte", date(kind.days.lowerBound)), ("lt", date(kind.days.upperBound)),
      ("format", .string("epoch_millis")))
    return object(
      ("size", .integer(0)), ("track_total_hits", .bool(true)),
      ("query", object(("range", object(("@timestamp", range))))), ("aggs", .object(sums + groups)))
  }
}
