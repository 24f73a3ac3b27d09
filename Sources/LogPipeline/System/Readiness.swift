import Glibc

/// Waits for a single descriptor, where an event loop would be too much.
enum Readiness {
  /// Whether `descriptor` can be read, or its other end is closed, by `deadline`.
  static func wait(for descriptor: Int32, until deadline: MonotonicTime) -> Bool {
    wait(for: [descriptor], until: deadline).first ?? false
  }

  /// The same for several: waits until one of them can be read, and says which can.
  static func wait(for descriptors: [Int32], until deadline: MonotonicTime) -> [Bool] {
    var entries = descriptors.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    while true {
      let left = min(deadline.since(SystemClock().now()), .seconds(3600))
      // Rounded up, so that it does not spin through the last millisecond.
      let milliseconds = Int32((left.nanoseconds + 999_999) / 1_000_000)
      let count = unsafe poll(&entries, nfds_t(entries.count), milliseconds)
      if count > 0 { return entries.map { $0.revents != 0 } }
      if count == 0, deadline <= SystemClock().now() {
        return entries.map { _ in false }
      }
      if count < 0, errno != EINTR { return entries.map { _ in false } }
    }
  }
}
