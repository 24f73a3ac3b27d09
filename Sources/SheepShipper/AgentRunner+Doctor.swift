import LogPipeline

/// `sheepshipper doctor`: no agent is started.
extension AgentRunner {
  func doctor(_ options: DoctorOptions) throws -> ExitCode {
    switch options.action {
    case .crashTest(let settings): return try crashTest(settings, options.output)
    case .checks(let source, let triesRoundTrip, let isStrict):
      let run = DoctorRun(source, triesRoundTrip: triesRoundTrip)
      let report = shown(run, options.output)
      if run.isConfigurationWrong { return .configuration }
      let isWell = report.isWell && !(isStrict && report.count(.warning) > 0)
      return isWell ? .success : .promiseBroken
    }
  }

  /// Prints each finding as soon as it is there: some checks wait for seconds.
  private func shown(_ run: DoctorRun, _ output: OutputOptions) -> DoctorReport {
    guard output.format == .text else {
      let report = run.run()
      StandardStreams.write(report.json.text + "\n")
      return report
    }
    let text = DoctorText(style: Terminal.style(of: 1))
    let report = run.run { finding in
      let isWrong = finding.status == .failed || finding.status == .warning
      if isWrong || !output.isQuiet { StandardStreams.write(text.text(finding)) }
    }
    if !output.isQuiet {
      StandardStreams.write("\n" + TextLayout.wrapped(report.summary))
    }
    return report
  }

  private func crashTest(
    _ settings: CrashTest.Settings, _ output: OutputOptions
  ) throws -> ExitCode {
    Signals.block()
    let isRedrawn = !output.isQuiet && Terminal.canRedraw(2)
    let report = try CrashTest.run(
      settings,
      told: { report in
        guard isRedrawn else { return }
        StandardStreams.writeError(
          "\rround \(report.rounds) of \(report.roundsAsked), \(report.found) events found\u{1B}[K")
      }, isStopAsked: { Signals.wait(atMost: .zero) == .stop })
    if isRedrawn { StandardStreams.writeError("\r\u{1B}[K") }
    guard let report else {
      Terminal.warn("stopped before it was done; its folder is removed again")
      return .internal
    }
    switch output.format {
    case .json: StandardStreams.write(report.json.text + "\n")
    case .text: StandardStreams.write(report.text)
    }
    return report.holds ? .success : .promiseBroken
  }
}
