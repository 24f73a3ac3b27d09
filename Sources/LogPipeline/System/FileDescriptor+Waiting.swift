import Glibc

extension FileDescriptor {
  /// Waits until a read would not block, or `wakeup` was signalled, or `span` (nil: without end) has passed.
  ///
  /// - Returns: true when there is something to read, or the other end has closed.
  package func waitReadable(orSignal wakeup: Wakeup, for span: Duration?) throws(SystemError)
    -> Bool
  {
    var waited = [
      pollfd(fd: raw, events: Int16(POLLIN), revents: 0),
      pollfd(fd: wakeup.raw, events: Int16(POLLIN), revents: 0),
    ]
    // Rounded up: a rest of less than a millisecond must not become a busy loop.
    let milliseconds = span.map { Int32(clamping: max(0, ($0.nanoseconds + 999_999) / 1_000_000)) }
    guard unsafe poll(&waited, 2, milliseconds ?? -1) >= 0 else {
      if errno == EINTR { return false }
      throw .last("poll")
    }
    return waited[0].revents != 0
  }
}
