/// Why the agent could not be told what to do. What it has is as it was, unless it says otherwise.
package enum ControlError: Error, Equatable, CustomStringConvertible {
  case noAgent(path: String)
  case notAllowed(path: String)
  case broken(path: String, reason: String)
  /// The agent's own words.
  case refused(String)
  case taken(path: String)
  case notASocket(path: String)
  case cannotListen(path: String, reason: String)

  /// Whether nobody was there to be asked.
  package var isNobodyThere: Bool { if case .noAgent = self { true } else { false } }

  package var description: String {
    switch self {
    case .noAgent(let path):
      """
      No agent answers at \(path): none runs, or it has another agent.state_dir. Nothing was \
      changed. Start it with sheepshipper run, or name its configuration with --config.
      """
    case .notAllowed(let path):
      """
      The agent's socket \(path) may be used by the agent's user and root alone. Nothing was \
      changed. Run the command as that user.
      """
    case .broken(let path, let reason):
      """
      The agent at \(path) was asked but gave no whole answer: \(reason). What it did is not \
      known; see its log. To ask again does no harm.
      """
    case .refused(let reason): "The agent refuses: \(reason)"
    case .taken(let path):
      """
      Another agent answers at \(path). This one runs without a control socket: commands reach \
      the other. Give each its own agent.state_dir.
      """
    case .notASocket(let path):
      """
      \(path) is no socket and is left as it is: this agent runs without a control socket. \
      Move it away and restart the agent.
      """
    case .cannotListen(let path, let reason):
      """
      The control socket \(path) can not be made: \(reason). This agent runs without one: \
      commands such as dead-letters retry can not reach it.
      """
    }
  }
}
