import LogPipeline
import Testing

/// Goal: whatever answers come, in whatever order and from however many senders, each event ends exactly once, and as
/// what it really became. Method: cores over a cluster in memory, in simulated time; a seed decides blocks, faults and
/// their times. A failure names the seed.
@Suite struct DeliveryCoreTests {
  @Test(arguments: [0, 1, 2, 3])
  func `each event ends once, as what it became, under random answers`(quarter: UInt64) throws {
    for seed in quarter * 150..<(quarter + 1) * 150 {
      var world = try CoreWorld(seed: seed)
      try world.run()
      #expect(world.problems == [], "seed \(seed)")
      if !world.problems.isEmpty { return }
    }
  }

  @Test func `an index that takes nothing gets one event at a time until it takes again`() throws {
    var world = try CoreWorld(seed: 1, faultPercent: 0, senders: 3)
    world.cluster.closedDays[CoreWorld.firstDay] = .seconds(0) ... .seconds(600)
    try world.run()
    #expect(world.problems == [])
    let refused = world.cluster.refusedRequests.filter { $0.day == CoreWorld.firstDay }
    // What was under way when it closed comes in one piece from each sender; then one event every 30 seconds.
    let whole = refused.filter { $0.items > 1 }
    #expect(whole.count <= 3, "\(whole)")
    #expect(refused.count - whole.count <= 21, "\(refused.count) probes in 600 seconds")
    #expect(world.cluster.takenWhileClosed > 0, "other days went on")
  }

  @Test func `one document with a fault nobody knows does not park its index`() throws {
    var world = try CoreWorld(seed: 2, faultPercent: 0, senders: 1)
    world.cluster.oddUntil = .seconds(100)
    try world.run()
    #expect(world.problems == [])
    #expect(
      world.actions.contains { if case .refused(false, _, _, _, _) = $0 { true } else { false } })
    #expect(
      !world.actions.contains { if case .refused(true, _, _, _, _) = $0 { true } else { false } })
  }

  @Test func `a probe whose event can not be read does not keep its index parked`() throws {
    var settings = ElasticsearchConfiguration(hosts: ["http://a"])
    settings.parkDelay = .seconds(30)
    var board = DeliveryBoard(settings, hosts: settings.hosts, seed: 1)
    var core = DeliveryCore(settings)
    var now = CoreWorld.start
    let block = try BlockFactory.block(id: 1, count: 3, codec: .raw, day: CoreWorld.firstDay)
    let error = ItemError(status: 403, type: "cluster_block_exception", reason: "")
    let isRoom = board.parked.park(CoreWorld.firstDay, error, probeAt: now)
    #expect(isRoom)
    let whole = Shipment(core.accept([block]).pieces, due: now)
    let sent = core.prepare(whole, board)
    #expect(sent == nil, "all of it waits")
    for _ in 0..<3 {
      let taken = core.takeDue(at: now, &board)
      let probe = try #require(taken)
      #expect(probe.probes == CoreWorld.firstDay && probe.itemCount == 1)
      _ = core.keep(probe, at: now, &board)
      now = now + settings.parkDelay
    }
  }

  @Test(arguments: [true, false])
  func `events are taken again after a stop that was told: how long it was is told once`(
    isTold: Bool
  ) throws {
    let settings = ElasticsearchConfiguration(hosts: ["http://a"])
    var board = DeliveryBoard(settings, hosts: settings.hosts, seed: 1)
    var core = DeliveryCore(settings)
    var now = CoreWorld.start
    let block = try BlockFactory.block(id: 1, count: 3, codec: .raw, day: CoreWorld.firstDay)
    var next: Shipment? = Shipment(core.accept([block]).pieces, due: now)
    func resumed(_ actions: [DeliveryAction]) -> [Duration] {
      actions.compactMap { if case .resumed(let span) = $0 { span } else { nil } }
    }
    func send(_ verdict: Verdict) throws -> [Duration] {
      let begun = board.begin(at: now)
      let choice = try #require(begun)
      let shipment = try #require(next)
      return resumed(
        core.judge(
          shipment, verdict, DeliveryCore.Exchange(choice: choice, took: .zero, rawBytes: 9),
          at: now, &board))
    }
    let error = ItemError(status: 503, type: "unavailable", reason: "")
    for _ in 0..<2 {
      #expect(
        try send(.again(cause: .unavailable, error: error, wait: .seconds(10), mayBeStored: false))
          .isEmpty)
      if isTold { board.noteTold() }
      now = now + .seconds(60)
      next = core.takeDue(at: now, &board)
    }
    #expect(try send(.allDelivered) == (isTold ? [.seconds(120)] : []))
    let more = try BlockFactory.block(id: 2, count: 3, codec: .raw, day: CoreWorld.firstDay)
    next = Shipment(core.accept([more]).pieces, due: now)
    #expect(try send(.allDelivered).isEmpty)
  }
}
