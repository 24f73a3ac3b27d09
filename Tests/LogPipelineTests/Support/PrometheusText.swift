/// A strict reader of the Prometheus text format, to check what `/metrics` says.
struct PrometheusText {
  struct Problem: Error, CustomStringConvertible {
    let line: Int
    let what: String
    var description: String { "line \(line): \(what)" }
  }

  private(set) var types: [String: String] = [:]
  /// By name with labels as written, e.g. `up{job="a"}`.
  private(set) var samples: [String: Double] = [:]

  init(_ text: String) throws {
    guard text.hasSuffix("\n") else { throw Problem(line: 0, what: "the last line has no end") }
    var current = ""
    var helped: Set<String> = []
    for (index, line) in text.dropLast().split(separator: "\n", omittingEmptySubsequences: false)
      .enumerated()
    {
      func refuse(_ what: String) -> Problem { Problem(line: index + 1, what: what) }
      if line.hasPrefix("# HELP ") {
        let parts = line.split(separator: " ", maxSplits: 3)
        guard parts.count == 4 else { throw refuse("HELP without text") }
        guard helped.insert(String(parts[2])).inserted else { throw refuse("HELP twice") }
        current = String(parts[2])
      } else if line.hasPrefix("# TYPE ") {
        let parts = line.split(separator: " ")
        guard parts.count == 4, parts[2] == current else { throw refuse("TYPE not after its HELP") }
        guard ["counter", "gauge"].contains(parts[3]) else { throw refuse("type \(parts[3])") }
        guard (parts[3] == "counter") == current.hasSuffix("_total") else {
          throw refuse("counters end in _total, and only they")
        }
        types[current] = String(parts[3])
      } else {
        let (key, value) = try Self.sample(line, of: current, refuse)
        guard types[current] != nil else { throw refuse("sample before TYPE") }
        guard samples.updateValue(value, forKey: key) == nil else { throw refuse("\(key) twice") }
      }
    }
  }

  private static func sample(
    _ line: Substring, of current: String, _ refuse: (String) -> Problem
  ) throws -> (String, Double) {
    var rest = line
    let name = rest.prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
    guard name == current, name.first?.isLetter == true else {
      throw refuse("\(name) is not \(current)")
    }
    rest = rest.dropFirst(name.count)
    if rest.hasPrefix("{") { rest = try afterLabels(rest, refuse) }
    guard rest.hasPrefix(" ") else { throw refuse("no blank before the value") }
    let text = rest.dropFirst()
    let special = ["NaN": Double.nan, "+Inf": Double.infinity, "-Inf": -Double.infinity]
    guard let value = special[String(text)] ?? Double(text) else { throw refuse("value \(text)") }
    return (String(line.dropLast(text.count + 1)), value)
  }

  private static func afterLabels(
    _ text: Substring, _ refuse: (String) -> Problem
  ) throws -> Substring {
    var rest = text.dropFirst()
    let name = rest.prefix { $0.isASCII && ($0.isLetter || $0 == "_") }
    rest = rest.dropFirst(name.count)
    guard !name.isEmpty, rest.hasPrefix("=\"") else { throw refuse("label") }
    rest = rest.dropFirst(2)
    while let character = rest.popFirst() {
      switch character {
      case "\\":
        guard let escaped = rest.popFirst(), "\\\"n".contains(escaped) else {
          throw refuse("escape in a label value")
        }
      case "\"":
        guard rest.popFirst() == "}" else { throw refuse("label without end") }
        return rest
      default: continue
      }
    }
    throw refuse("label value without end")
  }
}
