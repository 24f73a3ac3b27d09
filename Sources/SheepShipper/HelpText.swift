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
        Exit codes: 0 done, 1 doctor or verify found a promise broken or setup something
        not in place, 64 wrong arguments, 65 the ring is damaged, 66 a file could not be
        replayed whole, 69 the agent, the index or the server does not answer,
        70 internal failure, 75 events remain undelivered, 77 setup was not allowed,
        78 wrong configuration.

        """
  }

  static func of(_ command: CommandDescription) -> String {
    var text =
      "Usage: sheepshipper \(command.name.rawValue) [FLAGS]"
      + (command.operands.map { " \($0)" } ?? "") + "\n\n"
      + TextLayout.wrapped(capitalized(command.summary) + ".")
    for paragraph in command.details { text += "\n" + TextLayout.wrapped(paragraph) }
    if !command.flags.isEmpty { text += "\nFlags:\n" + flags(command.flags) }
    text += "\nFlags of every command:\n" + flags(CommandTable.commonFlags)
    text += "\nExamples:\n" + command.examples.map { "  \($0)\n" }.joined()
    return text
  }

  private static func flags(_ flags: [Flag]) -> String {
    rows(flags.map { ($0.name + ($0.value.map { " \($0)" } ?? ""), $0.meaning) })
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

  private static func capitalized(_ text: String) -> String {
    text.prefix(1).uppercased() + text.dropFirst()
  }
}
