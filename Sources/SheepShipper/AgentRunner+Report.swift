import LogPipeline

/// `sheepshipper report`: no agent is started.
extension AgentRunner {
  func report(_ configuration: Configuration, _ options: ReportOptions) throws -> ExitCode {
    let report: Report
    do {
      report = try configured { try ReportCommand(configuration).run(options.kind) }
    } catch let error as IndexReadError {
      Terminal.fail(error.description)
      return .unavailable
    }
    switch options.format {
    case .text: StandardStreams.write(report.text(Terminal.style(of: 1)))
    case .csv: StandardStreams.write(report.csv)
    case .json: StandardStreams.write(report.json.text + "\n")
    }
    return .success
  }
}
