import LogPipeline

/// `sheepshipper reload` and `log-level`: the running agent is asked.
extension AgentRunner {
  func reload(_ configuration: Configuration, _ output: OutputOptions) throws -> ExitCode {
    var isReloaded = false
    let ending = asked {
      let request = JsonValue.object([("command", .string(AgentControl.reloadCommand))])
      let answer = try client(configuration).ask(request).first ?? .null
      isReloaded = answer["reloaded"]?.bool == true
      let text = answer["text"]?.string ?? ""
      switch output.format {
      case .json: StandardStreams.write(answer.text + "\n")
      case .text where isReloaded: StandardStreams.write(text)
      case .text: Terminal.fail(String(text.dropLast()))
      }
    }
    return ending == .success && !isReloaded ? .configuration : ending
  }

  func logLevel(
    _ configuration: Configuration, _ output: OutputOptions, level: String?
  ) throws -> ExitCode {
    asked {
      let request = JsonValue.object(
        [("command", .string(AgentControl.logLevelCommand))]
          + (level.map { [("level", .string($0))] } ?? []))
      let answer = try client(configuration).ask(request).first ?? .null
      let (now, before) = (answer["level"]?.string ?? "?", answer["before"]?.string ?? "?")
      switch output.format {
      case .json: StandardStreams.write(answer.text + "\n")
      case .text:
        StandardStreams.write(
          level == nil ? "log level: \(now)\n" : "log level: \(before) -> \(now)\n")
      }
    }
  }
}
