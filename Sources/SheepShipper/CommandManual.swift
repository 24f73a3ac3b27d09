import LogPipeline

/// docs/commands.md, made from ``CommandTable``.
enum CommandManual {
  static var markdown: String {
    var text = """
      # Commands

      <!-- made from the program's own table; after a change run
           UPDATE_DOCS=1 swift test --filter CommandManualTests -->

      `sheepshipper COMMAND --help` and `man sheepshipper` say the same.

      | command | does |
      | --- | --- |

      """
    for command in CommandTable.commands {
      text +=
        "| [`\(command.name.rawValue)`](#\(command.name.rawValue)) | \(cell(command.summary)) |\n"
    }
    text += "\nEvery command takes these:\n\n" + table(CommandTable.commonFlags)
    text += """

      Settings come from the file, then from the environment \
      (`\(ConfigurationLoader.variable(for: "ring.size"))`), then from `--set`: [all of \
      them](configuration.md).

      | exit code | means |
      | --- | --- |

      """
    for (code, meaning) in ExitCode.meanings { text += "| \(code.rawValue) | \(meaning) |\n" }
    for command in CommandTable.commands { text += section(command) }
    return text
  }

  private static func section(_ command: CommandDescription) -> String {
    var text = "\n## \(command.name.rawValue)\n\n"
    text += "`\(command.usage)`\n\n\(HelpText.capitalized(command.summary)).\n"
    for paragraph in command.details { text += "\n\(paragraph)\n" }
    if !command.flags.isEmpty { text += "\n" + table(command.flags) }
    // No shell block: these are forms to fill in.
    text += "\n```text\n" + command.examples.map { "\($0)\n" }.joined() + "```\n"
    return text
  }

  private static func table(_ flags: [Flag]) -> String {
    "| flag | meaning |\n| --- | --- |\n"
      + flags.map { "| `\(cell($0.usage))` | \(cell($0.meaning)) |\n" }.joined()
  }

  private static func cell(_ text: String) -> String { text.replacing("|", with: "\\|") }
}
