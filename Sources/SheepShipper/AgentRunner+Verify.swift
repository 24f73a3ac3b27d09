import LogPipeline

/// `sheepshipper verify`: no agent is started.
extension AgentRunner {
  func verify(_ configuration: Configuration, _ options: VerifyOptions) throws -> ExitCode {
    let isShown = !options.output.isQuiet && Terminal.canRedraw(2)
    let report: DayCheckReport
    do {
      defer { if isShown { StandardStreams.writeError("\r\u{1B}[K") } }
      report = try configured {
        try VerifyCommand(configuration).run(day: options.day) { count in
          if isShown { StandardStreams.writeError("\r\(count) documents read\u{1B}[K") }
        }
      }
    } catch let error as VerifyCommand.NothingRecorded {
      Terminal.fail(error.description)
      return .noInput
    } catch let error as IndexReadError {
      Terminal.fail(error.description)
      return .unavailable
    }
    if let file = options.outputFile {
      try FileSystem.replace(file, with: report.missingLines, mode: 0o644)
    }
    switch options.output.format {
    case .text: StandardStreams.write(report.text)
    case .json: StandardStreams.write(report.json.text + "\n")
    }
    return (options.isExact ? report.isEqual : report.isComplete) ? .success : .promiseBroken
  }
}
