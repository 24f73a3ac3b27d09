import LogPipeline

/// The program: arguments -> configuration -> command -> exit code. Plain functions, since code in main.swift belongs
/// to the main actor and its closures trap on other threads.
enum Program {
  static func run(_ arguments: [String], runner: some CommandRunner) -> ExitCode {
    if arguments.first == CrashTestWriter.command {
      return ExitCode(rawValue: CrashTestWriter.run(Array(arguments.dropFirst()))) ?? .internal
    }
    do throws(UsageError) {
      let parsed = try ParsedArguments(arguments)
      return run(parsed, runner)
    } catch {
      Terminal.fail(error.description)
      return .usage
    }
  }

  private static func run(_ parsed: ParsedArguments, _ runner: some CommandRunner) -> ExitCode {
    if parsed.flags["--help"] != nil {
      StandardStreams.write(
        parsed.command == .help && parsed.operands.isEmpty
          ? HelpText.general : HelpText.of(CommandTable.command(parsed.command)))
      return .success
    }
    let output = OutputOptions(
      format: parsed.flags["--format"]?.first.flatMap(OutputFormat.init) ?? .text,
      isQuiet: parsed.flags["--quiet"] != nil)
    do {
      switch parsed.command {
      case .help: return try help(parsed.operands.first)
      case .version:
        VersionReport.print(output.format)
        return .success
      case .completion:
        StandardStreams.write(try CompletionScript.text(for: parsed.operands.first ?? ""))
        return .success
      case .validate: return Validation.run(parsed, output)
      case .audit: return try runner.perform(.audit(AuditOptions(parsed, output)))
      case .doctor:
        // What it finds is its report; a ring that was killed says more than anybody wants to read.
        Log.setMinimum(.silent)
        return try runner.perform(.doctor(DoctorOptions(parsed, output, source(parsed))))
      case .run, .pipe, .replay, .top, .tap, .reload, .logLevel, .report, .ring, .setup,
        .deadLetters, .verify, .prices,
        .explain, .demo:
        let loaded = try load(parsed)
        Log.setMinimum(
          output.isQuiet
            ? quieter(loaded.configuration.log.level) : loaded.configuration.log.level)
        for warning in loaded.warnings { Log.warning(warning) }
        return try runner.perform(command(parsed, loaded.configuration, output))
      }
    } catch let error as UsageError {
      Terminal.fail(error.description)
      return .usage
    } catch let error
      where error is ConfigurationError || error is SecretError || error is SetupError
    {
      Terminal.fail("\(error)")
      return .configuration
    } catch {
      Terminal.fail("\(error)")
      return .internal
    }
  }

  /// The configuration of a command; the demo's only from its arguments, so that it never ships to a real server.
  static func load(_ parsed: ParsedArguments) throws(ConfigurationError) -> LoadedConfiguration {
    try source(parsed).load()
  }

  private static func source(_ parsed: ParsedArguments) -> ConfigurationSource {
    let isDemo = parsed.command == .demo
    let standard = ConfigurationLoader.defaultFile
    let file =
      parsed.flags["--config"]?.first
      ?? (!isDemo && FileSystem.exists(standard) ? standard : nil)
    var flags = CommandTable.command(parsed.command).flags.compactMap {
      (flag: Flag) -> ConfigurationLoader.FlagSetting? in
      guard let path = flag.setting, let value = parsed.flags[flag.name]?.last else { return nil }
      return ConfigurationLoader.FlagSetting(flag: flag.name, path: path, value: value)
    }
    if let size = RingOptions.newSize(parsed) {
      flags.append(.init(flag: "ring resize", path: "ring.size", value: size))
    }
    return ConfigurationSource(
      file: file,
      environment: isDemo
        ? [:] : Environment.variables(withPrefix: ConfigurationLoader.environmentPrefix),
      settings: parsed.flags["--set"] ?? [], flags: flags)
  }

  private static func command(
    _ parsed: ParsedArguments, _ configuration: Configuration, _ output: OutputOptions
  ) throws(UsageError) -> Command {
    switch parsed.command {
    case .pipe: return .pipe(configuration, PipeOptions(output: output))
    case .replay:
      return .replay(configuration, ReplayOptions(output: output, files: parsed.operands))
    case .ring: return .ring(configuration, try RingOptions(parsed, output))
    case .setup: return .setup(configuration, try SetupOptions(parsed, output))
    case .deadLetters: return .deadLetters(configuration, try DeadLetterOptions(parsed, output))
    case .verify: return .verify(configuration, try VerifyOptions(parsed, output))
    case .prices: return .prices(configuration, try PricesOptions(parsed, output))
    case .top:
      return .top(
        configuration, TopOptions(output: output, isOnce: parsed.flags["--once"] != nil))
    case .tap: return .tap(configuration, try TapOptions(parsed, output))
    case .explain: return .explain(configuration, try ExplainOptions(parsed, output))
    case .demo:
      let port = parsed.flags["--port"]?.first
      if let port, UInt16(port) == nil {
        throw UsageError("--port takes a number from 0 to 65535", command: .demo)
      }
      return .demo(
        configuration,
        DemoOptions(
          output: output, directory: parsed.flags["--dir"]?.first, port: port.flatMap { UInt16($0) }
        ))
    case .report:
      let today = Int32(SystemClock().wallMilliseconds() / 86_400_000)
      return .report(configuration, try ReportOptions(parsed, output, today: today))
    case .reload: return .reload(configuration, output)
    case .logLevel:
      let level = parsed.operands.first
      let levels = CommandTable.command(.logLevel).words
      if let level, !levels.contains(level) {
        throw UsageError(
          "there is no log level \"\(level)\"; debug, info, warning or error",
          suggestion: Spelling.nearest(to: level, among: levels), command: .logLevel)
      }
      return .logLevel(configuration, output, level: level)
    default: return .run(configuration, RunOptions(output: output, source: source(parsed)))
    }
  }

  private static func help(_ topic: String?) throws(UsageError) -> ExitCode {
    guard let topic else {
      StandardStreams.write(HelpText.general)
      return .success
    }
    let manuals = [
      "settings": { ConfigurationManual.text }, "man": { ManualPage.text },
      "markdown": { CommandManual.markdown },
    ]
    if let manual = manuals[topic] {
      StandardStreams.write(manual())
      return .success
    }
    guard let name = CommandDescription.Name(rawValue: topic) else {
      let topics = CommandDescription.Name.allCases.map(\.rawValue) + manuals.keys.sorted()
      throw UsageError(
        "there is no help on \"\(topic)\"",
        suggestion: topic.contains(".")
          ? "settings" : Spelling.nearest(to: topic, among: topics))
    }
    StandardStreams.write(HelpText.of(CommandTable.command(name)))
    return .success
  }

  private static func quieter(_ level: Log.Level) -> Log.Level {
    level.rawValue < Log.Level.warning.rawValue ? .warning : level
  }
}
