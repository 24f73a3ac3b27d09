/// One command: the parser, the help and "did you mean" are made from these.
struct CommandDescription: Sendable {
  enum Name: String, CaseIterable, Sendable {
    case run, pipe, replay, ring
    case deadLetters = "dead-letters"
    case verify, prices, explain, audit, setup, demo, doctor, validate, version, help
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

  /// Its own flags and those every command takes.
  var allFlags: [Flag] { flags + CommandTable.commonFlags }
}
