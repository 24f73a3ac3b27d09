import Synchronization

/// Leases blocks, sends them, and does what ``DeliveryCore`` decides about the answers: a loop on a thread of its own.
///
/// What could not be settled yet is held by the core, within `heldItemsMax`, and tried again beside new blocks.
final class Sender {
  let number: Int
  let context: DeliveryContext
  let settings: ElasticsearchConfiguration
  var transport: Transport
  private let reader = BlockReader()
  private let deflater: PieceDeflater
  private var core: DeliveryCore
  private var limiter = LogLimiter()
  private var reloadsSeen = 0

  init(number: Int, context: DeliveryContext) throws(DeliveryError) {
    self.number = number
    self.context = context
    settings = context.settings
    transport = try Transport(context.settings, stop: context.stop, clock: context.clock)
    core = DeliveryCore(context.settings)
    deflater = PieceDeflater(settings.compression)
  }

  /// How long a sender that can take no more waits before it looks whether another has found a way.
  private static let look = Duration.seconds(1)

  var now: MonotonicTime { context.clock.now() }
  private var isStopping: Bool { context.stop.isAsked }

  /// Until the source has ended and all is settled, or the stop signal; then nothing is held any more.
  func run() {
    prepareTemplate()
    while !isStopping {
      let now = now
      context.delivered?.syncIfDue(at: now)
      if let resume = context.board.withLock({ $0.resume(at: now) }) {
        sleep(until: resume)
      } else if let shipment = nextShipment(at: now) {
        ship(shipment)
      } else if context.source.hasEnded {
        if core.isEmpty { break }
        sleepUntilDue()
      }
    }
    let rest = core.releaseAll()
    if !rest.isEmpty { context.source.release(rest) }
    noteHeld()
    context.monitor.setState(.stopped, of: number)
  }

  /// What is due, filled up with new blocks; nil when nothing came in the time of a flush.
  private func nextShipment(at now: MonotonicTime) -> Shipment? {
    var shipment: Shipment?
    context.board.withLock { shipment = core.takeDue(at: now, &$0) }
    if shipment?.travelsAlone != true { fill(&shipment, at: now) }
    if let filled = shipment { context.board.withLock { shipment = core.prepare(filled, $0) } }
    return shipment
  }

  /// Adds new blocks while there is room, waiting for the first of them, and a little for company.
  private func fill(_ shipment: inout Shipment?, at now: MonotonicTime) {
    if !core.hasRoom { setStuckAside() }
    guard core.hasRoom else {
      if shipment == nil { sleepUntilDue() }
      return
    }
    let (nextDue, bytesMax) = context.board.withLock {
      (core.nextDue($0), $0.bodySize.targetBytes)
    }
    let flushAt = min(now + settings.flush, nextDue)
    let isRetry = shipment != nil
    var wait = isRetry ? now : flushAt
    while true {
      let bytes = shipment?.rawBytes ?? 0
      let items = shipment?.itemCount ?? 0
      let room = (bytes: bytesMax - bytes, items: settings.bodyItemsMax - items)
      guard room.bytes > 0, room.items > 0 else { return }
      // A block larger than the room comes too; the shipment is cut to size before it goes.
      let pieces = lease(rawBytesMax: room.bytes, itemsMax: room.items, until: wait)
      if !pieces.isEmpty {
        if shipment == nil { shipment = Shipment([], due: now) }
        shipment?.pieces += pieces
      }
      // What is tried again has waited long enough.
      guard !isRetry, let filled = shipment, filled.rawBytes < settings.flushBytes,
        !context.source.hasEnded, !isStopping, self.now < flushAt
      else { return }
      // In steps, not block by block: at a low rate that costs ten wakeups a second.
      sleep(until: min(self.now + min(settings.flush, .milliseconds(100)), flushAt))
      wait = self.now
    }
  }

  private func lease(rawBytesMax: Int, itemsMax: Int, until deadline: MonotonicTime) -> [Piece] {
    guard
      let batch = context.source.lease(
        rawBytesMax: rawBytesMax, itemsMax: itemsMax, until: deadline)
    else { return [] }
    let (pieces, finished) = core.accept(batch.blocks)
    if !finished.isEmpty { context.source.release(finished) }
    // The duty is the core's from here on: each block is settled, set aside, or released.
    batch.finish()
    return pieces
  }

