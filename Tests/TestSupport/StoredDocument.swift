package import LogPipeline

/// A document as it came out: of a server's index or of an archive file.
package struct StoredDocument: Sendable {
  package let id: String
  /// "2026.11.20", as the name of its index or file ends.
  package let day: String
  package let source: JsonValue

  package init(id: String, day: String, source: JsonValue) {
    self.id = id
    self.day = day
    self.source = source
  }

  /// The value at a path like `usage/prompt_tokens`.
  package subscript(_ path: String) -> JsonValue? {
    var value: JsonValue? = source
    for key in path.split(separator: "/") { value = value?[String(key)] }
    return value
  }

  package func string(_ path: String) -> String? { self[path]?.string }

  /// Whether its own time lies more than 400 days before or a day after `now`: its index is then that of its arrival.
  func isFar(fromMilliseconds now: Int64) -> Bool {
    guard let text = string("@timestamp") else { return false }
    let day = Int64(86_400_000)
    // Both ends are in the same format, so their texts compare as their times do.
    return text < UtcTime(milliseconds: now - 400 * day).text
      || text > UtcTime(milliseconds: now + day).text
  }
}
