import Synchronization

/// What the admin page shows: how far the start is, and once that is over the agent's status. Any thread.
final class AgentFront: Sendable {
  private enum Phase: Sendable {
    case starting(String)
    case running(AgentStatus)
  }

  private let agent: String
  private let clock: any Clock
  private let startedAt: MonotonicTime
  private let phase = Mutex(Phase.starting("starting"))

  init(agent: String, clock: any Clock) {
    (self.agent, self.clock) = (agent, clock)
    startedAt = clock.now()
  }

  /// - Parameter doing: what takes so long, "making the ring, 47 %".
  func setStarting(_ doing: String) { phase.withLock { $0 = .starting("starting: \(doing)") } }

  func setRunning(_ status: AgentStatus) { phase.withLock { $0 = .running(status) } }

  var snapshot: StatusSnapshot {
    switch phase.withLock({ $0 }) {
    case .running(let status): status.snapshot
    case .starting(let reason):
      StatusSnapshot(
        agent: agent, version: Versions.program, uptime: clock.now().since(startedAt),
        process: .now(), ledger: nil, notReadyBecause: [reason])
    }
  }
}
