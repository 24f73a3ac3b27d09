import Synchronization

/// The newest copy of an intake's ``EventCounters``, for the admin page.
final class SharedEventCounters: Sendable {
  private let newest = Mutex(EventCounters())

  func publish(_ counters: EventCounters) { newest.withLock { $0 = counters } }
  var value: EventCounters { newest.withLock { $0 } }
}
