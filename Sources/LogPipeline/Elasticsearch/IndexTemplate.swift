/// The composable index template: an explicit type for each field, so that what a document holds never decides a mapping.
package struct IndexTemplate: Sendable {
  /// Its name at the server.
  package static let name = "sheepshipper-logs"
  /// Over Elasticsearch's own (100 to 200), so that ours is the one that counts.
  static let priority = 300

  /// e.g. `holysheep-logs-*`.
  package let indexPattern: String
  /// Dotted names: `usage.prompt_tokens`.
  package let fields: [(name: String, type: FieldType)]

  package init(indexPattern: String, fields: [(name: String, type: FieldType)]) {
    self.indexPattern = indexPattern
    self.fields = fields
  }

  /// The body of `PUT /_index_template/…`.
  package func body(_ flattened: FlattenedKind) -> JsonValue {
    .object([
      ("index_patterns", .array([.string(indexPattern)])),
      ("priority", .integer(Int64(Self.priority))),
      ("template", .object([("mappings", mappings(flattened))])),
      ("_meta", .object([("managed_by", .string("sheepshipper"))])),
    ])
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
    case .text, .long, .integer, .short, .double, .float, .boolean, .ip:
      return object(type.rawValue)
    }
  }

  /// Where the template `found` at the server differs from ours; nil: nowhere that matters.
  package func drift(from found: JsonValue, _ flattened: FlattenedKind) -> String? {
    let patterns = found["index_patterns"]?.elements?.compactMap(\.string) ?? []
    if !patterns.contains(indexPattern) { return "its patterns do not hold \(indexPattern)" }
    return Self.difference(
      mappings(flattened), found["template"]?["mappings"] ?? .object([]), at: "mappings")
  }

  /// The first member of `wanted` that `found` has not, or has otherwise. What `found` has beyond it is no matter.
  /// Servers give numbers and booleans back as texts.
  private static func difference(_ wanted: JsonValue, _ found: JsonValue, at path: String)
    -> String?
  {
    guard let members = wanted.members else {
      let (a, b) = (wanted.string ?? wanted.text, found.string ?? found.text)
      return a == b ? nil : "\(path) is \(b) and not \(a)"
    }
    for (key, value) in members {
      guard let other = found[key] else { return "\(path).\(key) is missing" }
      if let difference = difference(value, other, at: "\(path).\(key)") { return difference }
    }
    return nil
  }
}
