import Synchronization

/// Puts together what the admin page shows, from the stages' own snapshots. Any thread.
final class AgentStatus: Sendable {
  /// fdatasync of a dying disk can take this long; more is a thread that does not come back.
  private static let stuckAfter: Duration = .seconds(60)

  private let agent: String
  private let ring: Ring
  private let intakes: IntakeGroup
  private let follow: FollowInput?
  private let consumers: AgentConsumers
  /// Of each thread that makes events.
  private let counters: [SharedEventCounters]
  let usage: [UsageBook]
  private let refusedLog: RefusedLog
  /// `ring.when_full` is `block`: a full ring takes nothing, where it would drop the oldest else.
  private let waitsWhenFull: Bool
  private let clock: any Clock
  private let startedAt: MonotonicTime
  /// What earlier runs had decided: offered goes on from there.
  private let decidedBefore: UInt64
  private let notReady = Mutex<String?>("starting")

  init(
    agent: String, ring: Ring, intakes: IntakeGroup, follow: FollowInput?,
    consumers: AgentConsumers, counters: [SharedEventCounters], usage: [UsageBook],
    refusedLog: RefusedLog, waitsWhenFull: Bool, clock: any Clock
  ) {
    self.agent = agent
    self.waitsWhenFull = waitsWhenFull
    (self.ring, self.intakes, self.consumers) = (ring, intakes, consumers)
    (self.follow, self.usage) = (follow, usage)
    (self.counters, self.refusedLog, self.clock) = (counters, refusedLog, clock)
    startedAt = clock.now()
    let ledger = ring.snapshot().ledger
    decidedBefore = ledger.accepted + ledger.refused
  }

  func setNotReady(_ reason: String?) { notReady.withLock { $0 = reason } }

  /// Offered comes from the inputs, all else from the ring, which keeps it across restarts.
  var ledger: Ledger {
    let offered =
      decidedBefore + intakes.snapshot.offered + (follow?.snapshot.input.offered ?? 0)
    var ledger = ring.snapshot().ledger
    // The ring may be a moment ahead of what the intake has published.
    ledger.offered = max(offered, ledger.accepted + ledger.refused)
    ledger.inHand = ledger.offered - ledger.accepted - ledger.refused
    return ledger
  }

  var snapshot: StatusSnapshot {
    let ringSnapshot = ring.snapshot()
    var reasons: [String] = []
    if let reason = notReady.withLock({ $0 }) { reasons.append(reason) }
    if let reason = ringSnapshot.readOnlyReason {
      reasons.append("the ring is read-only: \(reason)")
    } else if ring.file.isGone {
      reasons.append("the ring's file was removed or replaced")
    } else if isFull(ringSnapshot) {
      reasons.append("the ring is full: inputs wait until delivery makes room")
    }
    let now = clock.now()
    let inputs = AgentInputStatus(
      threads: intakes.snapshots, certificate: intakes.certificate,
      refusedUnwritten: refusedLog.unwrittenCount)
    let pages = usage.map(\.pages)
    return StatusSnapshot(
      agent: agent, version: Versions.program, uptime: now.since(startedAt), process: .now(),
      ledger: ledger, notReadyBecause: reasons,
      stuckThreads: StatusSnapshot.stuck(
        ring.pulses + intakes.pulses + (follow.map { [$0.pulse] } ?? []), at: now,
        longerThan: Self.stuckAfter),
      sections: [
        section(of: ringSnapshot, ring.file)
      ] + consumers.sections + inputs.sections
        + (follow.map { [FollowStatus.section(of: $0.snapshot)] } ?? [])
        + [
          eventSection(counters.reduce(EventCounters()) { $0.adding($1.value) }),
          AgentUsageStatus.section(
            of: UsageReport(
              pages, now: clock.wallMilliseconds(),
              uptime: pages.compactMap(\.since).map { now.since($0) }.max() ?? .zero)),
        ])
  }

