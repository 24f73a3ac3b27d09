import LogPipeline

/// Delivery cores, a source and a cluster in simulated time, and a judge of what came of each event.
struct CoreWorld {
  static let firstDay: Int32 = 20_777
  static let start = MonotonicTime(nanoseconds: 1_000_000_000)

  var cluster: CoreCluster
  private(set) var problems: [String] = []
  private(set) var actions: [DeliveryAction] = []
  private let settings: ElasticsearchConfiguration
  private var board: DeliveryBoard
  private var cores: [DeliveryCore]
  private var nextTimes: [MonotonicTime]
  private var random: SeededRandom
  private var waiting: [StoredBlock] = []
  private var outcomes: [String: ItemOutcome] = [:]
  private var blocks: [UInt64: StoredBlock] = [:]
  private var eventCount = 0
  private var lastTraffic = Self.start

  init(seed: UInt64, faultPercent: Int? = nil, senders: Int? = nil) throws {
    random = SeededRandom(seed: seed)
    var settings = ElasticsearchConfiguration(hosts: ["http://a", "http://b"])
    settings.senders = senders ?? Int.random(in: 1...3, using: &random)
    settings.bodyItemsMax = Int.random(in: 5...60, using: &random)
    settings.heldItemsMax = Int.random(in: 50...400, using: &random)
    settings.deadShareMax = 1
    self.settings = settings
    board = DeliveryBoard(settings, hosts: settings.hosts, seed: seed)
    cores = (0..<settings.senders).map { _ in DeliveryCore(settings) }
    nextTimes = cores.map { _ in Self.start }
    cluster = CoreCluster(
      seed: seed &+ 1, faultPercent: faultPercent ?? Int.random(in: 0...60, using: &random))
    for id in 1...UInt64(Int.random(in: 5...40, using: &random)) {
      let count = Int.random(in: 1...40, using: &random)
      let day = Self.firstDay + Int32.random(in: 0...2, using: &random)
      let block = try BlockFactory.block(id: id, count: count, codec: .raw, day: day)
      blocks[id] = block
      waiting.append(block)
      eventCount += count
    }
  }

  /// Until all is settled; faults end after an hour.
  mutating func run() throws {
    for _ in 0..<200_000 {
      guard let turn = nextTimes.indices.min(by: { nextTimes[$0] < nextTimes[$1] }) else { return }
      let now = nextTimes[turn]
      try addTraffic(at: now)
      nextTimes[turn] = try step(turn, at: now)
      if waiting.isEmpty, cores.allSatisfy(\.isEmpty) { return finish() }
    }
    problems.append(
      "no end: \(waiting.count) blocks wait, held \(cores.map(\.heldItemCount)), time \(nextTimes)")
  }

  /// What is refused alone is judged by what passes meanwhile: a good event a minute goes on coming.
  private mutating func addTraffic(at now: MonotonicTime) throws {
    guard waiting.isEmpty, now.since(lastTraffic) > .seconds(60) else { return }
    lastTraffic = now
    let id = 1_000 + UInt64(blocks.count)
    let block = try BlockFactory.block(id: id, count: 1, codec: .raw, day: Self.firstDay)
    blocks[id] = block
    waiting.append(block)
    eventCount += 1
  }

  private mutating func step(_ turn: Int, at now: MonotonicTime) throws -> MonotonicTime {
    if let resume = board.resume(at: now) { return resume }
    var shipment = cores[turn].takeDue(at: now, &board)
    if shipment?.travelsAlone != true { fill(&shipment, turn, at: now) }
    guard let filled = shipment, let sent = cores[turn].prepare(filled, board) else {
      return max(now + .milliseconds(1), min(cores[turn].nextDue(board), now + .seconds(1)))
    }
    guard let choice = board.begin(at: now) else {
      cores[turn].putBack(sent, at: now, &board)
      return now + .milliseconds(10)
    }
    check(sent, at: now)
    let (result, took) = cluster.answer(sent, at: now.since(Self.start))
    let then = now + took
    let verdict = Judge.judge(result, itemsSent: sent.itemCount, wallMilliseconds: 0)
    let exchange = DeliveryCore.Exchange(choice: choice, took: took, rawBytes: sent.rawBytes)
    perform(cores[turn].judge(sent, verdict, exchange, at: then, &board), turn, at: then)
    return then
  }

  private mutating func fill(_ shipment: inout Shipment?, _ turn: Int, at now: MonotonicTime) {
    guard cores[turn].hasRoom, !waiting.isEmpty else { return }
    let (pieces, _) = cores[turn].accept([waiting.removeFirst()])
    shipment = shipment ?? Shipment([], due: now)
    shipment?.pieces += pieces
  }

  /// What holds of every request.
  private mutating func check(_ shipment: Shipment, at now: MonotonicTime) {
    if shipment.itemCount > settings.bodyItemsMax { problems.append("a body over its limit") }
    if shipment.itemCount == 0 { problems.append("an empty request") }
    var seen: Set<String> = []
    for id in CoreCluster.ids(shipment) where !seen.insert(id).inserted || outcomes[id] != nil {
      problems.append("\(id) was sent although it was settled, or twice in one request")
    }
    if let day = shipment.probes, shipment.itemCount != 1 {
      problems.append("a probe of day \(day) with \(shipment.itemCount) events")
    }
  }

  private mutating func perform(
    _ new: [DeliveryAction], _ turn: Int, at now: MonotonicTime
  ) {
    actions += new
    for action in new {
      switch action {
      case .settle(let held, let items):
        for item in items { note("\(held.block.id)-\(item.index)", item.outcome) }
      case .bury(let dead):
        // The disk of the dead letters fails at times.
        let isWritten = Int.random(in: 0..<4, using: &random) > 0
        perform(
          isWritten ? cores[turn].buried(dead) : cores[turn].notBuried(dead, at: now), turn, at: now
        )
      default: break
      }
    }
  }

  private mutating func note(_ id: String, _ outcome: ItemOutcome) {
    if let before = outcomes.updateValue(outcome, forKey: id) {
      problems.append("\(id) ended twice: \(before), \(outcome)")
    }
    let isStored = cluster.stored.contains(id)
    switch outcome {
    case .delivered, .duplicate:
      if !isStored { problems.append("\(id) is called \(outcome) and is not stored") }
      if outcome == .duplicate, !cluster.foreign.contains(id) {
        problems.append("\(id) is called a duplicate and was stored by us")
      }
    case .deadLettered:
      if isStored || !cluster.isBad(id) { problems.append("\(id) is a dead letter and good") }
    }
  }

  private mutating func finish() {
    if outcomes.count != eventCount {
      problems.append("\(outcomes.count) of \(eventCount) events ended")
    }
    for id in outcomes.keys where cluster.isBad(id) && outcomes[id] != .deadLettered {
      problems.append("\(id) can not be stored and is called \(String(describing: outcomes[id]))")
    }
  }
}
