/// `sheepshipper pipe`: standard input into a ring of its own, and from there to where events go, until all is there.
package final class PipeRun {
  private let configuration: Configuration
  private let clock: any Clock
  private let ring: Ring
  private let consumer: AgentConsumer
  private let input: StdinInput
  private let refusedLog: RefusedLog

  /// Opens the pipe's ring: what an earlier pipe of the same name left there is delivered too.
  package init(_ configuration: Configuration, clock: any Clock = SystemClock()) throws {
    self.configuration = configuration
    self.clock = clock
    let settings = AgentSettings(configuration: configuration)
    let folder = "\(configuration.agent.stateDirectory)/pipe/\(configuration.pipe.name)"
    try AgentSettings.makeStateDirectory(folder)
    let rules = settings.eventRules(try settings.contentKey())
    let prices = try settings.prices()
    // Nobody waits for an answer on a pipe: what is read is stored before the end is reported.
    let ring = try Ring.open(
      settings.ring(at: "\(folder)/ring"), clock: clock, onDurable: { _, _ in }, onRoom: {})
    self.ring = ring
    let refusedLog = try RefusedLog(
      path: "\(folder)/refused.ndjson", capBytes: UInt64(configuration.inputs.refusedBytesMax))
    self.refusedLog = refusedLog
    consumer = try AgentConsumer.make(settings, source: ring, clock: clock) { [ring] _ in
      ring.streamId
    }
    input = try StdinInput(
      into: ring, whenFull: configuration.pipe.onFull == .block ? .block : .dropNewest, intake: 0,
      lineMaxBytes: configuration.inputs.tcp.lineBytesMax, clock: clock,
      refuse: { refusal, source in
        refusedLog.note(refusal, from: source, atWallMilliseconds: clock.wallMilliseconds())
      },
      makeProcessor: {
        try EventProcessor(rules: rules, prices: prices, clock: clock, intake: 0)
      })
  }

  /// Reads to the end of the input, delivers, and says what came of it. `isStopAsked` is looked at a few times a second;
  /// true ends reading, and waiting after the grace.
  package func run(isStopAsked: () -> Bool) throws -> PipeReport {
    try ring.start()
    try consumer.start()
    try input.start()
    var stopAt: MonotonicTime?
    while !input.hasEnded {
      if stopAt == nil, isStopAsked() {
        stopAt = clock.now() + configuration.agent.grace
        input.stop()
      }
      PosixThread.sleep(.milliseconds(20))
    }
    let counts = input.join()
    _ = ring.drainIntake(until: stopAt ?? .distantFuture)
    let deadline = stopAt ?? (clock.now() + configuration.pipe.drainTimeout)
    while ring.snapshot().ledger.waiting > 0, clock.now() < deadline {
      if stopAt == nil, isStopAsked() { break }
      PosixThread.sleep(.milliseconds(10))
    }
    consumer.stop(until: clock.now() + .seconds(1))
    ring.stopLeasing()
    ring.close()
    refusedLog.close()
    return PipeReport(
      name: configuration.pipe.name, read: counts, ledger: ring.snapshot().ledger,
      obstacle: consumer.obstacle)
  }
}
