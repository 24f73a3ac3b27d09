/// All that the admin pages show, taken at one moment.
package struct StatusSnapshot: Sendable {
  /// A thread that has been at one piece of work for longer than it should.
  package struct StuckThread: Equatable, Sendable {
    package let name: String
    package let busy: Duration
    package init(name: String, busy: Duration) {
      self.name = name
      self.busy = busy
    }
  }

  /// The agent's name among others.
  package var agent: String
  /// The program's own version.
  package var version: String
  package var uptime: Duration
  package var process: ProcessUsage
  /// nil while the ring is not open yet.
  package var ledger: Ledger?
  /// Why inputs do not accept right now ("starting", "the ring is read-only: …", "shutting down"); empty: they do.
  package var notReadyBecause: [String]
  package var stuckThreads: [StuckThread]
  package var sections: [StatusSection]

  package init(
    agent: String, version: String, uptime: Duration, process: ProcessUsage, ledger: Ledger?,
    notReadyBecause: [String] = [], stuckThreads: [StuckThread] = [],
    sections: [StatusSection] = []
  ) {
    self.agent = agent
    self.version = version
    self.uptime = uptime
    self.process = process
    self.ledger = ledger
    self.notReadyBecause = notReadyBecause
    self.stuckThreads = stuckThreads
    self.sections = sections
  }

  /// The pulses that have been busy for longer than `limit`.
  package static func stuck(
    _ pulses: [ThreadPulse], at now: MonotonicTime, longerThan limit: Duration
  ) -> [StuckThread] {
    pulses.compactMap { pulse in
      guard let busy = pulse.busy(at: now), busy > limit else { return nil }
      return StuckThread(name: pulse.name, busy: busy)
    }
  }
}
