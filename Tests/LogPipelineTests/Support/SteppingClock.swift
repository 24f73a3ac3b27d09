import LogPipeline
import Synchronization

/// A clock that goes on only when it is told to.
final class SteppingClock: Clock {
  private let nanoseconds = Mutex<UInt64>(1)

  func step(_ span: Duration) { nanoseconds.withLock { $0 += UInt64(span.nanoseconds) } }
  func now() -> MonotonicTime { MonotonicTime(nanoseconds: nanoseconds.withLock { $0 }) }
  func wallMilliseconds() -> Int64 { Int64(now().nanoseconds / 1_000_000) }
}