  private func ship(_ shipment: Shipment) {
    guard let choice = context.board.withLock({ $0.begin(at: now) }) else {
      return context.board.withLock { core.putBack(shipment, at: now, &$0) }
    }
    // After three silent ends of the connection: perhaps something between here and there breaks gzip.
    let isGzip = shipment.closedCount < 3
    let body: BulkBody
    do {
      body = try BulkBody(shipment.pieces, isGzip: isGzip, reader: reader, deflater: deflater)
    } catch {
      var actions: [DeliveryAction] = []
      context.board.withLock {
        $0.hosts.withdraw(choice, at: now)
        $0.end()
        actions = core.keep(shipment, at: now, &$0)
      }
      complain("damaged", "\(error)", isError: true)
      return perform(actions, nil)
    }
    let (host, isAlone) = context.board.withLock {
      ($0.hosts.url(of: choice.host), !$0.hosts.isAnotherOpen(than: choice.host))
    }
    var request = HttpRequest(
      method: .post, path: settings.bulkPath, contentType: "application/x-ndjson", isGzip: isGzip,
      body: body.bytes)
    // A host that may hang must not hold up what another one takes.
    if choice.isProbe, !isAlone { request.timeout = TransportTimes.probe }
    reloadIfAsked()
    let begun = now
    let result = transport.send(request, to: host)
    let took = now.since(begun)
    context.monitor.noteRequest(body, took: took)
    let verdict = Judge.judge(
      result, itemsSent: body.itemCount, wallMilliseconds: context.clock.wallMilliseconds())
    var shipment = shipment
    if case .success(let answer) = result, answer.wasSentTwice { shipment.noteUnclear() }
    let exchange = DeliveryCore.Exchange(
      choice: choice, took: took, rawBytes: body.rawBytes, isGzip: isGzip)
    var actions: [DeliveryAction] = []
    context.board.withLock { board in
      actions = core.judge(shipment, verdict, exchange, at: now, &board)
      context.monitor.setHosts(board.hosts.snapshot)
    }
    perform(actions, (shipment, body))
    setStuckAside()
    noteHeld()
  }

  // MARK: actions

  private func perform(_ actions: [DeliveryAction], _ sent: (Shipment, BulkBody)?) {
    record(actions)
    for action in actions {
      switch action {
      case .settle(let held, let items):
        context.source.settle(Settlement(block: held.block.id, items: items))
      case .bury(let dead): bury(dead)
      case .refused(let isParked, let day, let sample, let items, let error):
        tellRefused(isParked, day, sample, items, error)
      case .unparked(let day): tellUnparked(day)
      case .tell(let matter, let message, let isError):
        complain(matter, message, isError: isError)
      case .state(let state): noteState(state)
      case .resumed(let span): tellResumed(span)
      case .count(let items, let cause): context.monitor.count(items, cause)
      case .delivered(let items, let duplicates):
        context.monitor.noteDelivered(items, duplicates: duplicates)
      case .rereadCredentials: rereadCredentials()
      case .checkBody: if let (shipment, body) = sent { check(body, of: shipment) }
      }
    }
  }

  private func noteState(_ state: DeliverySnapshot.State) {
    context.monitor.setState(state, of: number)
    guard state == .ok else { return }
    let milliseconds = context.clock.wallMilliseconds()
    context.monitor.update { $0.lastSuccessMilliseconds = milliseconds }
  }

  private func tellResumed(_ span: Duration) {
    let seconds = ("after_seconds", "\(Int64(span.inSeconds.rounded()))")
    let message = "Elasticsearch takes events again; what waits is sent now"
    guard let waiting = context.source.waitingCount else { return Log.info(message, seconds) }
    Log.info(message, seconds, ("waiting", "\(waiting)"))
  }

  /// Writes dead letters, waits for the disk, then settles. When they can not be written their items are kept.
  private func bury(_ dead: [DeliveryAction.Dead]) {
    do throws(DeliveryError) {
      var letters: [DeadLetter] = []
      for one in dead { letters.append(try letter(one)) }
      try context.deadLetters.write(letters)
    } catch {
      complain("dead letters", "\(error)", isError: true)
      return perform(core.notBuried(dead, at: now), nil)
    }
    perform(core.buried(dead), nil)
    context.monitor.update { $0.deadLettered += UInt64(dead.count) }
    complain(
      "dead",
      """
      \(dead.count) events are refused for good\(DeliveryWords.of(dead[0].error)); they are in \
      \(context.deadLetters.path).
      """, isError: true)
  }

