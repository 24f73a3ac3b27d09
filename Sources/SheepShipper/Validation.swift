import LogPipeline

/// What `validate` does: the effective configuration, or all that is wrong with it.
enum Validation {
  static func run(_ parsed: ParsedArguments, _ output: OutputOptions) -> ExitCode {
    do throws(ConfigurationError) {
      var loaded = try Program.load(parsed)
      loaded.warnings += ConfigurationInspection.unreadableFiles(of: loaded.configuration)
      let warnings = output.format == .text ? loaded.warnings : []
      // Last, where they stay on the screen.
      defer { warnings.forEach(Terminal.warnWrapped) }
      guard !output.isQuiet else { return .success }
      switch output.format {
      case .text: StandardStreams.write(ConfigurationReport.yaml(loaded))
      case .json: StandardStreams.write(ConfigurationReport.json(loaded).text + "\n")
      }
      return .success
    } catch {
      switch output.format {
      case .text: Terminal.failWrapped(error.description)
      case .json: StandardStreams.write(ConfigurationReport.json(error).text + "\n")
      }
      return .configuration
    }
  }
}
