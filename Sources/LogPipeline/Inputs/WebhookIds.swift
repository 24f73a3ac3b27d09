import Synchronization

/// The webhook-ids that came, for all intakes together: a repeat of what is on disk needs no second look. Bounded in
/// number and time; what is forgotten costs nothing but work, since the same events have the same ids of ours.
package final class WebhookIds: Sendable {
  enum Claim: Equatable {
    /// Not met before: it is the caller's to settle or forget.
    case new
    /// Met, and not on disk yet.
    case pending
    /// On disk.
    case known
    /// The id was met with another body: taken as if it had none.
    case reused
    /// Too many are pending: taken as if it had none.
    case full
  }

  private struct Record {
    let body: WebhookMessage.Id
    var isDurable = false
    /// Of other intakes with a repeat that waits for it.
    var waiting: [Wakeup] = []
  }

  private struct State {
    var records: [WebhookMessage.Id: Record] = [:]
    /// The durable ones, oldest first, from `first` on.
    var order: [(id: WebhookMessage.Id, since: MonotonicTime)] = []
    var first = 0
    var durableCount: Int { order.count - first }
  }

  private let countMax: Int
  private let keep: Duration
  private let state = Mutex(State())

  /// - Parameters:
  ///   - countMax: how many are remembered; 0: none.
  ///   - keep: for how long.
  package init(countMax: Int, keep: Duration) { (self.countMax, self.keep) = (countMax, keep) }

  /// How many are remembered or pending.
  package var count: Int { state.withLock { $0.records.count } }

  /// Of what is pending, `wakeup` is signalled once that is decided.
  func claim(_ message: WebhookMessage, at now: MonotonicTime, orWake wakeup: Wakeup) -> Claim {
    state.withLock { state in
      Self.dropOld(&state, countMax: countMax, keep: keep, now)
      if let record = state.records[message.id] {
        if record.body != message.body { return .reused }
        if record.isDurable { return .known }
        if !record.waiting.contains(where: { $0 === wakeup }) {
          state.records[message.id]?.waiting.append(wakeup)
        }
        return .pending
      }
      guard state.records.count - state.durableCount < countMax else { return .full }
      state.records[message.id] = Record(body: message.body)
      return .new
    }
  }

  /// Whether it is still undecided.
  func isPending(_ message: WebhookMessage) -> Bool {
    state.withLock { $0.records[message.id]?.isDurable == false }
  }

  /// All its events are on disk.
  func settle(_ message: WebhookMessage, at now: MonotonicTime) {
    let waiting = state.withLock { state -> [Wakeup] in
      guard let record = state.records[message.id], !record.isDurable else { return [] }
      state.records[message.id] = Record(body: record.body, isDurable: true)
      state.order.append((message.id, now))
      Self.dropOld(&state, countMax: countMax, keep: keep, now)
      return record.waiting
    }
    for wakeup in waiting { wakeup.signal() }
  }

  /// It failed: its repeat is taken as new.
  func forget(_ message: WebhookMessage) {
    let waiting = state.withLock { state -> [Wakeup] in
      guard let record = state.records[message.id], !record.isDurable else { return [] }
      state.records[message.id] = nil
      return record.waiting
    }
    for wakeup in waiting { wakeup.signal() }
  }

  private static func dropOld(
    _ state: inout State, countMax: Int, keep: Duration, _ now: MonotonicTime
  ) {
    while state.first < state.order.count,
      state.durableCount > countMax || now.since(state.order[state.first].since) >= keep
    {
      state.records[state.order[state.first].id] = nil
      state.first += 1
    }
    if state.first > 64, state.first > state.order.count / 2 {
      state.order.removeFirst(state.first)
      state.first = 0
    }
  }
}
