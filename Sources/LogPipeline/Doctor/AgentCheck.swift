/// Whether an agent runs, takes events, and gets them delivered.
package struct AgentCheck: DoctorCheck {
  package static let name = "agent"

  private let agent: RunningAgent

  package init(_ agent: RunningAgent) { self.agent = agent }

  package func run() -> [DoctorFinding] { Self.judge(agent) }

  package static func judge(_ agent: RunningAgent) -> [DoctorFinding] {
    guard let status = agent.status else { return [.skipped(name, agent.absence)] }
    var findings: [DoctorFinding] = []
    let reasons = status["not_ready_because"]?.elements?.compactMap(\.string) ?? []
    if !reasons.isEmpty { findings.append(notReady(reasons)) }
    let stuck = status["stuck_threads"]?.elements?.compactMap { $0["name"]?.string } ?? []
    if !stuck.isEmpty { findings.append(self.stuck(stuck)) }
    let sums = ["offered_balanced", "accepted_balanced"].map { status["ledger"]?[$0]?.bool }
    if sums.contains(false) {
      findings.append(
        .failed(
          name, "its ledger does not balance: a counter is wrong.",
          meanwhile: "Events are not touched by that; what is said of them may be wrong.",
          remedy: "That is a fault of ours: keep this with the log, and open an issue.",
          type: ["curl -sS http://127.0.0.1:9600/v1/status"]))
    }
    let waiting = UInt64(clamping: status["ledger"]?["waiting"]?.integer ?? 0)
    let state = status["delivery"]?["state"]?.string ?? status["archive"]?["state"]?.string ?? ""
    if let trouble = delivery(state, waiting) { findings.append(trouble) }
    guard findings.isEmpty else { return findings }
    let id = agent.processId.map { " (process \($0))" } ?? ""
    let version = status["version"]?.string ?? "?"
    return [
      .ok(
        name,
        "\(version) runs\(id) and takes events; \(TextAmount.counted(waiting, "event")) wait"
      )
    ]
  }

  /// nil: it goes on. What the senders say of themselves begins with a word each.
  private static func delivery(_ state: String, _ waiting: UInt64) -> DoctorFinding? {
    let parts = state.split(separator: ";").map { $0.drop { $0 == " " } }
    let detail = "\(TextAmount.counted(waiting, "event")) wait."
    let remedy = "The other findings may say why; the agent's log does."
    if parts.contains(where: { $0.hasPrefix("paused") || $0.contains(" is parked") }) {
      return .failed(
        name, "delivery stands still: \(state).", detail, meanwhile: DoctorWords.keptInRing,
        remedy: remedy)
    }
    guard let waits = parts.first(where: { $0.hasPrefix("backing off") }) else { return nil }
    return .warning(
      name, "delivery waits before it tries again: \(waits).", detail,
      meanwhile: "Events are kept in the ring, and sent again by itself within a minute.",
      remedy: remedy)
  }

  private static func notReady(_ reasons: [String]) -> DoctorFinding {
    .failed(
      name, "it runs and takes no events: \(reasons.joined(separator: "; ")).",
      meanwhile: "Senders are told to try again, or are not read; what was accepted is safe.",
      remedy: "If it is starting, wait: the first start writes the whole ring.",
      type: ["sheepshipper ring status"])
  }

  private static func stuck(_ threads: [String]) -> DoctorFinding {
    .failed(
      name, "\(threads.joined(separator: ", ")) in it hangs for more than a minute.",
      meanwhile: "What was accepted is on disk. What that part does stands still.",
      remedy: "A disk or a network file system that does not answer is the usual cause:",
      type: ["dmesg -T | tail -50"])
  }
}
