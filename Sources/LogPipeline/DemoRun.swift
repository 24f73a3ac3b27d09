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

  /// What a demo found; of its own events alone, also in a folder that an earlier one had used.
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
    let archivedBefore = try archivedLines().mapValues(\.count)
    let agent = try Agent(configuration, clock: clock)
    let before = agent.ledger
    try agent.start()
    let events = DemoEvents(endingAt: clock.wallMilliseconds())
    guard let tcpPort = agent.tcpPort, let webhookPort = agent.webhookPort else {
      throw AgentError("The demo needs both of its inputs.")
    }
    try DemoSender.sendLines(events.relayLines, toPort: tcpPort)
    for body in events.webhookBodies { try DemoSender.post(body, toPort: webhookPort) }
    let total = UInt64(events.relayCount + events.webhookCount)
    let deadline = clock.now() + Self.waitMax
    while agent.ledger.delivered < before.delivered + total, clock.now() < deadline {
      PosixThread.sleep(.milliseconds(10))
    }
    agent.stop()
    var ledger = agent.ledger
    ledger.accepted -= before.accepted
    ledger.refused -= before.refused
    ledger.delivered -= before.delivered
    ledger.duplicate -= before.duplicate
    guard ledger.accepted + ledger.refused >= total, ledger.waiting == 0 else {
      throw AgentError(
        "The demo sent \(total) events; after \(Self.waitMax.inSeconds) s \(ledger.accepted) were accepted and "
          + "\(ledger.waiting) still wait. Its files are kept in \(configuration.agent.stateDirectory). "
          + "Run it again with --dir and another folder, on a disk with room."
      )
    }
    var documents: [[UInt8]] = []
    var files: [String] = []
    for (file, lines) in try archivedLines().sorted(by: { $0.key < $1.key }) {
      // Files are only appended to: what this demo wrote comes last.
      let own = lines.dropFirst(archivedBefore[file] ?? 0)
      if !own.isEmpty { files.append(file) }
      documents += own
    }
    return Outcome(
      ledger: ledger, archiveFiles: files, report: try DemoReport(documents: documents),
      seconds: clock.now().since(began).inSeconds, tcpCount: events.relayCount,
      webhookCount: events.webhookCount)
  }

  /// The lines of each daily file.
  private func archivedLines() throws -> [String: [[UInt8]]] {
    let folder = configuration.archiveDirectory
    guard FileSystem.exists(folder) else { return [:] }
    var found: [String: [[UInt8]]] = [:]
    for name in try FileSystem.names(in: folder) where name.hasSuffix(".ndjson.gz") {
      found["\(folder)/\(name)"] = try ArchiveLines.read("\(folder)/\(name)")
    }
    return found
  }
}
