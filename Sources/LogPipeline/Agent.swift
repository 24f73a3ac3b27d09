import Synchronization

/// Builds the stages and joins them; read this first.
///
/// ```text
/// senders -> Intakes -> EventProcessor -> BlockBuilder -> Ring -> Delivery or ArchiveConsumer
///               ^                                          |
///               '-------- durable tickets (answer 200) ----'
/// ```
///
/// Made, started, stopped: each once, by the main thread. Threads are owned by the stages; `stop` joins them all.
package final class Agent {
  private let configuration: Configuration
  private let clock: any Clock
  private let ring: Ring
  private let intakes: IntakeGroup
  /// nil: no files are followed.
  private let follow: FollowInput?
  private let consumers: AgentConsumers
  private var control: ControlServer?
  private let refusedLog: RefusedLog
  private let admin: AdminServer?
  private let status: AgentStatus
  private let tap = EventTap()
  private let reloading: AgentReload
  private var fullRing = FullRingNotice()
  /// The ports that were bound; nil where none is configured.
  package var tcpPort: UInt16? { intakes.tcpPort }
  package var webhookPort: UInt16? { intakes.webhookPort }
  package let adminPort: UInt16?

  /// Opens the ring, making it first, and binds the ports; nothing is accepted before ``start()``. The admin page
  /// answers already while that goes on, which at a first start takes as long as writing `ring.size`.
  ///
  /// - Throws: what is wrong; or ``AgentStopped``.
  package init(
    _ configuration: Configuration, clock: any Clock = SystemClock(),
    start: AgentStart = AgentStart()
  ) throws {
    self.configuration = configuration
    self.clock = clock
    let settings = AgentSettings(configuration: configuration)
    let stateDirectory = configuration.agent.stateDirectory
    try AgentSettings.makeStateDirectory(stateDirectory)
    let rules = settings.eventRules(try settings.contentKey())
    let prices = try settings.priceCatalog()
    // What would end the start anyway must not wait for the ring.
    let inputs = try settings.intake()
    try settings.checkDelivery()
    reloading = AgentReload(
      configuration, source: start.source, prices: prices, contentKey: rules.contentKey,
      isQuiet: start.style == .quiet, clock: clock)
    let updates = reloading.updates
    let agentName = configuration.agent.id == "auto" ? Environment.hostName : configuration.agent.id
    let front = AgentFront(agent: agentName, clock: clock)
    (admin, adminPort) = try Self.makeAdmin(configuration.admin.listen, front)
    try admin?.start()
    let durable = DurableTickets()
    let ringSettings = try settings.ring(at: "\(stateDirectory)/ring")
    try start.makeRing(ringSettings, clock: clock) { percent in
      front.setStarting("making the ring, \(percent) %")
      ServiceManager.tellStarting("making the ring, \(percent) %")
    }
    front.setStarting("opening the ring")
    ring = try Ring.open(
      ringSettings, clock: clock,
      onDurable: { intake, ticket in durable.announce(intake: intake, ticket: ticket) },
      onRoom: { durable.announceRoom() })
    AgentStart.tellDurability(ring, ringSettings)
    AgentStart.tell(ringSettings.compression, asked: configuration.ring.compression)
    refusedLog = try RefusedLog(
      path: settings.refusedPath, capBytes: UInt64(configuration.inputs.refusedBytesMax))
    let (buffers, watched) = (ring.buffers, tap)
    var counters: [SharedEventCounters] = []
    var usage: [UsageBook] = []
    func makeWork(_ intake: Int) throws -> IntakeWork {
      let book = UsageBook()
      let processor = try EventProcessor(
        rules: rules, prices: prices.books, clock: clock, intake: intake, usage: book,
        updates: updates)
      let builder = BlockBuilder(intake: intake, buffers: buffers)
      let shared = SharedEventCounters()
      counters.append(shared)
      usage.append(book)
      return IntakeWork(
        mill: FrameMill(processor: processor, builder: builder, tap: watched),
        publish: { shared.publish(processor.counters) })
    }
    let work = try (0..<configuration.intake.threads).map(makeWork)
    intakes = try IntakeGroup(
      inputs, work: work, sink: ring, refusedLog: refusedLog, clock: clock,
      scrub: { RefusedFrame.shape(of: $0) })
    for intake in intakes.intakes { durable.connect(intake) }
    if let wanted = settings.follow() {
      let work = try makeWork(wanted.intake)
      let input = try FollowInput(
        wanted, mill: work.mill, sink: ring, refusedLog: refusedLog, clock: clock,
        publishMore: work.publish)
      durable.connect(input)
      follow = input
    } else {
      follow = nil
    }
    consumers = try AgentConsumers.make(settings, ring: ring, clock: clock)
    status = AgentStatus(
      agent: agentName, ring: ring, intakes: intakes, follow: follow, consumers: consumers,
      counters: counters, usage: usage, refusedLog: refusedLog,
      waitsWhenFull: configuration.ring.whenFull == .block, clock: clock)
    front.setRunning(status)
    reloading.setOnReload { [consumers, intakes] in
      consumers.reload()
      intakes.reload()
    }
  }

  /// Starts all threads; from then on events are accepted.
  package func start() throws {
    try ring.start()
    try consumers.start()
    try intakes.start()
    try follow?.start()
    control = AgentControl.start(
      AgentSettings(configuration: configuration), consumers, reloading,
      AgentControl.streams(tap, status.usage, clock: clock) { [status] in status.snapshot },
      clock: clock)
    status.setNotReady(nil)
    Log.info(
      "Taking events.", ("tcp", "\(tcpPort ?? 0)"), ("webhook", "\(webhookPort ?? 0)"),
      ("admin", "\(adminPort ?? 0)"),
      ("to", AgentSettings(configuration: configuration).destination))
    ServiceManager.tellReady()
  }

  /// The two sums, now.
  package var ledger: Ledger { status.ledger }

  /// Once a second from the main thread: passes on what the intakes can not see by themselves, and renews their
  /// certificate.
  package func look() {
    ServiceManager.tellAlive()
    ring.lookAtFile()
    intakes.lookAtCertificate()
    reloading.look()?.log(because: "A file of the configuration has changed")
    let snapshot = ring.snapshot()
    intakes.setReadOnly(snapshot.readOnlyReason != nil || ring.file.isGone)
    tellFullRing(snapshot)
  }

  private func tellFullRing(_ ring: RingSnapshot) {
    let waiting = ("waiting", "\(ring.ledger.waiting)")
    switch fullRing.look(isFull: status.isFull(ring), at: clock.now()) {
    case nil: break
    case .full:
      Log.error(
        "The ring is full: inputs wait until delivery makes room. Nothing that was accepted is lost; TCP is read no further, the webhook answers 503. Mend delivery, or make the ring larger (sheepshipper ring resize)",
        waiting, ("delivery", consumers.reasonForWaiting ?? "goes on, slower than events come"))
    case .room(let span):
      Log.info(
        "The ring takes events again",
        ("full_for", TextAmount.span(seconds: UInt64(max(0, span.inSeconds)))), waiting
      )
    }
  }

  /// SIGHUP: reads the configuration, prices, credentials and keys again, and takes over all of it that can be without
  /// a restart; nothing at all when something in it is wrong.
  package func reload() { reloading.reload().log(because: "SIGHUP") }

  /// Stops in order, so that every event that was read is stored, and answers are true. Takes at most `agent.grace`.
  package func stop() {
    let began = clock.now()
    let grace = configuration.agent.grace
    let last = began + max(.milliseconds(100), grace - .seconds(2))
    status.setNotReady("shutting down")
    // Files stay where they are: they are read no further at once, and the ring's room is for senders.
    follow?.requestStop(until: last)
    intakes.requestStop(readUntil: began + grace * 0.5, answerUntil: last)
    ServiceManager.tellStopping()
    _ = follow?.waitUntilHandedOver()
    _ = intakes.waitUntilHandedOver()
    if !ring.drainIntake(until: last) {
      Log.error(
        "Stopping before everything that was read is on disk; its senders got no answer or 503 and will send it again."
      )
    }
    follow?.finish()
    intakes.finishAnswers()
    follow?.join()
    intakes.join()
    waitForDelivery(until: last)
    consumers.stopResending()
    // Before the ring's lock is given back: the next agent makes its own.
    control?.stop()
    consumers.stop(until: last)
    ring.stopLeasing()
    ring.close()
    refusedLog.close()
    let ledger = ledger
    Log.info(
      "Stopped.", ("accepted", "\(ledger.accepted)"), ("delivered", "\(ledger.delivered)"),
      ("waiting", "\(ledger.waiting)"))
    admin?.stop()
  }

  /// Gives delivery the rest of the time, unless nothing gets through anyway: what waits is safe in the ring.
  private func waitForDelivery(until deadline: MonotonicTime) {
    while clock.now() < deadline, !consumers.isDoneOrStuck(ring.snapshot()) {
      PosixThread.sleep(.milliseconds(10))
    }
  }

  private static func makeAdmin(
    _ listen: ListenAddress?, _ front: AgentFront
  ) throws -> (AdminServer?, UInt16?) {
    guard let listen else { return (nil, nil) }
    let listener: TcpListener
    do { listener = try TcpListener(listeningOn: listen.description) } catch {
      throw IntakeError.cannotListen(
        setting: "admin.listen", address: listen.description, cause: error)
    }
    let port = listener.port
    Log.info("The admin page answers.", ("listen", "\(listen.host):\(port)"))
    let server = AdminServer(
      listener: listener.intoDescriptor(), listenHost: listen.host, snapshot: { front.snapshot })
    return (server, port)
  }
}
