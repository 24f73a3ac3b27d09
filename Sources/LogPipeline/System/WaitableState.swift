import Glibc

/// State that several threads share and wait on: behind a lock, with a wake-up after each change.
@safe package final class WaitableState<State>: @unchecked Sendable {
  // @unchecked Sendable: `state` is touched only while `lock` is held.
  private let lock: UnsafeMutablePointer<pthread_mutex_t>
  private let changed: UnsafeMutablePointer<pthread_cond_t>
  private var state: State

  package init(_ state: sending State) {
    self.state = state
    unsafe lock = .allocate(capacity: 1)
    unsafe changed = .allocate(capacity: 1)
    unsafe pthread_mutex_init(lock, nil)
    var attributes = pthread_condattr_t()
    unsafe pthread_condattr_init(&attributes)
    unsafe pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
    unsafe pthread_cond_init(changed, &attributes)
    unsafe pthread_condattr_destroy(&attributes)
  }

  deinit {
    unsafe pthread_cond_destroy(changed)
    unsafe pthread_mutex_destroy(lock)
    unsafe changed.deallocate()
    unsafe lock.deallocate()
  }

  /// Looks at the state without waking anybody.
  package func read<Result>(_ body: (borrowing State) -> Result) -> Result {
    unsafe pthread_mutex_lock(lock)
    defer { unsafe pthread_mutex_unlock(lock) }
    return body(state)
  }

  /// Changes the state, then wakes all who wait.
  package func change<Result>(_ body: (inout State) -> Result) -> Result {
    unsafe pthread_mutex_lock(lock)
    defer {
      unsafe pthread_cond_broadcast(changed)
      unsafe pthread_mutex_unlock(lock)
    }
    return body(&state)
  }

  /// Runs `attempt` now and after each change until it answers something; nil when `deadline` passes first.
  package func wait<Result>(
    until deadline: MonotonicTime = .distantFuture, _ attempt: (inout State) -> Result?
  ) -> Result? {
    unsafe pthread_mutex_lock(lock)
    defer { unsafe pthread_mutex_unlock(lock) }
    while true {
      if let result = attempt(&state) {
        unsafe pthread_cond_broadcast(changed)
        return result
      }
      if deadline == .distantFuture {
        unsafe pthread_cond_wait(changed, lock)
        continue
      }
      var until = timespec(
        tv_sec: Int(deadline.nanoseconds / 1_000_000_000),
        tv_nsec: Int(deadline.nanoseconds % 1_000_000_000))
      if unsafe pthread_cond_timedwait(changed, lock, &until) != 0 { return attempt(&state) }
    }
  }
}
