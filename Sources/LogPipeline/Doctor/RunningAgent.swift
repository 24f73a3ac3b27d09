/// The agent of this state directory, as it tells of itself over its control socket.
package enum RunningAgent: Equatable {
  case running(JsonValue)
  case none
  /// One runs, or did, and it does not tell us: why.
  case silent(String)

  package static func ask(_ client: ControlClient, clock: any Clock) -> RunningAgent {
    let deadline = clock.now() + DoctorLimits.answer
    var status: JsonValue?
    do throws(ControlError) {
      let request = JsonValue.object([("command", .string(StatusSource.command))])
      try client.listen(request, isStopAsked: { clock.now() >= deadline }) { line in
        status = try? JsonValue.parse(line)
        return false
      }
    } catch {
      return error.isNobodyThere ? .none : .silent("\(error)")
    }
    return status.map(RunningAgent.running) ?? .silent("It does not answer.")
  }

  /// nil: none is known to run.
  package var status: JsonValue? { if case .running(let status) = self { status } else { nil } }

  package var processId: Int32? {
    status?["process"]?["id"]?.integer.map { Int32(clamping: $0) }
  }

  /// The same where ``AgentCheck`` has said why.
  var shortAbsence: String {
    if case .silent = self { return "the agent does not tell; see \(AgentCheck.name)" }
    return absence
  }

  /// Why its own figures are not to be had.
  var absence: String {
    switch self {
    case .running: ""
    case .none: "no agent runs with this agent.state_dir"
    case .silent(let why): why
    }
  }
}
