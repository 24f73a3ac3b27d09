/// Leases blocks, sends them, judges the answers and settles: a loop on a thread of its own.
///
/// Decisions are made by ``Judge``; this performs them. What could not be settled yet is held here, within
/// `heldItemsMax`, and tried again beside new blocks.
final class Sender {
  let number: Int
  let context: DeliveryContext
  let settings: ElasticsearchConfiguration
  var transport: Transport
  let reader: BlockReader
  let deflater: PieceDeflater
  var random: SeededRandom
  var hosts: Hosts
  let itemBackoff: Backoff
  var bodySize: BodySize
  var deadShare: DeadShare
  var queue = RetryQueue()
  /// Leased and not wholly settled, by id.
  var held: [UInt64: HeldBlock] = [:]
  var parked: [String: String] = [:]
  /// Nothing is sent before; pauses in a row make it longer.
  var pausedUntil = MonotonicTime(nanoseconds: 0)
  var pausesInARow = 0
  /// Requests refused whole with 400 since one was taken.
  var refusalsInARow = 0
  var lastSuccess = MonotonicTime(nanoseconds: 0)
  var limiter = LogLimiter()

  init(number: Int, context: DeliveryContext) throws(DeliveryError) {
    self.number = number
    self.context = context
    settings = context.settings
    transport = try Transport(context.settings, stop: context.stop, clock: context.clock)
    reader = BlockReader()
    deflater = PieceDeflater(settings.compression)
    random = SeededRandom(seed: context.seed &+ UInt64(number))
    itemBackoff = Backoff(base: settings.retryBase, longest: settings.retryMax)
    hosts = Hosts(context.hosts, first: number, backoff: itemBackoff)
    bodySize = BodySize(bytesMax: settings.bodyBytesMax)
    deadShare = DeadShare(shareMax: settings.deadShareMax)
  }

  /// An item that failed so often is set aside when room is short.
  static let attemptsBeforeAside = 8
  /// Others pass if something was taken within this time.
  static let passingLately = Duration.seconds(60)

  var now: MonotonicTime { context.clock.now() }
  private var isStopping: Bool { context.stop.isAsked }

  /// Until the source has ended and all is settled, or the stop signal; then nothing is held any more.
  func run() {
    prepareTemplate()
    while !isStopping {
      let now = now
      let resume = max(pausedUntil, hosts.earliest)
      if resume > now {
        sleep(until: resume)
      } else if let shipment = nextShipment(at: now) {
        ship(shipment)
      } else if context.source.hasEnded {
        if held.isEmpty { break }
        sleep(until: queue.nextDue)
      }
    }
    releaseAll()
    context.monitor.setState(.stopped, of: number)
  }

  /// What is due, filled up with new blocks; nil when nothing came in the time of a flush.
  private func nextShipment(at now: MonotonicTime) -> Shipment? {
    var shipment = queue.takeDue(
      at: now, rawBytesMax: bodySize.targetBytes, itemsMax: settings.bodyItemsMax)
    if shipment?.isolatedSince == nil { fill(&shipment, at: now) }
    guard var shipment else { return nil }
    if let rest = shipment.cutOff(
      rawBytesMax: bodySize.targetBytes, itemsMax: settings.bodyItemsMax)
    {
      queue.add(rest)
    }
    return shipment
  }

  /// Adds new blocks while there is room, waiting for the first of them, and a little for company.
  private func fill(_ shipment: inout Shipment?, at now: MonotonicTime) {
    guard heldItemCount < settings.heldItemsMax else {
      if shipment == nil { sleep(until: queue.nextDue) }
      return
    }
    let flushAt = min(now + settings.flush, queue.nextDue)
    let isRetry = shipment != nil
    var wait = isRetry ? now : flushAt
    while true {
      let bytes = shipment?.rawBytes ?? 0
      let items = shipment?.itemCount ?? 0
      let room = (bytes: bodySize.targetBytes - bytes, items: settings.bodyItemsMax - items)
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
    var pieces: [Piece] = []
    for block in batch.blocks {
      let taken = HeldBlock(block)
      guard taken.owedCount > 0 else {
        context.source.release([block.id])
        continue
      }
      held[block.id] = taken
      pieces.append(Piece(held: taken, items: taken.owedItems))
    }
    // The duty is this sender's from here on: `held` is settled block by block, or released.
    batch.finish()
    return pieces
  }

  var heldItemCount: Int { held.values.reduce(0) { $0 + $1.owedCount } }

  private func ship(_ shipment: Shipment) {
    // After three silent ends of the connection: perhaps something between here and there breaks gzip.
    let isGzip = shipment.closedCount < 3
    let body: BulkBody
    do {
      body = try BulkBody(shipment.pieces, isGzip: isGzip, reader: reader, deflater: deflater)
    } catch {
      complain("damaged", "\(error)", isError: true)
      return park(shipment.pieces)
    }
    guard let host = hosts.next(at: now) else { return queue.add(shipment) }
    let request = HttpRequest(
      method: .post, path: bulkPath, contentType: "application/x-ndjson", isGzip: isGzip,
      body: body.bytes)
    let begun = now
    let result = transport.send(request, to: hosts.url(of: host))
    let took = now.since(begun)
    context.monitor.update {
      $0.requests += 1
      $0.rawBytes += UInt64(body.rawBytes)
      $0.wireBytes += UInt64(body.bytes.count)
      $0.requestSeconds += took.inSeconds
    }
    let verdict = Judge.judge(
      result, itemsSent: body.itemCount, wallMilliseconds: context.clock.wallMilliseconds())
    var shipment = shipment
    if case .success(let answer) = result, answer.wasSentTwice { shipment.noteUnclear() }
    perform(verdict, on: shipment, host: host, took: took)
    setStuckAside()
    noteHeld()
  }

  private var bulkPath: String {
    "/_bulk?filter_path=errors,items.*.status,items.*.error&timeout="
      + "\(settings.serverTimeout.milliseconds)ms"
  }

  /// Waits; a stop ends it at once.
  func sleep(until moment: MonotonicTime) { _ = context.controls[number].take(until: moment) }

  private func releaseAll() {
    if !held.isEmpty { context.source.release(held.keys.sorted()) }
    held.removeAll()
    queue = RetryQueue()
    parked.removeAll()
    noteHeld()
  }

  func noteHeld() {
    let count = queue.isEmpty ? 0 : heldItemCount
    context.monitor.setHeld(items: count, parked: parked, of: number)
  }

  /// Logs what an operator would act on; the same matter at most twice a minute.
  func complain(_ matter: String, _ message: String, isError: Bool) {
    context.monitor.update {
      $0.lastErrorText = message
      $0.lastErrorMilliseconds = context.clock.wallMilliseconds()
    }
    guard limiter.allows(matter, at: now) else { return }
    if isError { Log.error(message) } else { Log.warning(message) }
  }
}
