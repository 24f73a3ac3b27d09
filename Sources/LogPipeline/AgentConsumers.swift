/// All that drains a ring: where events go, and the archive beside it if that is wanted too.
struct AgentConsumers: Sendable {
  private let primary: AgentConsumer
  private let archive: ArchiveConsumer?

  static func make(
    _ settings: AgentSettings, ring: Ring, clock: any Clock
  ) throws -> AgentConsumers {
    let stream = ring.streamId
    let primary = try AgentConsumer.make(
      settings, source: ring,
      scope: .ring(stream, from: ring.firstSequenceAtOpening), clock: clock
    ) { _ in stream }
    let archive = ring.source(named: AgentSettings.archiveName).map { source in
      ArchiveConsumer(
        folder: settings.configuration.archiveDirectory, source: source, clock: clock,
        indexName: settings.archiveName, streamOf: { _ in stream })
    }
    return AgentConsumers(primary: primary, archive: archive)
  }

  func start() throws(SystemError) {
    try primary.start()
    try archive?.start()
  }

  /// Credentials that lie in files are read again.
  func reload() { primary.reload() }

  /// Takes no more and ends; what is not settled stays in the ring.
  func stop(until deadline: MonotonicTime) {
    primary.stop(until: deadline)
    archive?.stop()
    archive?.join()
  }

  /// Sends dead letters again; nil where there is no Elasticsearch.
  var resender: DeadLetterResender? {
    if case .delivery(_, _, let resender) = primary { resender } else { nil }
  }

  /// Ends at once what ``resender`` is doing.
  func stopResending() { resender?.stopSending() }

  func isDone(_ ring: RingSnapshot) -> Bool {
    ring.ledger.waiting == 0 && ring.consumers.allSatisfy { $0.ledger.waiting == 0 }
  }

  /// Whether all of it is done, or what is left can not be done now.
  func isDoneOrStuck(_ ring: RingSnapshot) -> Bool {
    let isPrimaryOver = ring.ledger.waiting == 0 || primary.obstacle != nil
    guard let archive else { return isPrimaryOver }
    let waiting = ring.consumers.first { $0.name == AgentSettings.archiveName }?.ledger.waiting ?? 0
    return isPrimaryOver && (waiting == 0 || archive.status.problem != nil)
  }

  /// Why nothing gets through to where events go; nil while something may.
  var obstacle: String? { primary.obstacle }

  /// Why events still wait, for a report at the end.
  var reasonForWaiting: String? { primary.reasonForWaiting }

  var sections: [StatusSection] {
    [primary.section] + (archive.map { [AgentConsumer.section(of: $0.status)] } ?? [])
  }
}
