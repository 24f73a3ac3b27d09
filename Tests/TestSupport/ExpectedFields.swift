package import LogPipeline

/// The table of fields worked out by hand from raw events, by file and line.
package struct ExpectedFields {
  /// In the order of the table: the line's number from 1 and its fields by path.
  package let lines: [(number: Int, fields: [(path: String, value: JsonValue)])]

  package init(of file: String) throws {
    let tests = FileSystem.parent(of: FileSystem.parent(of: #filePath))
    let table = try JsonValue.parse(
      try FileSystem.read("\(tests)/LogPipelineTests/Fixtures/expected-fields.json"))
    lines = (table[file]?.members ?? []).map { line in
      (Int(line.key) ?? 0, (line.value.members ?? []).map { ($0.key, $0.value) })
    }
  }

  /// What a document has otherwise than the table says; nil: nothing.
  ///
  /// The table is of the time when the events were young. Of one that lies more than 400 days before `nowMilliseconds`,
  /// or more than a day ahead, the index must be today's, and that is marked, whatever the table says of it.
  package static func difference(
    of document: StoredDocument, from fields: [(path: String, value: JsonValue)],
    nowMilliseconds: Int64
  ) -> String? {
    let isFar = document.isFar(fromMilliseconds: nowMilliseconds)
    let time = isFar ? UtcTime(milliseconds: nowMilliseconds).text : document.string("@timestamp")
    let day = (time ?? "").prefix(10).split(separator: "-").joined(separator: ".")
    if document.day != day { return "the day of its index is \(document.day) and not \(day)" }
    if (document["time_clamped"] == .bool(true)) != isFar {
      return "time_clamped is \(document["time_clamped"]?.text ?? "missing")"
    }
    let wasFar = fields.contains { $0.path == "time_clamped" && $0.value == .bool(true) }
    for (path, expected) in fields {
      if path == "index" || path == "time_clamped", isFar || wasFar { continue }
      let found = path == "index" ? .string("holysheep-logs-\(document.day)") : document[path]
      if !same(found, expected) {
        return "\(path) is \(found?.text ?? "missing") and not \(expected.text)"
      }
    }
    return nil
  }

  /// Numbers by value: a server may write 150.0 for 150. Null: the document has no such field.
  private static func same(_ found: JsonValue?, _ expected: JsonValue) -> Bool {
    if expected == .null { return found == nil }
    if let number = expected.double { return found?.double == number }
    return found == expected
  }
}
