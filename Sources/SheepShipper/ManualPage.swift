import LogPipeline

/// The manual page as roff, made from ``CommandTable``.
enum ManualPage {
  static var text: String {
    var text = """
      .\\" Made from the program's own table: sheepshipper help man
      .TH SHEEPSHIPPER 1 "" "sheepshipper \(escaped(Versions.program))" "User Commands"
      .SH NAME
      sheepshipper \\- ship the JSON log events of an LLM relay to Elasticsearch
      .SH SYNOPSIS
      .B sheepshipper
      .I COMMAND
      .RI [ FLAGS ]
      .SH DESCRIPTION
      Takes the log events of an LLM relay, makes them clean and priced, keeps them on disk until
      Elasticsearch or OpenSearch has them, and puts them in daily indices, once each.
      .SH COMMANDS

      """
    for command in CommandTable.commands { text += section(command) }
    text += ".SH FLAGS OF EVERY COMMAND\n" + rows(CommandTable.commonFlags.map { flag($0) })
    text += ".SH EXIT STATUS\n"
    text += rows(
      ExitCode.meanings.map { (".B \($0.code.rawValue)", HelpText.capitalized($0.meaning)) })
    text += ".SH ENVIRONMENT\n"
    let variable = ConfigurationLoader.variable(for: "ring.size")
    text += rows([
      (".B \(escaped(variable))", "Any setting is read from a variable so called"),
      (".B NO_COLOR", "Set to anything: no colours"),
      (".B TERM", "dumb: no colours, nothing is redrawn"),
    ])
    text += ".SH FILES\n"
    text += rows([
      (".I \(escaped(ConfigurationLoader.defaultFile))", "The configuration, if it is there"),
      (
        ".I \(escaped(Configuration().agent.stateDirectory))",
        "The ring, dead letters and records: agent.state_dir"
      ),
    ])
    return text + ".SH SEE ALSO\nAll settings: sheepshipper help settings\n"
  }

  private static func section(_ command: CommandDescription) -> String {
    var text = ".SS \(escaped(command.usage))\n"
    text += line(HelpText.capitalized(command.summary) + ".")
    for paragraph in command.details { text += ".PP\n" + line(paragraph) }
    text += rows(command.flags.map { flag($0) })
    text += ".PP\nExamples:\n.PP\n.nf\n.RS\n"
    for example in command.examples { text += line(example) }
    return text + ".RE\n.fi\n"
  }

  private static func flag(_ flag: Flag) -> (String, String) {
    (
      flag.value.map { ".BI \(escaped(flag.name)) \" \(escaped($0))\"" }
        ?? ".B \(escaped(flag.name))", flag.meaning
    )
  }

  private static func rows(_ rows: [(name: String, meaning: String)]) -> String {
    rows.map { ".TP\n\($0.name)\n\(line($0.meaning + "."))" }.joined()
  }

  /// A line that begins with a dot or a quote would be a request.
  private static func line(_ text: String) -> String {
    let isRequest = text.hasPrefix(".") || text.hasPrefix("'")
    return (isRequest ? "\\&" : "") + escaped(text) + "\n"
  }

  private static func escaped(_ text: String) -> String {
    text.replacing("\\", with: "\\e").replacing("-", with: "\\-")
  }
}