  /// Whether inputs wait for room in the ring.
  func isFull(_ ring: RingSnapshot) -> Bool { waitsWhenFull && ring.isFull }

  private func section(of ring: RingSnapshot, _ file: RingFileState) -> StatusSection {
    let age = ring.oldestWaitingMilliseconds.map {
      Double(max(0, clock.wallMilliseconds() - $0)) / 1000
    }
    let state =
      ring.readOnlyReason.map { "read-only: \($0)" }
      ?? (file.isGone ? "gone: its file was removed or replaced" : nil)
      ?? (isFull(ring) ? "full: inputs wait until delivery makes room" : "open")
    return StatusSection(
      "ring", state: state,
      texts: [
        StatusSection.Text("durability", file.durability),
        StatusSection.Text("compression", ring.compression.rawValue),
      ],
      metrics: [
        .gauge("size_bytes", "The ring file.", ring.sizeBytes),
        .gauge("used_bytes", "Of it taken by events that are not settled.", ring.usedBytes),
        .gauge("free_bytes", "Room for new events.", ring.freeBytes),
        .gauge(
          "oldest_event_age_seconds", "Age in the ring of the oldest waiting event.", age ?? 0),
        .gauge("sync_last_seconds", "The last fdatasync.", ring.lastSync.inSeconds),
        .gauge(
          "sync_p50_seconds", "Half of the recent fdatasyncs took no longer.",
          file.syncTimes.percentile(50)?.inSeconds ?? 0),
        .gauge(
          "sync_p99_seconds", "All but one in a hundred recent fdatasyncs took no longer.",
          file.syncTimes.percentile(99)?.inSeconds ?? 0),
        .gauge("sync_longest_seconds", "The longest fdatasync.", ring.longestSync.inSeconds),
        .counter("syncs_failed", "fdatasync calls that failed.", ring.syncsFailed),
        .counter("groups", "Commit groups written.", ring.groupsWritten),
        .counter("raw_bytes", "Bulk lines taken, before compression.", ring.rawBytesWritten),
        .counter("stored_bytes", "Block bytes written.", ring.storedBytesWritten),
        .gauge(
          "compression_info", "1 for the library that makes blocks smaller.", by: "library",
          [(ring.compression.rawValue, 1)]),
        .gauge(
          "consumer_waiting_events", "Accepted events that a consumer has not settled.",
          by: "consumer", ring.consumers.map { ($0.name, Double($0.ledger.waiting)) }),
        .counter(
          "relocated", "Events moved on because they held others up.", ring.eventsRelocated),
        .counter("repacked", "Events moved on to save space.", ring.eventsRepacked),
      ])
  }

  private func eventSection(_ events: EventCounters) -> StatusSection {
    StatusSection(
      "events",
      metrics: [
        .counter(
          "cost_status", "Events by how their cost came about.", by: "status",
          [
            ("priced", events.priced), ("unpriced", events.unpriced), ("no_usage", events.noUsage),
            ("cache_hit", events.cacheHits), ("reported", events.reportedCosts),
          ]),
        .counter("repaired", "Events parsed after a small repair.", events.repaired),
        .counter("duplicate_keys", "Keys that came twice in an object.", events.duplicateKeys),
        .counter(
          "unreadable_fields", "Fields that went to extra, unreadable as their type.",
          events.unreadableFields),
        .counter("time_clamped", "Events put in the arrival day's index.", events.timeClamped),
        .counter("arrival_timed", "Events without a time of their own.", events.arrivalTimed),
        .counter("redacted_strings", "Strings kept out of documents.", events.redactedStrings),
        .counter("scrubbed_matches", "Secrets replaced in kept text.", events.scrubbedMatches),
        .counter("oversized", "Documents cut at the event limit.", events.oversized),
        .counter("repeated_frames", "Frames equal to an earlier one.", events.repeatedFrames),
        .counter(
          "reused_ids", "Events with the id of an earlier one and other content.", events.reusedIds),
      ])
  }
}
