import Synchronization

/// What a listener of `watch` hears: the whole status, a line each second.
package final class StatusSource: ControlSource {
  package static let command = "watch"
  package static let interval = Duration.seconds(1)

  private let status: @Sendable () -> JsonValue
  private let clock: any Clock
  private let onClose: @Sendable () -> Void
  private let due: Mutex<MonotonicTime>

  /// `close`: called when the listener has gone.
  package init(
    clock: any Clock, status: @escaping @Sendable () -> JsonValue,
    close: @escaping @Sendable () -> Void
  ) {
    (self.status, self.clock, onClose) = (status, clock, close)
    due = Mutex(clock.now())
  }

  package func next(until deadline: MonotonicTime) -> [UInt8] {
    let due = due.withLock { $0 }
    guard due <= deadline else {
      PosixThread.sleep(deadline.since(clock.now()))
      return []
    }
    PosixThread.sleep(due.since(clock.now()))
    self.due.withLock { $0 = clock.now() + Self.interval }
    return Array((status().text + "\n").utf8)
  }

  package func close() { onClose() }
}
