import Synchronization

/// The calls of this minute and of the one before, by team and model: of one thread that makes events, read by others.
///
/// The thread holds the lock for a buffer of lines at a time, a millisecond at most; readers for a copy of references.
package final class UsageBook: Sendable {
  /// Both minutes.
  package struct Pages: Sendable {
    package fileprivate(set) var current = UsageMinute(.min / 2)
    package fileprivate(set) var previous = UsageMinute(.min / 2)

    package init() {}

    /// A clock that was set back stays on the page.
    mutating func turn(to minute: Int64) {
      guard minute > current.minute else { return }
      previous = minute == current.minute + 1 ? current : UsageMinute(minute - 1)
      current = UsageMinute(minute)
    }

    @inline(__always) mutating func add(
      team: UnsafeRawBufferPointer, model: UnsafeRawBufferPointer, _ call: UsageSums
    ) {
      unsafe current.add(team: team, model: model, call)
    }
  }

  private let shared = Mutex(Pages())

  package init() {}

  /// On the thread that makes events.
  func write<Result>(at minute: Int64, _ body: (inout Pages) -> Result) -> Result {
    shared.withLock { pages in
      pages.turn(to: minute)
      return body(&pages)
    }
  }

  package var pages: Pages { shared.withLock { $0 } }
}
