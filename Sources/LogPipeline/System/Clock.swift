import Glibc

/// A point of the monotonic clock, for deadlines and timers: never the wall clock, which can jump.
package struct MonotonicTime: Comparable, Hashable, Sendable {
  package let nanoseconds: UInt64

  package init(nanoseconds: UInt64) { self.nanoseconds = nanoseconds }

  package static func + (time: MonotonicTime, span: Duration) -> MonotonicTime {
    MonotonicTime(nanoseconds: time.nanoseconds &+ UInt64(clamping: span.nanoseconds))
  }

  /// Zero when it would lie before the clock's start.
  package static func - (time: MonotonicTime, span: Duration) -> MonotonicTime {
    let nanoseconds = UInt64(clamping: span.nanoseconds)
    return MonotonicTime(
      nanoseconds: time.nanoseconds > nanoseconds ? time.nanoseconds - nanoseconds : 0)
  }

  /// The time from `earlier` to this one; zero when it lies later.
  package func since(_ earlier: MonotonicTime) -> Duration {
    .nanoseconds(
      Int64(
        clamping: nanoseconds > earlier.nanoseconds ? nanoseconds - earlier.nanoseconds : 0))
  }

  package static func < (a: MonotonicTime, b: MonotonicTime) -> Bool {
    a.nanoseconds < b.nanoseconds
  }
  package static let distantFuture = MonotonicTime(nanoseconds: .max)
  /// Passed long ago: nothing waits until then.
  package static let distantPast = MonotonicTime(nanoseconds: 0)
}

extension Duration {
  /// Whole nanoseconds, clamped to what an Int64 holds.
  package var nanoseconds: Int64 {
    let (seconds, attoseconds) = components
    let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    return overflow ? (seconds < 0 ? .min : .max) : whole &+ attoseconds / 1_000_000_000
  }
  package var milliseconds: Int64 { nanoseconds / 1_000_000 }
  /// Seconds as a fraction.
  package var inSeconds: Double { Double(nanoseconds) / 1e9 }
}

/// Where the time comes from; tests hand in one that stands still.
package protocol Clock: Sendable {
  func now() -> MonotonicTime
  /// Milliseconds since 1970, UTC.
  func wallMilliseconds() -> Int64
}

/// The system's clocks.
package struct SystemClock: Clock {
  package init() {}
  package func now() -> MonotonicTime {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return MonotonicTime(
      nanoseconds: UInt64(time.tv_sec) &* 1_000_000_000 &+ UInt64(time.tv_nsec))
  }
  package func wallMilliseconds() -> Int64 {
    var time = timespec()
    unsafe clock_gettime(CLOCK_REALTIME, &time)
    return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
  }
}
