import LogPipeline

/// The help, made from ``CommandTable``; at most 80 columns wide.
enum HelpText {
  static var general: String {
    """
    sheepshipper \(Versions.program): ships the JSON log events of an LLM relay to Elasticsearch,
    clean, priced, once each, and keeps them on disk until they are there.

    Usage: sheepshipper COMMAND [FLAGS]

    Commands:

    """
      + rows(CommandTable.commands.map { ($0.name.rawValue, $0.summary) })
      + "\nFlags of every command:\n"
      + flags(CommandTable.commonFlags)
        + """

        Settings come from the file, then from the environment (\
        \(ConfigurationLoader.variable(for: "ring.size"))),
        then from --set. All of them: sheepshipper help settings
        Exit codes:

        """ + rows(ExitCode.meanings.map { ("\($0.code.rawValue)", $0.meaning) })
  }

  static func of(_ command: CommandDescription) -> String {
    var text =
      "Usage: \(command.usage)\n\n"
      + TextLayout.wrapped(capitalized(command.summary) + ".")
    for paragraph in command.details { text += "\n" + TextLayout.wrapped(paragraph) }
    if !command.flags.isEmpty { text += "\nFlags:\n" + flags(command.flags) }
    text += "\nFlags of every command:\n" + flags(command.commonFlags)
    text += "\nExamples:\n" + command.examples.map { "  \($0)\n" }.joined()
    return text
  }

  private static func flags(_ flags: [Flag]) -> String {
    rows(flags.map { ($0.usage, $0.meaning) })
  }

  /// Two columns; the second wraps.
  private static func rows(_ rows: [(name: String, meaning: String)]) -> String {
    let width = (rows.map(\.name.count).max() ?? 0) + 2
    return rows.map { name, meaning in
      let lines = TextLayout.wrapped(meaning, indent: width + 2)
      let padded = "  " + name + String(repeating: " ", count: width - name.count)
      return padded + lines.dropFirst(width + 2)
    }.joined()
  }

  static func capitalized(_ text: String) -> String {
    text.prefix(1).uppercased() + text.dropFirst()
  }
}
