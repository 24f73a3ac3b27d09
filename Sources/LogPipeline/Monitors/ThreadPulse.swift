import Synchronization

/// Shows from outside whether a thread still comes back from its work: `/healthz` reads it.
///
/// Waiting for work is not being stuck, so a thread says when it begins and when it is done, not that it lives.
package final class ThreadPulse: Sendable {
  /// What an operator reads, e.g. "ring" or "sender 2".
  package let name: String
  /// Nanoseconds of the monotonic clock; 0: idle.
  private let busySince = Atomic<UInt64>(0)

  package init(name: String) { self.name = name }

  /// The thread takes up one piece of work.
  package func begin(at now: MonotonicTime) {
    busySince.store(max(1, now.nanoseconds), ordering: .relaxed)
  }

  /// It is done with it, or ends.
  package func end() { busySince.store(0, ordering: .relaxed) }

  /// How long it has been at one piece of work; nil while it has none.
  package func busy(at now: MonotonicTime) -> Duration? {
    let since = busySince.load(ordering: .relaxed)
    return since == 0 ? nil : now.since(MonotonicTime(nanoseconds: since))
  }
}
