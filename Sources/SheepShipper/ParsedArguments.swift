import LogPipeline

/// The command line, taken apart by ``CommandTable``.
struct ParsedArguments: Equatable {
  let command: CommandDescription.Name
  /// Of each flag given its values, in order; an empty text for a flag that takes none.
  let flags: [String: [String]]
  let operands: [String]

  /// - Throws: ``UsageError``.
  init(_ arguments: [String]) throws(UsageError) {
    var flags: [String: [String]] = [:]
    var words: [String] = []
    var rest = arguments[...]
    while let argument = rest.popFirst() {
      if argument == "--" {
        words += rest
        break
      }
      guard argument.hasPrefix("-"), argument != "-" else {
        words.append(argument)
        continue
      }
      let (name, value) = try Self.flag(argument, &rest)
      flags[name, default: []].append(value)
    }
    if words.isEmpty, flags["--version"] != nil { words = ["version"] }
    if words.isEmpty, flags["--help"] != nil { words = ["help"] }
    guard let word = words.first else { throw UsageError("a command is missing") }
    guard let command = CommandDescription.Name(rawValue: word) else {
      throw UsageError(
        "there is no command \(Self.shown(word))",
        suggestion: Spelling.nearest(
          to: word, among: CommandDescription.Name.allCases.map(\.rawValue)))
    }
    self.command = command
    self.flags = flags.filter { $0.key != "--version" }
    operands = Array(words.dropFirst())
    try check(CommandTable.command(command))
  }

  /// The name and value of a flag; the value may be the next argument.
  private static func flag(
    _ argument: String, _ rest: inout ArraySlice<String>
  ) throws(UsageError) -> (name: String, value: String) {
    let equals = argument.firstIndex(of: "=")
    let given = equals.map { String(argument[..<$0]) } ?? argument
    let name = ["-h": "--help", "-q": "--quiet"][given] ?? given
    let known = CommandTable.commands.flatMap(\.flags) + CommandTable.commonFlags
    guard let flag = known.first(where: { $0.name == name }) else {
      if name == "--version" { return (name, "") }
      throw UsageError(
        "there is no flag \(name)",
        suggestion: Spelling.nearest(to: name, among: known.map(\.name)))
    }
    let attached = equals.map { String(argument[argument.index(after: $0)...]) }
    guard let value = flag.value else {
      if attached != nil { throw UsageError("\(name) takes no value") }
      return (name, "")
    }
    guard let found = attached ?? rest.popFirst() else {
      throw UsageError("\(name) needs a value: \(name) \(value)")
    }
    return (name, found)
  }

  private func check(_ description: CommandDescription) throws(UsageError) {
    let known = description.allFlags
    for (name, values) in flags.sorted(by: { $0.key < $1.key }) {
      guard let flag = known.first(where: { $0.name == name }) else {
        let owner = CommandTable.commands.first { $0.flags.contains { $0.name == name } }
        throw UsageError(
          "\(command.rawValue) takes no \(name)"
            + (owner.map { "; it belongs to \($0.name.rawValue)" } ?? ""), command: command)
      }
      if values.count > 1, !flag.isRepeatable, flag.value != nil {
        throw UsageError("\(name) is given \(values.count) times", command: command)
      }
    }
    let formats = known.first { $0.name == "--format" }?.choices ?? []
    if let format = flags["--format"]?.first, !formats.contains(format) {
      let listed = formats.dropLast().joined(separator: ", ") + " or " + (formats.last ?? "")
      throw UsageError(
        "--format \(Self.shown(format)) is not known; \(listed)",
        suggestion: Spelling.nearest(to: format, among: formats), command: command)
    }
    if flags["--help"] != nil { return }
    guard operands.count >= description.operandsMin else {
      throw UsageError(
        "\(command.rawValue) needs \(description.operands ?? "")", command: command)
    }
    guard operands.count <= description.operandsMax else {
      let extra = operands[description.operandsMax]
      let hint = extra.contains("=") ? "; a setting needs --set before it" : ""
      throw UsageError(
        "\(command.rawValue) does not know what to do with \(Self.shown(extra))\(hint)",
        command: command)
    }
  }

  /// An argument for a message. What stands after = may be a secret.
  private static func shown(_ argument: String) -> String {
    guard let equals = argument.firstIndex(of: "=") else { return "\"\(argument)\"" }
    return "\"\(argument[..<equals])=...\""
  }
}
