import LogPipeline

/// The lists of logstash/relay.rb: which paths lead to which field, and the paths of times.
struct LogstashLists {
  struct Entry {
    let field: String
    let path: String
    /// As JSON.
    let value: String

    /// One with this, and of counts of parts of tokens with those they are part of.
    var event: String {
      let isPart = field.hasSuffix("cached_tokens") || field.hasSuffix("reasoning_tokens")
      let whole = isPart ? ",\"prompt_tokens\":50,\"completion_tokens\":50" : ""
      return "\(nested(path, value).dropLast())\(whole)}"
    }
  }

  private(set) var entries: [Entry] = []
  private(set) var times: [String] = []

  init() throws {
    let values = [
      "NAMES": "\"a-name\"", "INTEGERS": "7", "DOUBLES": "7.5", "FLAGS": "true", "COUNTS": "9",
    ]
    var list = ""
    for line in try Repository.text("logstash/relay.rb").split(separator: "\n") {
      if let start = line.firstRange(of: " = "), line.first?.isUppercase == true {
        list = String(line[..<start.lowerBound])
        if list == "TIMES" { times = Self.texts(in: line) }
      } else if let value = values[list], line.hasPrefix("  \""), line.contains(" => [") {
        let texts = Self.texts(in: line)
        for path in texts.dropFirst() {
          let places = list == "COUNTS" ? ["", "usage.", "response.usage."] : [""]
          entries += places.map { Entry(field: texts[0], path: $0 + path, value: value) }
        }
      } else if line.hasPrefix("}") {
        list = ""
      }
    }
  }

  private static func texts(in line: Substring) -> [String] {
    line.split(separator: "\"", omittingEmptySubsequences: false).enumerated()
      .filter { $0.offset % 2 == 1 }.map { String($0.element) }
  }

  /// `{"a":{"b":value}}` of `a.b`.
  static func nested(_ path: String, _ value: String) -> String {
    let keys = path.split(separator: ".")
    return keys.map { "{\"\($0)\":" }.joined() + value + String(repeating: "}", count: keys.count)
  }
}
