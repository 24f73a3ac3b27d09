import CLinux
import Glibc

/// epoll, for reading only: what is ready is named by the token it was added with.
@safe package final class Poller {
  private let descriptor: FileDescriptor
  private let events: UnsafeMutablePointer<clinux_event>
  private static let eventsMax = 256

  package init() throws(SystemError) {
    let opened = clinux_epoll_create()
    guard opened >= 0 else { throw .last("epoll_create") }
    descriptor = FileDescriptor(taking: opened)
    unsafe events = .allocate(capacity: Self.eventsMax)
    unsafe events.initialize(repeating: clinux_event(), count: Self.eventsMax)
  }

  deinit { unsafe events.deallocate() }

  /// `isEdge`: it is reported once for what arrives, and not again until more does, so it must be read until nothing is left.
  /// A read that does not fill its room has left nothing, unless ``isDivided(at:)``. Else it is reported as long as it can be
  /// read, which costs one more look at each that was read.
  package func add(_ raw: Int32, token: UInt64, isEdge: Bool = false) throws(SystemError) {
    let edge = clinux_epollrdhup | clinux_epollpri | clinux_epollet
    let events = clinux_epollin | (isEdge ? edge : 0)
    guard clinux_epoll_add(descriptor.raw, raw, events, token) == 0 else {
      throw .last("epoll_ctl add")
    }
  }

  /// From here on it is not reported; an error of the kernel's means it was not there, which is the same.
  package func remove(_ raw: Int32) { _ = clinux_epoll_remove(descriptor.raw, raw) }

  /// Waits for what is ready.
  /// - Parameter timeoutMilliseconds: -1 waits for ever.
  /// - Returns: how many are ready; 0 when the time is over.
  package func wait(timeoutMilliseconds: Int32) -> Int {
    let count = unsafe clinux_epoll_wait(
      descriptor.raw, events, Int32(Self.eventsMax), timeoutMilliseconds)
    return Int(max(0, count))
  }

  /// The token of one of those that the last `wait` counted.
  package func token(at index: Int) -> UInt64 {
    invariant(index >= 0 && index < Self.eventsMax, "a poller's event is asked for that it has not")
    return unsafe events[index].token
  }

  /// Whether reads of that one may stop before its end: behind the last byte stands that its peer has ended or broken off, or
  /// urgent bytes stand between the others.
  package func isDivided(at index: Int) -> Bool {
    invariant(index >= 0 && index < Self.eventsMax, "a poller's event is asked for that it has not")
    let marks = clinux_epollrdhup | clinux_epollhup | clinux_epollerr | clinux_epollpri
    return unsafe events[index].events & marks != 0
  }
}
