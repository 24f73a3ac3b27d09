import CLinux
import Glibc

/// A thread of its own, for what blocks. Joined exactly once by its owner.
@safe package final class PosixThread: Sendable {
  private let handle: pthread_t

  /// Starts it; the system's tools show at most 15 bytes of the name.
  package init(_ name: String, _ body: @escaping @Sendable () -> Void) throws(SystemError) {
    let context = unsafe Unmanaged.passRetained(ThreadBody(run: body)).toOpaque()
    var started = pthread_t()
    let status = unsafe clinux_thread_start(&started, name, runThreadBody, context)
    guard status == 0 else {
      unsafe Unmanaged<ThreadBody>.fromOpaque(context).release()
      throw SystemError(code: status, operation: "start thread \(name)")
    }
    handle = started
  }

  /// Waits until the body has returned.
  package func join() { pthread_join(handle, nil) }

  /// The calling thread leaves most of the time to others that want it.
  package static func giveWay() {
    // On Linux a priority is a thread's own. Without it, it is only less polite.
    _ = setpriority(__priority_which_t(0), 0, 10)
  }

  package static func sleep(_ span: Duration) {
    let nanoseconds = max(0, span.nanoseconds)
    var wanted = timespec(
      tv_sec: Int(nanoseconds / 1_000_000_000), tv_nsec: Int(nanoseconds % 1_000_000_000))
    var left = timespec()
    while unsafe nanosleep(&wanted, &left) != 0, errno == EINTR { wanted = left }
  }
}

private final class ThreadBody: Sendable {
  let run: @Sendable () -> Void
  init(run: @escaping @Sendable () -> Void) { self.run = run }
}

/// Outside any closure: a closure written in a main-actor file would trap on another thread.
private func runThreadBody(_ context: UnsafeMutableRawPointer?) {
  guard let context = unsafe context else { return }
  unsafe Unmanaged<ThreadBody>.fromOpaque(context).takeRetainedValue().run()
}
