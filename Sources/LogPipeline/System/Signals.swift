import Glibc

/// Signals are taken by one thread that waits for them; every other thread has them blocked.
package enum Signals {
  package enum Kind: Sendable {
    /// SIGTERM or SIGINT: stop in order.
    case stop
    /// SIGHUP.
    case reload
  }

  /// To be called before the first thread starts: threads inherit the mask.
  package static func block() {
    var set = watched()
    unsafe pthread_sigmask(SIG_BLOCK, &set, nil)
  }

  /// Waits for the next one, at most `span`; nil when none came.
  package static func wait(atMost span: Duration) -> Kind? {
    var set = watched()
    let nanoseconds = max(0, span.nanoseconds)
    var limit = timespec(
      tv_sec: Int(nanoseconds / 1_000_000_000), tv_nsec: Int(nanoseconds % 1_000_000_000))
    return switch unsafe sigtimedwait(&set, nil, &limit) {
    case SIGTERM, SIGINT: .stop
    case SIGHUP: .reload
    default: nil
    }
  }

  private static func watched() -> sigset_t {
    var set = sigset_t()
    unsafe sigemptyset(&set)
    unsafe sigaddset(&set, SIGTERM)
    unsafe sigaddset(&set, SIGINT)
    unsafe sigaddset(&set, SIGHUP)
    return set
  }
}
