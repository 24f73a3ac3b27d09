import LogPipeline

/// Snapshots as an agent would hand them to its admin page.
enum AdminSamples {
  static func ledger() -> Ledger {
    var ledger = Ledger()
    ledger.offered = 112
    ledger.accepted = 100
    ledger.refused = 9
    ledger.inHand = 3
    ledger.delivered = 80
    ledger.duplicate = 5
    ledger.deadLettered = 2
    ledger.waiting = 13
    return ledger
  }

  static func snapshot(
    notReadyBecause: [String] = [], stuck: [StatusSnapshot.StuckThread] = [],
    ledger: Ledger = ledger()
  ) -> StatusSnapshot {
    StatusSnapshot(
      agent: "relay-01", version: "1.2.3", uptime: .milliseconds(61_500),
      process: ProcessUsage(
        cpuSeconds: 2.5, residentBytes: 18_874_368, peakResidentBytes: 20_000_000),
      ledger: ledger, notReadyBecause: notReadyBecause, stuckThreads: stuck,
      sections: [
        StatusSection(
          "ring", state: "open",
          metrics: [
            .gauge("capacity_bytes", "Size of the ring's file.", UInt64(16 << 20)),
            .gauge("oldest_event_age_seconds", "Age of the oldest waiting event.", 0.25),
          ]),
        StatusSection(
          "delivery", state: "paused: \"401\"\nreread",
          metrics: [
            .counter(
              "answers", "Answers by \\ status\nof a request.", by: "status",
              [("200", 7), ("a \"quoted\\\" one\n", 1)])
          ]),
      ])
  }
}
