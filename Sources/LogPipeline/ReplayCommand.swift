/// `sheepshipper replay`: backlog files through a window in memory to where events go. No ring: the file is the log.
package struct ReplayCommand {
  private let configuration: Configuration
  private let clock: any Clock

  package init(_ configuration: Configuration, clock: any Clock = SystemClock()) {
    self.configuration = configuration
    self.clock = clock
  }

  /// Replays all files, folders and patterns; returns when all is settled or a stop was asked for. Progress goes to `show`
  /// in the given style; `isStopAsked` is looked at a few times a second, on a thread of its own.
  package func run(
    _ files: [String], style: ReplayProgressText.Style,
    isStopAsked: @escaping @Sendable () -> Bool, show: (String) -> Void
  ) throws -> ReplayReport {
    let settings = AgentSettings(configuration: configuration)
    let folder = configuration.agent.stateDirectory
    try AgentSettings.makeStateDirectory(folder)
    let rules = settings.eventRules(try settings.contentKey())
    let prices = try settings.prices()
    var replay = ReplayConfiguration(
      checkpointFolder: "\(folder)/replay", settings: settings.meaning,
      indexName: settings.indexName)
    replay.lineMaxBytes = configuration.inputs.tcp.lineBytesMax
    replay.progress = style
    let refusedLog = try RefusedLog(
      path: settings.refusedPath, capBytes: UInt64(configuration.inputs.refusedBytesMax))
    defer { refusedLog.close() }
    let clock = clock
    let run = ReplayRun(
      Backlog(finding: files), replay, clock: clock,
      refuse: { refusal, source in
        refusedLog.note(refusal, from: source, atWallMilliseconds: clock.wallMilliseconds())
      },
      makeProcessor: {
        try EventProcessor(rules: rules, prices: prices, clock: clock, intake: 0)
      })
    let consumer = try AgentConsumer.make(settings, source: run.window, clock: clock) {
      [window = run.window] in window.stream(of: $0)
    }
    try consumer.start()
    let grace = configuration.agent.grace
    let watcher = try PosixThread("replay stop") {
      while !run.window.hasEnded {
        if isStopAsked() { return run.stop(grace: grace) }
        PosixThread.sleep(.milliseconds(50))
      }
    }
    let report = try run.run(show: show)
    watcher.join()
    consumer.stop(until: clock.now() + .seconds(2))
    return report
  }
}
