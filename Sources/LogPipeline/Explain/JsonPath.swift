/// Looks for the path of a row of the field table in an event.
enum JsonPath {
  /// Whether the event has something there; null is nothing.
  static func holds(_ path: [String], _ value: JsonValue) -> Bool {
    guard let key = path.first else { return value != .null }
    let next = key == "[]" ? value[0] : value[key]
    guard let next else { return false }
    return holds(Array(path.dropFirst()), next)
  }
}
