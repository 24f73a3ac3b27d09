import LogPipeline

/// Does the commands that start an agent. What they throw is printed, and the program exits with 70, or 78 when the
/// configuration is to blame.
protocol CommandRunner {
  func run(_ configuration: Configuration, _ options: RunOptions) throws -> ExitCode
  func pipe(_ configuration: Configuration, _ options: PipeOptions) throws -> ExitCode
  func replay(_ configuration: Configuration, _ options: ReplayOptions) throws -> ExitCode
  func ring(_ configuration: Configuration, _ options: RingOptions) throws -> ExitCode
  func setup(_ configuration: Configuration, _ options: SetupOptions) throws -> ExitCode
  func deadLetters(_ configuration: Configuration, _ options: DeadLetterOptions) throws -> ExitCode
  func verify(_ configuration: Configuration, _ options: VerifyOptions) throws -> ExitCode
  func prices(_ configuration: Configuration, _ options: PricesOptions) throws -> ExitCode
  func explain(_ configuration: Configuration, _ options: ExplainOptions) throws -> ExitCode
  func audit(_ options: AuditOptions) throws -> ExitCode
  func top(_ configuration: Configuration, _ options: TopOptions) throws -> ExitCode
  func tap(_ configuration: Configuration, _ options: TapOptions) throws -> ExitCode
  func reload(_ configuration: Configuration, _ output: OutputOptions) throws -> ExitCode
  func logLevel(
    _ configuration: Configuration, _ output: OutputOptions, level: String?
  ) throws -> ExitCode
  func report(_ configuration: Configuration, _ options: ReportOptions) throws -> ExitCode
  func demo(_ configuration: Configuration, _ options: DemoOptions) throws -> ExitCode
  func doctor(_ options: DoctorOptions) throws -> ExitCode
}

extension CommandRunner {
  func perform(_ command: Command) throws -> ExitCode {
    switch command {
    case .run(let configuration, let options): try run(configuration, options)
    case .pipe(let configuration, let options): try pipe(configuration, options)
    case .replay(let configuration, let options): try replay(configuration, options)
    case .ring(let configuration, let options): try ring(configuration, options)
    case .setup(let configuration, let options): try setup(configuration, options)
    case .deadLetters(let configuration, let options): try deadLetters(configuration, options)
    case .verify(let configuration, let options): try verify(configuration, options)
    case .prices(let configuration, let options): try prices(configuration, options)
    case .explain(let configuration, let options): try explain(configuration, options)
    case .audit(let options): try audit(options)
    case .top(let configuration, let options): try top(configuration, options)
    case .tap(let configuration, let options): try tap(configuration, options)
    case .reload(let configuration, let output): try reload(configuration, output)
    case .logLevel(let configuration, let output, let level):
      try logLevel(configuration, output, level: level)
    case .report(let configuration, let options): try report(configuration, options)
    case .demo(let configuration, let options): try demo(configuration, options)
    case .doctor(let options): try doctor(options)
    }
  }
}
