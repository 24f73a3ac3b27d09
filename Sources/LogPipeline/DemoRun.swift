/// `sheepshipper demo`: an agent in a folder of its own, sample events through its own ports, and what came out.
package struct DemoRun {
  private let configuration: Configuration
  private let clock: any Clock
  private static let waitMax: Duration = .seconds(45)

  /// `agent.state_dir` and the ports are set by the caller, and there is no Elasticsearch.
  package init(_ configuration: Configuration, clock: any Clock = SystemClock()) {
    self.configuration = configuration
    self.clock = clock
  }

  /// What a demo found.
  package struct Outcome: Sendable {
    package let ledger: Ledger
    package let archiveFiles: [String]
    package let report: DemoReport
    package let seconds: Double
    package let tcpCount: Int
    package let webhookCount: Int
  }

  /// Starts the agent, sends, waits until all is in the archive, stops, and reads the archive back.
  package func run() throws -> Outcome {
    let began = clock.now()
    let agent = try Agent(configuration, clock: clock)
    try agent.start()
    let events = DemoEvents(endingAt: clock.wallMilliseconds())
    guard let tcpPort = agent.tcpPort, let webhookPort = agent.webhookPort else {
      throw AgentError("The demo needs both of its inputs.")
    }
    try DemoSender.sendLines(events.relayLines, toPort: tcpPort)
    for body in events.webhookBodies { try DemoSender.post(body, toPort: webhookPort) }
    let total = UInt64(events.relayCount + events.webhookCount)
    let deadline = clock.now() + Self.waitMax
    while agent.ledger.delivered + agent.ledger.duplicate < total, clock.now() < deadline {
      PosixThread.sleep(.milliseconds(10))
    }
    agent.stop()
    let ledger = agent.ledger
    guard ledger.accepted + ledger.refused >= total, ledger.waiting == 0 else {
      throw AgentError(
        "The demo sent \(total) events; after \(Self.waitMax.inSeconds) s \(ledger.accepted) were accepted and "
          + "\(ledger.waiting) still wait. Its files are kept in \(configuration.agent.stateDirectory)."
      )
    }
    let folder = configuration.archiveDirectory
    let files = try FileSystem.names(in: folder).filter { $0.hasSuffix(".ndjson.gz") }
      .map { "\(folder)/\($0)" }
    var documents: [[UInt8]] = []
    for file in files { documents += try ArchiveLines.read(file) }
    return Outcome(
      ledger: ledger, archiveFiles: files, report: try DemoReport(documents: documents),
      seconds: clock.now().since(began).inSeconds, tcpCount: events.relayCount,
      webhookCount: events.webhookCount)
  }
}
