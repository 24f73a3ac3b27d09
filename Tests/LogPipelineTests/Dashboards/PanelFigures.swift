import LogPipeline

/// A panel's figures by their place: the keys of the buckets, then the metric. Worked out from the documents here, and
/// read from a server's answer.
struct PanelFigures {
  /// The name of the row of documents without the field, at the server.
  static let missing = "__missing__"

  let panel: DashboardFile.Panel

  // From the documents.

  /// The range that each figure has to lie in: percentiles are estimates, sums have an order.
  func expected(of documents: [EventBench.Event]) throws -> [String: ClosedRange<Double>] {
    let hits = try documents.filter { try Self.matches(panel.query, $0) }
    return try expected(hits, panel.buckets[...], at: "")
  }

  private func expected(
    _ documents: [EventBench.Event], _ buckets: ArraySlice<DashboardFile.Agg>, at path: String
  ) throws -> [String: ClosedRange<Double>] {
    var found: [String: ClosedRange<Double>] = [:]
    guard let bucket = buckets.first else {
      for agg in panel.metrics {
        for (name, range) in metric(agg, documents) { found["\(path)\(name)"] = range }
      }
      return found
    }
    for (key, group) in try groups(documents, bucket) {
      found.merge(try expected(group, buckets.dropFirst(), at: "\(path)\(key)/")) { $1 }
    }
    return found
  }

  private func groups(
    _ documents: [EventBench.Event], _ bucket: DashboardFile.Agg
  ) throws -> [String: [EventBench.Event]] {
    if bucket.kind == "filters" {
      var groups: [String: [EventBench.Event]] = [:]
      for (label, query) in bucket.cases {
        groups[label] = try documents.filter { try Self.matches(query, $0) }
      }
      return groups
    }
    let field = bucket.field ?? ""
    let hasMissing = bucket.params["missingBucket"]?.bool == true
    let groups = Dictionary(grouping: documents) { document -> String in
      if bucket.kind == "date_histogram" { return String(Self.time(document).prefix(13)) }
      return Self.value(document, field) ?? (hasMissing ? Self.missing : "")
    }.filter { $0.key != "" }
    // Else the server leaves some out, and the panel would too.
    if let size = bucket.params["size"]?.integer, groups.count > size {
      throw TooMany(panel: panel.id, field: field)
    }
    return groups
  }

  struct TooMany: Error {
    let panel: String
    let field: String
  }

  private func metric(
    _ agg: DashboardFile.Agg, _ documents: [EventBench.Event]
  ) -> [(name: String, range: ClosedRange<Double>)] {
    if agg.kind == "count" { return [("count", exactly(Double(documents.count)))] }
    let field = agg.field ?? ""
    if agg.kind == "cardinality" {
      let values = Set(documents.compactMap { Self.value($0, field) })
      return [(agg.id, exactly(Double(values.count)))]
    }
    let numbers =
      field == "@timestamp"
      ? documents.map { Self.moment(Self.time($0)) } : documents.compactMap { $0.double(field) }
    switch agg.kind {
    case "sum": return [(agg.id, near(numbers.reduce(0, +)))]
    case "avg":
      return numbers.isEmpty ? [] : [(agg.id, near(numbers.reduce(0, +) / Double(numbers.count)))]
    case "max": return numbers.max().map { [(agg.id, exactly($0))] } ?? []
    default:
      let sorted = numbers.sorted()
      guard let last = sorted.indices.last else { return [] }
      return agg.percents.map { percent in
        let part = percent / 100
        let place = part * Double(last)
        // A t-digest puts up to 4 n q (1 - q) / compression neighbours together (Dunning and Ertl); servers take 100.
        let together = Int((4 * Double(sorted.count) * part * (1 - part) / 100).rounded(.up))
        let lower = max(0, Int(place.rounded(.down)) - 1 - together)
        let upper = min(last, Int(place.rounded(.up)) + 1 + together)
        let (low, high) = (near(sorted[lower]), near(sorted[upper]))
        return ("\(agg.id).\(percent)", low.lowerBound...high.upperBound)
      }
    }
  }

  private func exactly(_ value: Double) -> ClosedRange<Double> { value...value }

  private func near(_ value: Double) -> ClosedRange<Double> {
    let slack = abs(value) * 1e-9 + 1e-15
    return (value - slack)...(value + slack)
  }

  private static func value(_ document: EventBench.Event, _ field: String) -> String? {
    switch document[field] {
    case .string(let text): text
    case .integer(let number): String(number)
    case .bool(let flag): String(flag)
    default: nil
    }
  }

  private static func time(_ document: EventBench.Event) -> String {
    document.string("@timestamp") ?? ""
  }

  /// A time to the millisecond, as a number that grows with it.
  private static func moment(_ text: String) -> Double {
    let digits = text.prefix(23).filter(\.isNumber)
    return Double(digits + String(repeating: "0", count: 17 - digits.count)) ?? 0
  }

  /// `field:value`, `_exists_:field`, and `NOT` before either: all that the panels use.
  private static func matches(_ query: String, _ document: EventBench.Event) throws -> Bool {
    if query.isEmpty { return true }
    if query.hasPrefix("NOT ") { return !(try matches(String(query.dropFirst(4)), document)) }
    let parts = query.split(separator: ":").map(String.init)
    guard parts.count == 2, !query.contains(" ") else { throw NotUnderstood(query: query) }
    if parts[0] == "_exists_" { return document[parts[1]] != nil }
    return value(document, parts[0]) == parts[1]
  }

  struct NotUnderstood: Error { let query: String }

  // From the server.

  func answered(_ answer: JsonValue) -> [String: Double] {
    let whole = answer["aggregations"] ?? .object([])
    guard panel.buckets.isEmpty else { return answered(whole, panel.buckets[...], at: "") }
    let total = answer["hits"]?["total"]?["value"] ?? .null
    return leaf(.object((whole.members ?? []) + [("doc_count", total)]), at: "")
  }

  private func answered(
    _ level: JsonValue, _ buckets: ArraySlice<DashboardFile.Agg>, at path: String
  ) -> [String: Double] {
    guard let bucket = buckets.first else { return leaf(level, at: path) }
    var found: [String: Double] = [:]
    let list = level[bucket.id]?["buckets"]
    let named =
      list?.members ?? (list?.elements ?? []).map { (key: Self.key(of: $0, bucket), value: $0) }
    for (key, inner) in named {
      found.merge(answered(inner, buckets.dropFirst(), at: "\(path)\(key)/")) { $1 }
    }
    return found
  }

  private static func key(of bucket: JsonValue, _ agg: DashboardFile.Agg) -> String {
    if agg.kind == "date_histogram" {
      return String(UtcTime(milliseconds: bucket["key"]?.integer ?? 0).text.prefix(13))
    }
    return bucket["key"]?.string ?? bucket["key"]?.integer.map { String($0) } ?? ""
  }

  private func leaf(_ level: JsonValue, at path: String) -> [String: Double] {
    var found: [String: Double] = [:]
    for agg in panel.metrics {
      switch agg.kind {
      case "count": found["\(path)count"] = level["doc_count"]?.double
      case "percentiles":
        for percent in agg.percents {
          found["\(path)\(agg.id).\(percent)"] = level[agg.id]?["values"]?["\(percent)"]?.double
        }
      default:
        let value = level[agg.id]?["value"]?.double
        found["\(path)\(agg.id)"] =
          agg.field == "@timestamp" && agg.kind == "max"
          ? value.map { Self.moment(UtcTime(milliseconds: Int64($0)).text) } : value
      }
    }
    return found
  }
}