  private func letter(_ dead: DeliveryAction.Dead) throws(DeliveryError) -> DeadLetter {
    let block = dead.piece.held.block
    let event = try reader.event(dead.index, of: dead.piece.held)
    return DeadLetter(
      ring: context.deadLetters.streamOf(block),
      sequence: block.firstSequence + UInt64(dead.index), isCopy: block.isCopy,
      index: event.index, id: event.id, status: dead.error.status, type: dead.error.type,
      reason: ReasonScrubber.scrub(dead.error.reason), attempts: dead.piece.attempts + 1,
      atMilliseconds: context.clock.wallMilliseconds(), document: event.document)
  }

  private func tellRefused(
    _ isParked: Bool, _ day: Int32, _ sample: Piece, _ items: Int, _ error: ItemError
  ) {
    let name = (try? reader.event(sample.items[0], of: sample.held).index) ?? "(unknown)"
    if isParked { context.monitor.park(day, index: name, reason: error.type) }
    let what =
      isParked
      ? "Its events are kept; one is tried every \(settings.parkDelay.milliseconds / 1000) s"
      : "They are kept and tried again every \(settings.parkDelay.milliseconds / 1000) s"
    complain(
      "park \(name) \(error.type)",
      """
      Index \(name) does not take \(items) events\(DeliveryWords.of(error)). \(what); events of \
      other indices go on.
      """, isError: true)
  }

  private func tellUnparked(_ day: Int32) {
    context.source.recall()
    guard let name = context.monitor.unpark(day) else { return }
    Log.info("Index \(name) takes events again; those that waited for it are sent.")
  }

  private func setStuckAside() {
    guard context.source.canRelocate else { return }
    let stuck = context.board.withLock { core.takeStuck(at: now, $0) }
    guard !stuck.isEmpty else { return }
    for one in stuck {
      context.source.relocate(one.block, items: one.items, isParked: one.isParked)
      if one.isDone { context.source.release([one.block]) }
    }
    complain(
      "aside",
      "\(stuck.reduce(0) { $0 + $1.items.count }) events that could not be delivered for now were set aside in the ring, so that others pass; they come again later.",
      isError: false)
  }

  /// The server closed the connection on this body, or judged it broken: is it? A block that is not what it should be
  /// is put together anew from its lines the next time.
  private func check(_ body: BulkBody, of shipment: Shipment) {
    guard let fault = body.fault else {
      return complain(
        "body whole",
        """
        The body that was refused was checked: its \(body.bytes.count) bytes inflate to the \
        \(body.rawBytes) of \(body.itemCount) events with the right checksum. What stands between \
        here and Elasticsearch may break it, or the server wants no gzip.
        """, isError: false)
    }
    for piece in shipment.pieces { piece.held.mustBeRebuilt = true }
    complain(
      "body broken",
      """
      The body that was refused is broken: \(fault). Its \(body.itemCount) events are put together \
      anew from the ring. Check this machine's memory.
      """, isError: true)
  }

  // MARK: helpers

  private func reloadIfAsked() {
    let reloads = context.reloads.load(ordering: .acquiring)
    guard reloads != reloadsSeen else { return }
    reloadsSeen = reloads
    rereadCredentials()
  }

  /// After a 401 or 403: the operator may have put new ones in place.
  func rereadCredentials() {
    do throws(DeliveryError) { try transport.rereadCredentials() } catch {
      complain("credentials", "\(error)", isError: true)
    }
  }

  /// Waits; a stop ends it at once.
  func sleep(until moment: MonotonicTime) { _ = context.controls[number].take(until: moment) }

  private func sleepUntilDue() {
    let due = context.board.withLock { core.nextDue($0) }
    sleep(until: min(due, now + Self.look))
  }

  private func noteHeld() { context.monitor.setHeld(items: core.lateItemCount, of: number) }

  /// Logs what an operator would act on; the same matter at most twice a minute.
  func complain(_ matter: String, _ message: String, isError: Bool) {
    context.monitor.update {
      $0.lastErrorText = message
      $0.lastErrorMilliseconds = context.clock.wallMilliseconds()
    }
    guard limiter.allows(matter, at: now) else { return }
    context.board.withLock { $0.noteTold() }
    if isError { Log.error(message) } else { Log.warning(message) }
  }
}
