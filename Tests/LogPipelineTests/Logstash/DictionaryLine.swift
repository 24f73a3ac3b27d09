import LogPipeline
import Testing

/// A line of logstash/prices.yml: what a name means.
struct DictionaryLine {
  let name: String
  let model: String
  let family: String
  let book: String
  /// nil: the price depends on the hour.
  let input: Double?
  let output: Double?
  let cached: Double?
  let isCachedBorrowed: Bool
  let largestInput: Int?
  let date: String

  static func all() throws -> [DictionaryLine] {
    try Repository.text("logstash/prices.yml").split(separator: "\n").filter { !$0.hasPrefix("#") }
      .map { line in
        let texts = line.split(separator: "\"", omittingEmptySubsequences: false)
        try #require(texts.count == 5, "\(line)")
        let parts = texts[3].split(separator: "|", omittingEmptySubsequences: false).map(
          String.init)
        try #require(parts.count == 10, "\(line)")
        return DictionaryLine(
          name: String(texts[1]), model: parts[0], family: parts[1], book: parts[2],
          input: Double(parts[3]), output: Double(parts[4]), cached: Double(parts[5]),
          isCachedBorrowed: !parts[6].isEmpty, largestInput: Int(parts[7]), date: parts[9])
      }
  }

  /// A call of the relay's own shape with 100 cached tokens, on the day of the table.
  func event(input: Int) -> String {
    """
    {"request_type":"chat_completion","timestamp":"\(date)T12:00:00Z","metadata":{"model":"\(name)"},\
    "usage":{"prompt_tokens":\(input),"completion_tokens":200,"prompt_tokens_details":{"cached_tokens":100}},\
    "timing":{"total_ms":5},"status_code":200}

    """
  }
}
