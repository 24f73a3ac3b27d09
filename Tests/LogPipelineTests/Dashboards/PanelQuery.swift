import LogPipeline

/// What Kibana asks the server for a panel: its saved aggregations in the server's own words.
struct PanelQuery {
  let panel: DashboardFile.Panel

  var body: String {
    let query: JsonValue =
      panel.query.isEmpty ? .object([("match_all", .object([]))]) : Self.lucene(panel.query)
    return JsonValue.object([
      ("size", .integer(0)), ("track_total_hits", .bool(true)), ("query", query),
      ("aggs", aggregations(panel.buckets[...])),
    ]).text
  }

  private static func lucene(_ text: String) -> JsonValue {
    .object([
      (
        "query_string",
        .object([("query", .string(text)), ("analyze_wildcard", .bool(true))])
      )
    ])
  }

  /// The outermost bucket with all others in it; the metrics in the innermost.
  private func aggregations(_ buckets: ArraySlice<DashboardFile.Agg>) -> JsonValue {
    guard let bucket = buckets.first else { return .object(panel.metrics.compactMap(metric)) }
    var inner = aggregations(buckets.dropFirst()).members ?? []
    // An order by a metric needs it at this level too.
    if let id = bucket.params["orderBy"]?.string?.split(separator: ".").first,
      let ordering = panel.metrics.first(where: { $0.id == id }).flatMap(metric),
      !inner.contains(where: { $0.key == ordering.key })
    {
      inner.append(ordering)
    }
    return .object([
      (bucket.id, .object([(bucket.kind, parameters(of: bucket)), ("aggs", .object(inner))]))
    ])
  }

  private func parameters(of bucket: DashboardFile.Agg) -> JsonValue {
    let field = ("field", JsonValue.string(bucket.field ?? ""))
    switch bucket.kind {
    case "terms":
      var members: [(key: String, value: JsonValue)] = [
        field, ("size", bucket.params["size"] ?? .null), ("order", order(of: bucket)),
      ]
      if bucket.params["missingBucket"]?.bool == true {
        members.append(("missing", .string(PanelFigures.missing)))
      }
      return .object(members)
    case "date_histogram":
      // "auto" follows from the time that is looked at: here it is an hour.
      return .object([
        field, ("fixed_interval", .string("1h")),
        ("min_doc_count", bucket.params["min_doc_count"] ?? .null),
      ])
    default:
      return .object([
        ("filters", .object(bucket.cases.map { ($0.label, Self.lucene($0.query)) }))
      ])
    }
  }

  private func order(of bucket: DashboardFile.Agg) -> JsonValue {
    let by = bucket.params["orderBy"]?.string ?? ""
    let isCount = panel.metrics.first { $0.id == by }?.kind == "count"
    return .object([(isCount ? "_count" : by, bucket.params["order"] ?? .null)])
  }

  /// nil for the count, which every bucket has.
  private func metric(_ agg: DashboardFile.Agg) -> (key: String, value: JsonValue)? {
    guard agg.kind != "count" else { return nil }
    var members: [(key: String, value: JsonValue)] = [("field", .string(agg.field ?? ""))]
    if agg.kind == "percentiles" {
      members.append(("percents", agg.params["percents"] ?? .null))
    }
    return (agg.id, .object([(agg.kind, .object(members))]))
  }
}
