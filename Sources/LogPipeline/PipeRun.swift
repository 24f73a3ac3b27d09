/// `sheepshipper pipe`: standard input into a ring of its own, and from there to where events go, until all is there.
package final class PipeRun {
  private let configuration: Configuration
  private let clock: any Clock
  private let ring: Ring
  private let consumers: AgentConsumers
  private let input: StdinInput
  private let refusedLog: RefusedLog

  /// Opens the pipe's ring: what an earlier pipe of the same name left there is delivered too.
  ///
  /// - Throws: what is wrong; or ``AgentStopped``.
  package init(
    _ configuration: Configuration, clock: any Clock = SystemClock(),
    start: AgentStart = AgentStart()
  ) throws {
    self.configuration = configuration
    self.clock = clock
    let settings = AgentSettings(configuration: configuration)
    let folder = settings.pipeFolder
    try AgentSettings.makeStateDirectory(folder)
    let rules = settings.eventRules(try settings.contentKey())
    let prices = try settings.prices()
    try settings.checkDelivery()
    // Nobody waits for an answer on a pipe: what is read is stored before the end is reported.
    let ringSettings = try settings.ring(at: "\(folder)/ring")
    try start.makeRing(ringSettings, clock: clock)
    let ring = try Ring.open(
      ringSettings, clock: clock, onDurable: { _, _ in }, onRoom: {})
    self.ring = ring
    AgentStart.tellDurability(ring, ringSettings)
    AgentStart.tell(ringSettings.compression, asked: configuration.ring.compression)
    let refusedLog = try RefusedLog(
      path: settings.pipeRefusedPath, capBytes: UInt64(configuration.inputs.refusedBytesMax))
    self.refusedLog = refusedLog
    consumers = try AgentConsumers.make(settings, ring: ring, clock: clock)
    input = try StdinInput(
      into: ring, whenFull: configuration.pipe.onFull == .block ? .block : .dropNewest,
      hasNoRoom: {
        let snapshot = ring.snapshot()
        return snapshot.isFull || snapshot.readOnlyReason != nil
      }, intake: 0,
      lineMaxBytes: configuration.inputs.tcp.lineBytesMax, clock: clock,
      refuse: { refusal, source in
        refusedLog.keep(refusal, from: source, atWallMilliseconds: clock.wallMilliseconds())
      },
      makeProcessor: {
        try EventProcessor(rules: rules, prices: prices, clock: clock, intake: 0)
      })
  }

  /// Reads to the end of the input, delivers, and says what came of it.
  ///
  /// - Parameter isStopAsked: looked at a few times a second; true ends reading, and all waiting within the grace.
  /// - Returns: what came of the input and of what an earlier pipe had left.
  /// - Throws: a thread or the input could not be started; what lies in the ring stays there.
  package func run(isStopAsked: () -> Bool) throws -> PipeReport {
    let before = ring.snapshot().ledger
    try ring.start()
    try consumers.start()
    try input.start()
    var stopAt: MonotonicTime?
    /// Whether waiting has no sense any more after a stop: nothing gets through, or the time is over.
    func isOver() -> Bool {
      if stopAt == nil, isStopAsked() {
        // The rest of the grace is for requests under way and the ring's last sync.
        stopAt = clock.now() + max(.milliseconds(100), configuration.agent.grace - .seconds(2))
        input.stop()
      }
      guard let stopAt else { return false }
      return clock.now() >= stopAt || consumers.obstacle != nil
    }
    while !input.hasEnded {
      // A reader that waits for room in a full ring ends when the ring takes no more.
      if isOver() { _ = ring.drainIntake(until: clock.now()) }
      PosixThread.sleep(.milliseconds(20))
    }
    let counts = input.join()
    let deadline = clock.now() + configuration.pipe.drainTimeout
    while !ring.drainIntake(until: clock.now() + .milliseconds(100)) {
      if clock.now() >= deadline || isOver() || ring.snapshot().readOnlyReason != nil { break }
    }
    while clock.now() < deadline, !consumers.isDone(ring.snapshot()), !isOver() {
      PosixThread.sleep(.milliseconds(10))
    }
    // Asked before it stops: afterwards nothing stands in the way any more.
    let obstacle = consumers.reasonForWaiting
    consumers.stop(until: clock.now() + .seconds(1))
    ring.stopLeasing()
    ring.close()
    refusedLog.close()
    return PipeReport(
      configuration, read: counts, before: before, after: ring.snapshot().ledger,
      obstacle: obstacle)
  }
}
