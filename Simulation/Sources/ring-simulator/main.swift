import LogPipeline
import RingSimulation

guard let options = SimulatorOptions(Array(CommandLine.arguments.dropFirst())) else {
  StandardStreams.writeError(SimulatorOptions.usage)
  Environment.exit(64)
}
// What the ring logs of its faults is of no interest, unless asked for.
if !options.isLogging { Log.setMinimum(.silent) }
if options.isDay {
  if try !FullDay().run() { Environment.exit(1) }
} else if options.isEveryBit {
  if try !EveryBit().run(jobs: options.jobs) { Environment.exit(1) }
} else if options.isWorker, let seed = options.replay {
  if options.isShrinking {
    SeedWorker().shrink(seed)
  } else {
    _ = SeedWorker().replay(seed, options.history, isTelling: false)
  }
} else if options.isWorker {
  SeedWorker().run(options.seeds, isTelling: options.isTelling, isShort: options.isShort)
} else if let seed = options.replay {
  if !SeedWorker().replay(seed, options.history, isTelling: true) { Environment.exit(1) }
} else if try !Supervisor(options).run() {
  Environment.exit(1)
}
