import LogPipeline

Environment.ignoreBrokenPipes()
Environment.exit(
  Program.run(Array(CommandLine.arguments.dropFirst()), runner: AgentRunner()).rawValue)
