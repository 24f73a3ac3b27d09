import Synchronization

/// Tells senders to come to an end: no new leases from now on, and no request after a moment.
final class StopSignal: Sendable {
  private let asked = Atomic<Bool>(false)
  private let abortAtNanoseconds = Atomic<UInt64>(.max)

  var isAsked: Bool { asked.load(ordering: .acquiring) }

  /// A running request is cut off at this moment.
  var abortAt: MonotonicTime {
    MonotonicTime(nanoseconds: abortAtNanoseconds.load(ordering: .acquiring))
  }

  func ask(abortAt: MonotonicTime) {
    abortAtNanoseconds.store(abortAt.nanoseconds, ordering: .releasing)
    asked.store(true, ordering: .releasing)
  }
}
