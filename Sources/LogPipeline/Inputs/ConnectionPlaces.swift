import Synchronization

/// How many connections a port may have, counted over all intakes. Safe from any thread.
final class ConnectionPlaces: Sendable {
  private struct State {
    var taken = 0
    /// Of those who found none free.
    var waiting: [Wakeup] = []
  }

  let countMax: Int
  private let state = Mutex(State())

  init(countMax: Int) { self.countMax = countMax }

  /// Takes a place. False: none is free, and `wakeup` is signalled once when one may be.
  func take(orWake wakeup: Wakeup) -> Bool {
    state.withLock { state in
      guard has(&state, orWake: wakeup) else { return false }
      state.taken += 1
      return true
    }
  }

  /// Whether one is free; if not, as ``take(orWake:)`` does.
  func isFree(orWake wakeup: Wakeup) -> Bool {
    state.withLock { has(&$0, orWake: wakeup) }
  }

  /// A connection has ended, or there was none.
  func give() {
    let waiting = state.withLock { state in
      invariant(state.taken > 0, "more places were given back than were taken")
      state.taken -= 1
      defer { state.waiting = [] }
      return state.waiting
    }
    for wakeup in waiting { wakeup.signal() }
  }

  private func has(_ state: inout State, orWake wakeup: Wakeup) -> Bool {
    if state.taken < countMax { return true }
    if !state.waiting.contains(where: { $0 === wakeup }) { state.waiting.append(wakeup) }
    return false
  }
}
