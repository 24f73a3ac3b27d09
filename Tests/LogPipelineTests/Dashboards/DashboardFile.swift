import LogPipeline

/// kibana/dashboards.ndjson, read as Kibana reads it.
struct DashboardFile {
  struct Panel: Sendable {
    let id: String
    let title: String
    let kind: String
    let aggs: [Agg]
    /// Lucene's syntax; "": all documents.
    let query: String

    var metrics: [Agg] { aggs.filter { $0.schema == "metric" } }
    var buckets: [Agg] { aggs.filter { $0.schema != "metric" } }
  }

  struct Agg: Sendable {
    let id: String
    let kind: String
    let schema: String
    let params: JsonValue

    var field: String? { params["field"]?.string }
    var percents: [Double] { params["percents"]?.elements?.compactMap(\.double) ?? [] }
    /// Of `filters`: name and query.
    var cases: [(label: String, query: String)] {
      (params["filters"]?.elements ?? []).map {
        ($0["label"]?.string ?? "", $0["input"]?["query"]?.string ?? "")
      }
    }
  }

  let objects: [JsonValue]

  init() throws {
    objects = try Repository.text("kibana/dashboards.ndjson").split(separator: "\n").map {
      try JsonValue.parse(String($0))
    }
  }

  func objects(_ type: String) -> [JsonValue] { objects.filter { $0["type"]?.string == type } }

  /// Those that ask for figures: neither the control bar nor texts.
  func panels() throws -> [Panel] {
    try objects("visualization").compactMap { object in
      let attributes = object["attributes"]
      let state = try JsonValue.parse(attributes?["visState"]?.string ?? "")
      let source = try JsonValue.parse(
        attributes?["kibanaSavedObjectMeta"]?["searchSourceJSON"]?.string ?? "")
      let aggs = (state["aggs"]?.elements ?? []).map {
        Agg(
          id: $0["id"]?.string ?? "", kind: $0["type"]?.string ?? "",
          schema: $0["schema"]?.string ?? "", params: $0["params"] ?? .null)
      }
      guard !aggs.isEmpty else { return nil }
      return Panel(
        id: object["id"]?.string ?? "", title: state["title"]?.string ?? "",
        kind: state["type"]?.string ?? "", aggs: aggs,
        query: source["query"]?["query"]?.string ?? "")
    }
  }
}
