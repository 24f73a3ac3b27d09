/// The arguments can not be understood.
struct UsageError: Error, Equatable, CustomStringConvertible {
  let reason: String
  /// The nearest thing that exists.
  let suggestion: String?
  /// Whose help to read; nil: the general one.
  let command: CommandDescription.Name?

  init(_ reason: String, suggestion: String? = nil, command: CommandDescription.Name? = nil) {
    self.reason = reason
    self.suggestion = suggestion
    self.command = command
  }

  var description: String {
    let meant = suggestion.map { " Did you mean \($0)?" } ?? ""
    let help = command.map { "sheepshipper help \($0.rawValue)" } ?? "sheepshipper help"
    return "\(reason).\(meant)\nSee: \(help)"
  }
}
