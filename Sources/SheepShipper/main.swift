import LogPipeline

Environment.keepFreedMemory(bytes: 4 << 20)
Environment.ignoreBrokenPipes()
Environment.exit(
  Program.run(Array(CommandLine.arguments.dropFirst()), runner: AgentRunner()).rawValue)
