/// `sheepshipper replay`: backlog files through a window in memory to where events go. No ring: the file is the log.
package struct ReplayCommand {
  private let configuration: Configuration
  private let clock: any Clock

  package init(_ configuration: Configuration, clock: any Clock = SystemClock()) {
    self.configuration = configuration
    self.clock = clock
  }

  /// Replays all files; returns when all is settled or a stop was asked for.
  /// - Parameters:
  ///   - files: files, folders and patterns.
  ///   - style: of the progress that goes to `show`.
  ///   - isStopAsked: looked at a few times a second.
  ///   - show: writes progress, as it is.
  /// - Returns: what it came to.
  /// - Throws: the settings can not be used, or a thread not be started; nothing was read.
  package func run(
    _ files: [String], style: ReplayProgressText.Style,
    isStopAsked: @escaping @Sendable () -> Bool, show: (String) -> Void
  ) throws -> ReplayReport {
    let settings = AgentSettings(configuration: configuration)
    let folder = configuration.agent.stateDirectory
    let backlog = Backlog(finding: files)
    try refuseOwnArchive(backlog, settings)
    try AgentSettings.makeStateDirectory(folder)
    let rules = settings.eventRules(try settings.contentKey())
    let prices = try settings.prices()
    try settings.checkDelivery()
    var replay = ReplayConfiguration(
      checkpointFolder: "\(folder)/replay", settings: settings.meaning,
      indexName: settings.indexName)
    replay.lineMaxBytes = configuration.inputs.tcp.lineBytesMax
    replay.progress = style
    replay.destination = settings.destination
    replay.compression = try settings.compression()
    let refusedLog = try RefusedLog(
      path: settings.refusedPath, capBytes: UInt64(configuration.inputs.refusedBytesMax))
    defer { refusedLog.close() }
    let clock = clock
    let run = ReplayRun(
      backlog, replay, clock: clock,
      refuse: { refusal, source in
        refusedLog.keep(refusal, from: source, atWallMilliseconds: clock.wallMilliseconds())
      },
      makeProcessor: {
        try EventProcessor(rules: rules, prices: prices, clock: clock, intake: 0)
      })
    let consumer = try AgentConsumer.make(
      settings, source: run.window, scope: .everything, clock: clock
    ) {
      [window = run.window] in window.stream(of: $0)
    }
    try consumer.start()
    // The rest of the grace is for cutting off requests under way.
    let grace = max(.milliseconds(100), configuration.agent.grace - .seconds(2))
    let watcher = try PosixThread("replay stop") {
      while !run.window.hasEnded {
        if isStopAsked() { return run.stop(grace: grace) }
        PosixThread.sleep(.milliseconds(50))
      }
    }
    var report = try run.run(show: show)
    report.refusedPath = settings.refusedPath
    report.deadLettersPath = settings.deadLettersPath
    report.archivePath = settings.deliversToElasticsearch ? nil : configuration.archiveDirectory
    watcher.join()
    // All is settled, or the time is over: no answer is waited for any more.
    consumer.stop(until: clock.now())
    return report
  }

  /// Without Elasticsearch a replay writes to the archive: its own files would go into themselves, doubled.
  private func refuseOwnArchive(_ backlog: Backlog, _ settings: AgentSettings) throws {
    guard !settings.deliversToElasticsearch,
      let archive = try? FileSystem.realPath(of: configuration.archiveDirectory)
    else { return }
    let own = backlog.files.first {
      (try? FileSystem.realPath(of: FileSystem.parent(of: $0.path))) == archive
    }
    guard let own else { return }
    throw AgentError(
      "\(own.path) is a file of the archive (archive.dir), and without Elasticsearch that is where a replay writes: its events would stand there twice. Nothing was read. Set elasticsearch.hosts, or another archive.dir.",
      isConfiguration: true)
  }
}
