import LogPipeline
import TestSupport

/// One state directory through many rounds of load, kill -9 and restart, and what must be true in between.
final class CrashRun {
  let folder: String
  let seed: UInt64
  private let books = CrashBooks()
  private let sink: FaultyBulkServer
  private let replay: CrashReplay
  private let shared: [String]
  /// Of the latest start.
  private var counts: [String: Int64] = [:]
  private(set) var kills = 0
  /// The newest agent, for its log.
  private(set) var agent: AgentProcess?

  private static let neverBack = [
    "offered", "accepted", "refused", "delivered", "duplicate", "dead_lettered",
  ]
  /// Nothing here damages the ring, and nothing is given up.
  private static let alwaysZero = ["dropped", "quarantined", "erased"]

  init(folder: String, seed: UInt64) throws {
    (self.folder, self.seed) = (folder, seed)
    let books = books
    sink = try FaultyBulkServer(seed: seed) { books.take($0) }
    shared = [
      "elasticsearch.hosts=\(sink.url)", "elasticsearch.template=false",
      "elasticsearch.flush=20ms", "elasticsearch.request_timeout=5s", "agent.grace=3s",
    ]
    replay = try CrashReplay(folder: folder, books: books, settings: shared)
  }

  deinit { sink.stop() }

  /// Start, check, load, end; then perhaps some starts that are killed at once.
  func round(_ number: Int) throws {
    let plan = CrashPlan(seed: seed, round: number)
    let agent = try start(plan.settings)
    sink.set(plan.faults, percent: plan.faultPercent)
    let senders = try CrashSenders(
      to: agent, books: books, seed: plan.senderSeed, eventsMax: plan.eventsMax,
      isSendingAgain: plan.isSendingAgain)
    do {
      try replay.start()
      if let ending = agent.child.wait(until: SystemClock().now() + plan.load) {
        throw CrashFailure("the agent ended by itself under load: \(ending)")
      }
      if plan.isLookedAt { counts["accepted"] = try ledger(of: agent)["accepted"] }
      try end(agent, plan.end)
    } catch {
      agent.kill()
      senders.stop()
      throw error
    }
    senders.stop()
    for span in plan.killedStarts {
      let child = try AgentProcess.begin(
        stateDirectory: folder, settings: shared + plan.settings)
      if let ending = child.wait(until: SystemClock().now() + span) {
        throw CrashFailure("a start ended by itself: \(ending)\n\(child.errorText)")
      }
      child.signal(.kill)
      _ = child.wait(until: SystemClock().now() + .seconds(10))
      kills += 1
    }
    if plan.isReplayKilled { try replay.kill() } else { _ = try replay.hasEnded(within: .zero) }
  }

  /// With a sink that fails no more, everything gets through, and the books close.
  func finish() throws {
    let agent = try start([])
    sink.set([], percent: 0)
    try replay.finish()
    let deadline = SystemClock().now() + .seconds(150)
    while try ledger(of: agent)["waiting"] != 0 {
      guard SystemClock().now() < deadline else {
        throw CrashFailure("not everything is delivered at the end: \(try ledger(of: agent))")
      }
      PosixThread.sleep(.milliseconds(50))
    }
    let ledger = try ledger(of: agent)
    guard agent.terminate() == .exited(0) else { throw CrashFailure("the last stop failed") }
    try checkWhole(ledger)
  }

  var summary: String {
    let (hook, tcp, replayed) = (books.page(.webhook), books.page(.tcp), books.page(.replay))
    let faults = sink.faultCounts.map { "\($0.key.rawValue) \($0.value)" }.sorted()
    return """
      \(kills) kills of the agent, \(replay.kills) of replay; events: webhook \(hook.sent) \
      (answered 200: \(hook.answered.count), sent again: \(books.resentCount)), tcp \(tcp.sent), \
      replay \(replayed.sent) in \(replay.files) files; stored \
      \(hook.stored.count + tcp.stored.count + replayed.stored.count), dead letters \
      \(hook.refused.count + tcp.refused.count + replayed.refused.count); bulk requests \
      \(sink.requestCount), 409s \(sink.conflictCount), faults: \(faults.joined(separator: ", "))
      """
  }

  /// The sink answers nothing meanwhile, so the counts are those that the ring had on its disk.
  private func start(_ settings: [String]) throws -> AgentProcess {
    sink.hold()
    let agent = try AgentProcess(stateDirectory: folder, settings: shared + settings)
    self.agent = agent
    try checkAfterStart(try ledger(of: agent))
    return agent
  }

