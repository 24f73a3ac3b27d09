/// What drains a source of blocks: delivery to Elasticsearch, or the daily archive.
enum AgentConsumer: Sendable {
  case delivery(Delivery, DeadLetterWriter, DeadLetterResender)
  case archive(ArchiveConsumer)

  /// What the settings ask for, over `source`; not started yet. `streamOf` tells the stream whose sequences a leased
  /// block carries, `scope` which events may come again.
  static func make(
    _ settings: AgentSettings, source: any BlockSource, scope: DeadLetterScope, clock: any Clock,
    streamOf: @escaping @Sendable (StoredBlock) -> StreamId
  ) throws -> AgentConsumer {
    guard settings.deliversToElasticsearch else {
      return .archive(
        ArchiveConsumer(
          folder: settings.configuration.archiveDirectory, source: source, clock: clock,
          indexName: settings.archiveName, streamOf: streamOf))
    }
    let deadLetters = DeadLetterWriter(
      folder: settings.configuration.agent.stateDirectory,
      limitBytes: UInt64(settings.configuration.elasticsearch.deadLettersBytesMax), scope: scope,
      streamOf: streamOf)
    deadLetters.mendEnd()
    let elasticsearch = try settings.elasticsearch()
    let delivered = settings.deliveredIds(clock: clock)
    return .delivery(
      try Delivery(
        source: source, settings: elasticsearch, template: settings.indexTemplate,
        deadLetters: deadLetters, delivered: delivered, clock: clock), deadLetters,
      try DeadLetterResender(
        settings: elasticsearch, files: deadLetters.files, delivered: delivered,
        dayOf: settings.dayOfIndex, clock: clock))
  }

  func start() throws(SystemError) {
    switch self {
    case .delivery(let delivery, _, _): try delivery.start()
    case .archive(let archive): try archive.start()
    }
  }

  /// Credentials that lie in files are read again.
  func reload() {
    if case .delivery(let delivery, _, _) = self { delivery.reload() }
  }

  /// Takes no more and ends; what is not settled stays with the source.
  func stop(until deadline: MonotonicTime) {
    switch self {
    case .delivery(let delivery, _, _): delivery.stop(until: deadline)
    case .archive(let archive):
      archive.stop()
      archive.join()
    }
  }

  /// Returns once the source has ended and all of it is settled, or after `stop`.
  func join() {
    switch self {
    case .delivery(let delivery, _, _): delivery.join()
    case .archive(let archive): archive.join()
    }
  }

  /// Why nothing gets through now; nil while something may.
  var obstacle: String? {
    switch self {
    case .delivery(let delivery, _, _):
      var reasons: [String] = []
      for state in delivery.snapshot.states {
        switch state {
        case .backingOff(let reason), .paused(let reason): reasons.append(reason)
        case .starting, .ok, .stopped: return nil
        }
      }
      return reasons.first
    case .archive(let archive): return archive.status.problem
    }
  }

  /// Why events still wait, for a report at the end.
  var reasonForWaiting: String? {
    if let obstacle { return obstacle }
    guard case .delivery(let delivery, _, _) = self else { return nil }
    let snapshot = delivery.snapshot
    if let parked = snapshot.parkedIndices.min(by: { $0.key < $1.key }) {
      return "index \(parked.key) takes none now: \(parked.value)"
    }
    return snapshot.lastSuccessMilliseconds == nil ? "Elasticsearch has not answered" : nil
  }

  var section: StatusSection {
    switch self {
    case .delivery(let delivery, let deadLetters, let resender):
      Self.section(of: delivery.snapshot, deadLetters, resender)
    case .archive(let archive): Self.section(of: archive.status)
    }
  }

  private static func section(
    of snapshot: DeliverySnapshot, _ deadLetters: DeadLetterWriter,
    _ resender: DeadLetterResender
  ) -> StatusSection {
    // What can never be stored is held until it is written down; others pass.
    let problem = snapshot.heldItems > 0 ? deadLetters.problem : nil
    let unwritten = problem.map { "stands still for dead letters, which can not be written: \($0)" }
    let working = unwritten == nil ? snapshot.states : snapshot.states.filter { $0 != .ok }
    let states = working.map { state in
      switch state {
      case .backingOff(let reason): "backing off: \(reason)"
      case .paused(let reason): "paused: \(reason)"
      case .starting, .ok, .stopped: state.name
      }
    }
    let parked = snapshot.parkedIndices.map { "\($0.key) is parked: \($0.value)" }.sorted()
    return StatusSection(
      "delivery", state: ([unwritten].compactMap(\.self) + states + parked).joined(separator: "; "),
      metrics: traffic(snapshot) + endings(snapshot, deadLetters, resender))
  }

  private static func traffic(_ snapshot: DeliverySnapshot) -> [Metric] {
    [
      .counter("requests", "Bulk requests sent.", snapshot.requests),
      .counter("raw_bytes", "Bulk lines sent, before compression.", snapshot.rawBytes),
      .counter("wire_bytes", "Bulk bodies as sent.", snapshot.wireBytes),
      .counter(
        "request_seconds", "Time spent waiting for bulk answers.", snapshot.requestSeconds),
      .counter(
        "retried_items", "Events sent again, by cause.", by: "cause",
        RetryCause.allCases.compactMap { cause in
          snapshot.retries[cause].map { (cause.rawValue, $0) }
        }),
      .counter(
        "host_requests", "Bulk requests, by host.", by: "host",
        snapshot.hosts.map { ($0.url, $0.requests) }),
      .gauge(
        "hosts_resting", "Hosts that failed and get no requests now.",
        UInt64(snapshot.hosts.count { $0.state != .closed })),
    ]
  }

  private static func endings(
    _ snapshot: DeliverySnapshot, _ deadLetters: DeadLetterWriter, _ resender: DeadLetterResender
  ) -> [Metric] {
    [
      .counter(
        "dead_letters_written", "Events written to dead-letters.ndjson since the start.",
        deadLetters.writtenCount),
      .counter(
        "dead_letters_found_there",
        "Dead letters that stood in the file already when their event came again after a crash.",
        deadLetters.foundThereCount),
      .counter(
        "delivered_ids_unrecorded",
        "Delivered events that could not be recorded for verify.",
        resender.unrecordedCount),
      .counter(
        "dead_letters_resent", "Dead letters sent again on command, by what came of it.",
        by: "outcome", resender.counted.map { ($0.outcome, $0.count) }),
      .gauge(
        "held_items", "Events that failed and wait for another try.", UInt64(snapshot.heldItems)),
      .gauge(
        "parked_indices", "Indices that take nothing now.", UInt64(snapshot.parkedIndices.count)),
      .gauge(
        "last_success_timestamp_seconds", "When Elasticsearch last took events; 0: not yet.",
        Double(snapshot.lastSuccessMilliseconds ?? 0) / 1000),
    ]
  }

  static func section(of status: ArchiveConsumer.Status) -> StatusSection {
    StatusSection(
      "archive", state: status.problem.map { "paused: \($0)" } ?? "ok",
      metrics: [
        .counter("events", "Events written to the daily files.", status.written.events),
        .counter("raw_bytes", "Lines written, before compression.", status.written.bytes),
        .counter(
          "events_found_there", "Events that were in the files already, after a crash.",
          status.written.eventsFoundThere),
      ])
  }
}
