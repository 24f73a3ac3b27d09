/// The figures of `top`: one status, and how fast it came from the one before.
struct TopFigures {
  let status: JsonValue
  private let before: JsonValue
  /// Between the two.
  let seconds: Double

  init(_ status: JsonValue, before: JsonValue) {
    (self.status, self.before) = (status, before)
    let span = (status["uptime_seconds"]?.double ?? 0) - (before["uptime_seconds"]?.double ?? 0)
    seconds = max(span, 0.001)
  }

  subscript(_ path: String...) -> JsonValue? { Self.value(status, path) }

  func number(_ path: String...) -> Double { Self.value(status, path)?.double ?? 0 }

  /// By the second.
  func rate(_ path: String...) -> Double {
    let growth = (Self.value(status, path)?.double ?? 0) - (Self.value(before, path)?.double ?? 0)
    return max(0, growth) / seconds
  }

  /// What grew of a figure with a label, the largest first.
  func grown(_ path: String...) -> [(name: String, total: Double, rate: Double)] {
    let earlier = Self.value(before, path)
    return (Self.value(status, path)?.members ?? []).compactMap { name, value in
      guard let total = value.double, total > 0 else { return nil }
      return (name, total, max(0, total - (earlier?[name]?.double ?? 0)) / seconds)
    }.sorted { ($0.rate, $0.total, $1.name) > ($1.rate, $1.total, $0.name) }
  }

  /// The senders' rows, with what each brought since the status before.
  func senders(_ table: String) -> [TopSender] {
    let earlier = before["input"]?[table]?.elements ?? []
    return (status["input"]?[table]?.elements ?? []).compactMap { row in
      guard let name = row["address"]?.string else { return nil }
      let old = earlier.first { $0["address"]?.string == name }
      func count(_ key: String) -> Double { row[key]?.double ?? 0 }
      func rate(_ key: String) -> Double {
        old == nil ? 0 : max(0, count(key) - (old?[key]?.double ?? 0)) / seconds
      }
      return TopSender(
        name: name, open: count("open"), taken: rate("taken"), refused: rate("refused"),
        refusedTotal: count("refused"), bytes: rate("bytes"))
    }
  }

  private static func value(_ tree: JsonValue, _ path: [String]) -> JsonValue? {
    var found: JsonValue? = tree
    for name in path { found = found?[name] }
    return found
  }
}

/// One address that sends over TCP.
struct TopSender {
  let name: String
  let open: Double
  /// By the second.
  let taken: Double
  let refused: Double
  let refusedTotal: Double
  let bytes: Double
}
