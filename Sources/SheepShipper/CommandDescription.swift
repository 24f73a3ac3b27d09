/// One command: the parser, the help and "did you mean" are made from these.
struct CommandDescription: Sendable {
  enum Name: String, CaseIterable, Sendable {
    case run, pipe, replay, ring
    case deadLetters = "dead-letters"
    case top, tap, reload
    case logLevel = "log-level"
    case report, verify, prices, explain, audit, setup, demo, doctor, validate, version, completion,
      help
  }

  let name: Name
  /// What follows the flags, as the help shows it; nil: nothing may.
  let operands: String?
  let operandsMin: Int
  let operandsMax: Int
  /// One line.
  let summary: String
  /// Paragraphs.
  let details: [String]
  let flags: [Flag]
  let examples: [String]

  init(
    _ name: Name, operands: String? = nil, count: ClosedRange<Int> = 0...0, summary: String,
    details: [String], flags: [Flag] = [], examples: [String]
  ) {
    self.name = name
    self.operands = operands
    operandsMin = count.lowerBound
    operandsMax = count.upperBound
    self.summary = summary
    self.details = details
    self.flags = flags
    self.examples = examples
  }

  /// Flags every command takes, but for those it has a meaning of its own for.
  var commonFlags: [Flag] {
    CommandTable.commonFlags.filter { common in !flags.contains { $0.name == common.name } }
  }

  /// Its own flags and those every command takes.
  var allFlags: [Flag] { flags + commonFlags }

  /// Words that may come first behind its name: "status|export FILE" has "status" and "export".
  var words: [String] {
    (operands ?? "").filter { $0 != "[" && $0 != "]" }.split(separator: "|")
      .compactMap { $0.split(separator: " ").first.map(String.init) }
      .filter { $0.first?.isLowercase == true }
  }

  /// Whether files may be named behind its name.
  var takesFiles: Bool { (operands ?? "").contains("FILE") }

  /// `sheepshipper ring [FLAGS] status|verify`.
  var usage: String {
    "sheepshipper \(name.rawValue) [FLAGS]" + (operands.map { " \($0)" } ?? "")
  }
}
