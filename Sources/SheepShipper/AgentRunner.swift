import LogPipeline

/// Starts the agent for each command.
struct AgentRunner: CommandRunner {
  func run(_ configuration: Configuration, _ options: RunOptions) throws -> ExitCode {
    throw AgentMissing(command: "run")
  }
  func pipe(_ configuration: Configuration, _ options: PipeOptions) throws -> ExitCode {
    throw AgentMissing(command: "pipe")
  }
  func replay(_ configuration: Configuration, _ options: ReplayOptions) throws -> ExitCode {
    throw AgentMissing(command: "replay")
  }
  func demo(_ configuration: Configuration, _ options: DemoOptions) throws -> ExitCode {
    throw AgentMissing(command: "demo")
  }
}

/// This build has no agent to start.
private struct AgentMissing: Error, CustomStringConvertible {
  let command: String
  var description: String {
    "This build has no agent, so it can not \(command). No event was touched."
  }
}
