import Glibc

/// A bounded queue between threads: many may put, one or many may take. Hand over batches, not events.
@safe package final class Mailbox<Element: Sendable>: @unchecked Sendable {
  // @unchecked Sendable: everything below `lock` is touched only while it is held.
  private let lock: UnsafeMutablePointer<pthread_mutex_t>
  private let filled: UnsafeMutablePointer<pthread_cond_t>
  private let emptied: UnsafeMutablePointer<pthread_cond_t>
  private let capacity: Int
  private var elements: [Element] = []
  private var taken = 0
  private var isClosed = false
  private var isSomebodyRefused = false
  private let onRoom: (@Sendable () -> Void)?

  /// - Parameters:
  ///   - capacity: how many elements wait at the most.
  ///   - onRoom: called, outside the lock, when an element leaves after `offer` had refused one.
  package init(capacity: Int, onRoom: (@Sendable () -> Void)? = nil) {
    self.capacity = capacity
    self.onRoom = onRoom
    unsafe lock = .allocate(capacity: 1)
    unsafe filled = .allocate(capacity: 1)
    unsafe emptied = .allocate(capacity: 1)
    unsafe pthread_mutex_init(lock, nil)
    var attributes = pthread_condattr_t()
    unsafe pthread_condattr_init(&attributes)
    unsafe pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
    unsafe pthread_cond_init(filled, &attributes)
    unsafe pthread_cond_init(emptied, &attributes)
    unsafe pthread_condattr_destroy(&attributes)
  }

  deinit {
    unsafe pthread_cond_destroy(filled)
    unsafe pthread_cond_destroy(emptied)
    unsafe pthread_mutex_destroy(lock)
    unsafe lock.deallocate()
    unsafe filled.deallocate()
    unsafe emptied.deallocate()
  }

  /// Puts it, or answers false at once: full or closed.
  package func offer(_ element: consuming Element) -> Bool {
    unsafe pthread_mutex_lock(lock)
    guard !isClosed, count < capacity else {
      isSomebodyRefused = true
      unsafe pthread_mutex_unlock(lock)
      return false
    }
    append(element)
    return true
  }

  /// Puts it, waiting for room; false when the mailbox is closed.
  @discardableResult
  package func put(_ element: consuming Element) -> Bool {
    unsafe pthread_mutex_lock(lock)
    while !isClosed, count >= capacity { unsafe pthread_cond_wait(emptied, lock) }
    return appendIfOpen(element)
  }

  /// Puts it even when full, for messages that must not wait (answers, stop); false when closed.
  @discardableResult
  package func force(_ element: consuming Element) -> Bool {
    unsafe pthread_mutex_lock(lock)
    return appendIfOpen(element)
  }

  /// The oldest element; nil when there is none by `deadline`, or it is closed and empty.
  package func take(until deadline: MonotonicTime = .distantFuture) -> Element? {
    unsafe pthread_mutex_lock(lock)
    while count == 0, !isClosed {
      if deadline == .distantFuture {
        unsafe pthread_cond_wait(filled, lock)
        continue
      }
      // The kernel would set a timer for it all the same.
      if deadline == .distantPast { break }
      var until = timespec(
        tv_sec: Int(deadline.nanoseconds / 1_000_000_000),
        tv_nsec: Int(deadline.nanoseconds % 1_000_000_000))
      if unsafe pthread_cond_timedwait(filled, lock, &until) != 0 { break }
    }
    let element = count == 0 ? nil : removeFirst()
    let tellOfRoom = element != nil && isSomebodyRefused
    if tellOfRoom { isSomebodyRefused = false }
    unsafe pthread_mutex_unlock(lock)
    unsafe pthread_cond_signal(emptied)
    if tellOfRoom { onRoom?() }
    return element
  }

  /// No more is taken in; what waits can still be taken.
  package func close() {
    unsafe pthread_mutex_lock(lock)
    isClosed = true
    unsafe pthread_cond_broadcast(filled)
    unsafe pthread_cond_broadcast(emptied)
    unsafe pthread_mutex_unlock(lock)
  }

  /// How many wait right now.
  package var waiting: Int {
    unsafe pthread_mutex_lock(lock)
    defer { unsafe pthread_mutex_unlock(lock) }
    return count
  }

  private var count: Int { elements.count - taken }

  /// With the lock held, which it gives back.
  private func appendIfOpen(_ element: consuming Element) -> Bool {
    guard !isClosed else {
      unsafe pthread_mutex_unlock(lock)
      return false
    }
    append(element)
    return true
  }

  /// With the lock held, which it gives back before it wakes anybody: who wakes up needs it.
  private func append(_ element: consuming Element) {
    elements.append(element)
    unsafe pthread_mutex_unlock(lock)
    unsafe pthread_cond_signal(filled)
  }

  private func removeFirst() -> Element {
    let element = elements[taken]
    taken += 1
    if taken == elements.count {
      elements.removeAll(keepingCapacity: elements.capacity <= 256)
      taken = 0
    } else if taken >= 64 {
      elements.removeFirst(taken)
      taken = 0
    }
    return element
  }
}
