import LogPipeline

/// Starts the agent for each command, and says on standard output or error how it ended.
struct AgentRunner: CommandRunner {
  func run(_ configuration: Configuration, _ options: RunOptions) throws -> ExitCode {
    Signals.block()
    let agent: Agent
    do {
      agent = try configured {
        try Agent(configuration, start: Self.start(options.output, options.source))
      }
    } catch let stopped as AgentStopped {
      Log.info(stopped.description)
      return .success
    }
    try agent.start()
    while true {
      switch Signals.wait(atMost: .seconds(1)) {
      case .stop:
        agent.stop()
        return .success
      case .reload: agent.reload()
      case nil: agent.look()
      }
    }
  }

  func pipe(_ configuration: Configuration, _ options: PipeOptions) throws -> ExitCode {
    Signals.block()
    let pipe: PipeRun
    do {
      pipe = try configured { try PipeRun(configuration, start: Self.start(options.output)) }
    } catch let stopped as AgentStopped {
      Log.info(stopped.description)
      return .success
    }
    let report = try pipe.run { Signals.wait(atMost: .zero) == .stop }
    switch options.output.format {
    case .json: StandardStreams.write(report.json.text + "\n")
    case .text where !options.output.isQuiet: StandardStreams.writeError(report.text)
    case .text: break
    }
    if !report.isComplete { return .eventsRemain }
    return report.isInputBroken ? .noInput : .success
  }

  func replay(_ configuration: Configuration, _ options: ReplayOptions) throws -> ExitCode {
    Signals.block()
    let style = Self.progressStyle(options.output)
    let report = try configured {
      try ReplayCommand(configuration).run(
        options.files, style: style, isStopAsked: { Signals.wait(atMost: .zero) == .stop },
        show: StandardStreams.writeError)
    }
    switch options.output.format {
    case .json: StandardStreams.write(report.json.text + "\n")
    case .text: StandardStreams.write(report.text)
    }
    return ExitCode(rawValue: report.exitCode) ?? .internal
  }

  func demo(_ configuration: Configuration, _ options: DemoOptions) throws -> ExitCode {
    Signals.block()
    var configuration = configuration
    let folder =
      try options.directory ?? FileSystem.makeTemporaryDirectory(prefix: "sheepshipper-demo-")
    configuration.agent.stateDirectory = folder
    configuration.ring.sizeBytes = 16 << 20
    // The folder for temporary files may be in memory: for a demo that will do.
    configuration.ring.isVolatileDiskAllowed = true
    configuration.elasticsearch.hosts = []
    configuration.admin.listen = nil
    configuration.inputs.tcp.listen = ListenAddress(host: "127.0.0.1", port: options.port ?? 0)
    configuration.inputs.webhook.paths = ["/v1/events"]
    configuration.inputs.webhook.bearer = []
    configuration.inputs.webhook.hmac = []
    configuration.inputs.webhook.listen = ListenAddress(host: "127.0.0.1", port: 0)
    let outcome = try configured { try DemoRun(configuration).run() }
    switch options.output.format {
    case .json: StandardStreams.write(outcome.json.text + "\n")
    case .text: StandardStreams.write(outcome.text)
    }
    return .success
  }

  private static func start(
    _ output: OutputOptions, _ source: ConfigurationSource? = nil
  ) -> AgentStart {
    AgentStart(
      style: progressStyle(output), source: source, show: StandardStreams.writeError,
      isStopAsked: { Signals.wait(atMost: .zero) == .stop })
  }

  private static func progressStyle(_ output: OutputOptions) -> ReplayProgressText.Style {
    if output.isQuiet { return .quiet }
    return Terminal.canRedraw(2)
      ? .redrawn(columns: Environment.terminalColumns(2)) : .lines
  }

  /// An agent that can not start because of how it was set up is a matter of the configuration.
  func configured<Result>(_ body: () throws -> Result) throws -> Result {
    do { return try body() } catch let error as AgentError where error.isConfiguration {
      throw SetupError(description: error.description)
    } catch let error as IntakeError {
      throw SetupError(description: error.description)
    } catch let error as RingError {
      throw SetupError(description: error.description)
    } catch let error as DeliveryError {
      throw SetupError(description: error.description)
    }
  }
}
