import LogPipeline

/// `sheepshipper setup`: no agent is started.
extension AgentRunner {
  func setup(_ configuration: Configuration, _ options: SetupOptions) throws -> ExitCode {
    let run = SetupRun(configuration, options.choices)
    let report: SetupReport
    if let name = options.plannedFor, let product = ServerProduct(named: name) {
      report = run.plan(for: product, called: name)
    } else if configuration.elasticsearch.hosts.isEmpty {
      throw SetupError(
        description: "setup has no server to ask: set elasticsearch.hosts, or use --dry-run with "
          + "--for elasticsearch-8 to see what would be sent.")
    } else {
      report = try configured { try run.run(isDryRun: options.isDryRun) }
    }
    switch options.output.format {
    case .json: StandardStreams.write(report.json.text + "\n")
    case .text: StandardStreams.write(report.text)
    }
    return switch report.grade {
    case .good, .note: .success
    case .notInPlace: .promiseBroken
    case .notAllowed: .notAllowed
    case .failed: .unavailable
    }
  }
}
