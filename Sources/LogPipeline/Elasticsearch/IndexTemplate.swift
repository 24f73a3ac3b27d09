/// The composable index template: an explicit type for each field, so that what a document holds never decides a mapping.
package struct IndexTemplate: Sendable {
  /// The name that all agents shared before each prefix had its own.
  package static let formerName = "sheepshipper-logs"

  /// Its name at the server, one for each prefix: agents that write elsewhere have their own.
  package let name: String
  /// e.g. `holysheep-logs-*`; the name of the data stream, when it is one.
  package let indexPattern: String
  /// Dotted names: `usage.prompt_tokens`.
  package let fields: [(name: String, type: FieldType)]
  /// The indices behind one name that the server makes itself, in place of one for each day.
  package let isDataStream: Bool
  /// What deletes old indices; nil: nothing of ours.
  package let retention: RetentionPolicy?
  /// An index that it is for, to ask the server what such a one would get.
  package let sampleIndex: String

  /// - Parameters:
  ///   - indexPattern: a prefix and `*`, or the name of a data stream.
  ///   - fields: dotted names.
  ///   - isDataStream: whether the pattern is the name of one.
  ///   - retention: how old an index gets; nil: they stay.
  ///   - sampleIndex: one that it is for; nil: that of the first day there was.
  package init(
    indexPattern: String, fields: [(name: String, type: FieldType)], isDataStream: Bool = false,
    retention: Duration? = nil, sampleIndex: String? = nil
  ) {
    self.sampleIndex = sampleIndex ?? indexPattern.replacing("*", with: "1970.01.01")
    var stem = Substring(indexPattern)
    while let last = stem.last, "*-._".contains(last) { stem.removeLast() }
    name = "sheepshipper-\(stem)\(isDataStream ? "-stream" : "")"
    self.indexPattern = indexPattern
    self.fields = fields
    self.isDataStream = isDataStream
    self.retention = retention.map {
      RetentionPolicy(
        name: "sheepshipper-\(stem)\(isDataStream ? "-stream" : "")", indexPattern: indexPattern,
        priority: Self.priority(indexPattern), isDataStream: isDataStream, age: $0)
    }
  }

  /// Over Elasticsearch's own (100 to 200). A longer pattern has a higher one: of two agents whose patterns both fit an
  /// index, the closer fit wins, and servers refuse overlapping patterns of one priority.
  package var priority: Int { Self.priority(indexPattern) }

  private static func priority(_ pattern: String) -> Int { 300 + pattern.utf8.count }

  /// The body of `PUT /_index_template/…`.
  package func body(_ dialect: TemplateDialect) -> JsonValue {
    .object(
      [
        ("index_patterns", .array([.string(indexPattern)])),
        ("priority", .integer(Int64(priority))),
      ] + (isDataStream ? [("data_stream", .object([]))] : []) + [
        (
          "template",
          .object([("settings", settings(dialect)), ("mappings", mappings(dialect.flattened))])
        ),
        ("_meta", .object([("managed_by", .string("sheepshipper"))])),
      ])
  }

  /// Few: what is left out stays as the cluster has it, replicas above all.
  private func settings(_ dialect: TemplateDialect) -> JsonValue {
    var index: [(key: String, value: JsonValue)] = [
      ("number_of_shards", .string("1")), ("codec", .string("best_compression")),
    ]
    if dialect.hasLifecycle, let retention {
      index.append(("lifecycle", .object([("name", .string(retention.name))])))
    }
    return .object([("index", .object(index))])
  }

  /// `dynamic: false`: a field the template does not know is kept in the document and not indexed. `true` would let
  /// the first value of a day choose a type, `strict` would make dead letters of events with a new field.
  package func mappings(_ flattened: FlattenedKind) -> JsonValue {
    let fields = fields.map {
      (name: $0.name.split(separator: ".").map(String.init), type: $0.type)
    }
    return .object([
      ("dynamic", .string("false")),
      ("properties", Self.properties(fields[...], depth: 0, flattened)),
    ])
  }

  private static func properties(
    _ fields: ArraySlice<(name: [String], type: FieldType)>, depth: Int,
    _ flattened: FlattenedKind
  ) -> JsonValue {
    var names: [String] = []
    var groups: [String: [(name: [String], type: FieldType)]] = [:]
    for field in fields {
      if groups[field.name[depth]] == nil { names.append(field.name[depth]) }
      groups[field.name[depth], default: []].append(field)
    }
    return .object(
      names.map { name in
        let group = groups[name] ?? []
        if let field = group.first, group.count == 1, field.name.count == depth + 1 {
          return (name, mapping(of: field.type, flattened))
        }
        let children = group.filter { $0.name.count > depth + 1 }
        invariant(children.count == group.count, "field \(name) is a value and an object at once")
        return (
          name, .object([("properties", properties(children[...], depth: depth + 1, flattened))])
        )
      })
  }

  private static func mapping(of type: FieldType, _ flattened: FlattenedKind) -> JsonValue {
    func object(_ type: String, _ more: (String, JsonValue)...) -> JsonValue {
      .object([("type", .string(type))] + more.map { (key: $0.0, value: $0.1) })
    }
    // It counts characters, Lucene's limit is 32,766 bytes: four bytes a character at the most.
    let keywordMax = ("ignore_above", JsonValue.integer(8191))
    switch type {
    case .keyword: return object("keyword", keywordMax)
    case .date: return object("date", ("format", .string("strict_date_optional_time")))
    case .flattened:
      switch flattened {
      // Events are at most 32 deep; the default of 20 would refuse some.
      case .flattened: return object("flattened", keywordMax, ("depth_limit", .integer(40)))
      case .flatObject: return object("flat_object")
      case .disabledObject: return object("object", ("enabled", .bool(false)))
      }
    case .unsearchedText: return object(type.serverName, ("index", .bool(false)))
    case .text, .long, .integer, .short, .double, .float, .boolean, .ip:
      return object(type.rawValue)
    }
  }

  /// Where the template `found` at the server differs from ours; nil: nowhere that matters.
  package func drift(from found: JsonValue, _ dialect: TemplateDialect) -> String? {
    let patterns = found["index_patterns"]?.elements?.compactMap(\.string) ?? []
    if !patterns.contains(indexPattern) { return "its patterns do not hold \(indexPattern)" }
    if (found["data_stream"] != nil) != isDataStream {
      return isDataStream ? "it makes no data stream" : "it makes a data stream"
    }
    let theirs = found["template"] ?? .object([])
    return mappings(dialect.flattened).difference(
      from: theirs["mappings"] ?? .object([]), at: "mappings")
      ?? settings(dialect).difference(from: theirs["settings"] ?? .object([]), at: "settings")
  }

  /// `found` with all of ours in it; settings, fields and patterns that it has beyond ours stay.
  package func merged(into found: JsonValue, _ dialect: TemplateDialect) -> JsonValue {
    let patterns = found["index_patterns"]?.elements ?? []
    var kept = (found.members ?? []).filter { $0.key != "index_patterns" && $0.key != "priority" }
    if !isDataStream { kept.removeAll { $0.key == "data_stream" } }
    let ours = JsonValue.string(indexPattern)
    let rest = (body(dialect).members ?? []).filter {
      $0.key != "index_patterns" && $0.key != "priority"
    }
    // A priority above ours is the operator's own.
    let theirs = found["priority"]?.integer ?? 0
    return .object(
      [
        ("index_patterns", .array(patterns.contains(ours) ? patterns : patterns + [ours])),
        ("priority", .integer(max(Int64(priority), theirs))),
      ] + (JsonValue.object(rest).merged(into: .object(kept)).members ?? []))
  }
}