  private func end(_ agent: AgentProcess, _ how: CrashPlan.End) throws {
    switch how {
    case .kill:
      agent.kill()
      kills += 1
    case .terminate:
      let ending = agent.terminate()
      guard ending == .exited(0) else {
        throw CrashFailure("SIGTERM ended with \(ending.map { "\($0)" } ?? "nothing")")
      }
    case .terminateAndKill(let span):
      agent.child.signal(.terminate)
      if agent.child.wait(until: SystemClock().now() + span) == nil { kills += 1 }
      agent.kill()
    }
  }
}

/// What must hold.
extension CrashRun {
  private func ledger(of agent: AgentProcess) throws -> [String: Int64] {
    guard let members = try agent.status()["ledger"]?.members else {
      throw CrashFailure("the status page has no ledger")
    }
    var ledger: [String: Int64] = [:]
    for (name, value) in members { ledger[name] = value.integer }
    func count(_ names: String...) -> Int64 { names.reduce(0) { $0 + (ledger[$1] ?? .min / 16) } }
    guard count("offered") == count("accepted", "refused", "in_hand"),
      count("accepted")
        == count(
          "delivered", "duplicate", "dead_lettered", "dropped", "quarantined", "erased", "waiting")
    else { throw CrashFailure("a sum does not hold: \(ledger)") }
    return ledger
  }

  private func checkAfterStart(_ now: [String: Int64]) throws {
    for name in Self.neverBack where now[name, default: -1] < counts[name, default: 0] {
      throw CrashFailure("\(name) went back from \(counts[name, default: 0]) to \(now)")
    }
    for name in Self.alwaysZero where now[name] != 0 {
      throw CrashFailure("\(name) is not 0: \(now)")
    }
    counts = now
    try checkSink()
    let hook = books.page(.webhook)
    let known = hook.answered.unionCount(hook.stored) + books.page(.tcp).stored.count
    guard now["accepted", default: 0] >= known else {
      throw CrashFailure("\(known) events were answered or delivered, more than accepted: \(now)")
    }
    // `waiting` was read first, and both only shrink from then on.
    let missing = hook.answered.missing(from: hook.stored, hook.refused)
    guard missing.count <= now["waiting", default: 0] else {
      throw CrashFailure(
        "\(missing.count) events answered 200 are not stored, w-\(missing[0]) the first: \(now)")
    }
    try replay.check()
  }

  private func checkSink() throws {
    if let first = books.problems.first {
      throw CrashFailure("\(first) (and \(books.problems.count - 1) more)")
    }
  }

  /// Everything was delivered: sink, ledger and dead letters must agree to the event.
  private func checkWhole(_ ledger: [String: Int64]) throws {
    try checkAfterStart(ledger)
    let hook = books.page(.webhook)
    let missing = hook.answered.missing(from: hook.stored, hook.refused)
    guard missing.isEmpty else {
      throw CrashFailure("\(missing.count) answered events are nowhere, w-\(missing[0]) the first")
    }
    let replayed = books.page(.replay)
    guard replayed.stored.unionCount(replayed.refused) == replayed.sent else {
      throw CrashFailure("of \(replayed.sent) replayed events \(replayed.stored.count) are stored")
    }
    // Each accepted event is one that is stored or refused, or one of a body that was sent and taken twice.
    let tcp = books.page(.tcp)
    let distinct = Int64(
      hook.stored.count + hook.refused.count + tcp.stored.count + tcp.refused.count)
    let twice = ledger["accepted", default: 0] - distinct
    guard 0...Int64(books.resentCount) ~= twice else {
      throw CrashFailure("\(distinct) events of the agent are there: \(ledger)")
    }
    try checkDeadLetters()
  }

  /// What the sink can never take is in the dead letters, and nothing else is.
  private func checkDeadLetters() throws {
    var found: [CrashBooks.Stream: NumberSet] = [:]
    let path = "\(folder)/dead-letters.ndjson"
    let bytes = FileSystem.exists(path) ? try FileSystem.read(path, limitBytes: 1 << 30) : []
    for line in bytes.split(separator: UInt8(ascii: "\n")) {
      guard let (stream, number) = CrashBooks.event(of: Array(line)) else {
        throw CrashFailure("a line of the dead letters is not whole")
      }
      guard CrashBooks.isPoison(number) else {
        throw CrashFailure("\(stream.name)-\(number) is in the dead letters for no reason")
      }
      found[stream, default: NumberSet()].insert(number)
    }
    for stream in CrashBooks.Stream.allCases {
      let lost = books.page(stream).refused.missing(from: found[stream] ?? NumberSet())
      if let first = lost.first {
        throw CrashFailure("\(stream.name)-\(first) was refused and is not in the dead letters")
      }
    }
  }
}
