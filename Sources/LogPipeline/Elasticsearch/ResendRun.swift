/// One call of ``DeadLetterResender``: its connection, and what it has learned on the way.
struct ResendRun: ~Copyable {
  struct Item {
    /// Among the letters of the call.
    let position: Int
    let lines: [UInt8]
  }
  typealias Outcomes = [(Int, ResendOutcome)]

  private let hosts: [String]
  private var transport: Transport
  private let stop: StopSignal
  private let path: String
  private let clock: any Clock
  private let deadline: MonotonicTime
  /// Why trying the others has no sense.
  private var obstacle: String?

  init(
    hosts: [String], transport: consuming Transport, stop: StopSignal, path: String,
    clock: any Clock, deadline: MonotonicTime
  ) {
    self.hosts = hosts
    self.transport = transport
    (self.stop, self.path, self.clock, self.deadline) = (stop, path, clock, deadline)
  }

  /// Sends them in one request, to the next host where one does not answer; in smaller ones where the request itself is
  /// refused.
  mutating func send(_ items: [Item]) -> Outcomes {
    var isUnclear = false
    var last = "it was not tried"
    for host in hosts {
      if stop.isAsked { obstacle = "the agent is stopping" }
      if clock.now() >= deadline { obstacle = "the time for one call is over" }
      if let obstacle { return Self.all(items, .unavailable(reason: obstacle)) }
      let result = transport.send(
        HttpRequest(
          method: .post, path: path, contentType: "application/x-ndjson",
          body: items.flatMap(\.lines)), to: host)
      if case .success(let answer) = result, answer.wasSentTwice { isUnclear = true }
      let verdict = Judge.judge(
        result, itemsSent: items.count, wallMilliseconds: clock.wallMilliseconds())
      switch verdict {
      case .allDelivered: return Self.all(items, .delivered)
      case .items(let verdicts): return settle(items, verdicts, isUnclear: isUnclear)
      case .again(let cause, let error, _, let mayBeStored):
        isUnclear = isUnclear || mayBeStored
        last = "\(cause.rawValue)\(DeliveryWords.of(error))"
      case .pause(let error):
        obstacle = "requests are refused\(DeliveryWords.of(error))"
      case .aborted: obstacle = "the agent is stopping"
      case .bisect(let error): return sendParts(items, error)
      case .tooLarge:
        return sendParts(
          items,
          ItemError(
            status: 413, type: "content_too_large", reason: "it is over a limit of the server"))
      }
    }
    let reason = obstacle ?? last
    // Each further batch would wait for the same hosts as long.
    if obstacle == nil { obstacle = last }
    return Self.all(items, .unavailable(reason: reason))
  }

  /// Halves of a request that was refused whole; alone, it is the document's fault.
  private mutating func sendParts(_ items: [Item], _ error: ItemError) -> Outcomes {
    guard items.count > 1 else { return Self.all(items, Self.refused(error)) }
    let middle = items.count / 2
    return send(Array(items[..<middle])) + send(Array(items[middle...]))
  }

  private mutating func settle(
    _ items: [Item], _ verdicts: [ItemVerdict], isUnclear: Bool
  ) -> Outcomes {
    var outcomes: Outcomes = []
    for (item, verdict) in zip(items, verdicts) {
      switch verdict {
      case .delivered: outcomes.append((item.position, .delivered))
      case .conflict where isUnclear:
        let reason = "a try without an answer has perhaps stored it: send it again in a minute"
        outcomes.append((item.position, .unavailable(reason: reason)))
      case .conflict: outcomes.append((item.position, .duplicate))
      case .dead(let error): outcomes.append((item.position, Self.refused(error)))
      case .retry(let cause, _):
        outcomes.append((item.position, .unavailable(reason: cause.rawValue)))
      case .park(let error):
        let reason = "its index does not take it now\(DeliveryWords.of(error))"
        outcomes.append((item.position, .unavailable(reason: reason)))
      case .isolate(let error):
        outcomes +=
          items.count > 1
          ? send([item]) : [(item.position, Self.refused(error))]
      }
    }
    return outcomes
  }

  private static func all(_ items: [Item], _ outcome: ResendOutcome) -> Outcomes {
    items.map { ($0.position, outcome) }
  }

  private static func refused(_ error: ItemError) -> ResendOutcome {
    .refused(type: error.type, reason: ReasonScrubber.scrub(error.reason))
  }
}
