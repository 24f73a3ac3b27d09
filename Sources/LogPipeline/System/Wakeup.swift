import CLinux
import Glibc

/// Wakes an event loop from another thread (an eventfd).
package final class Wakeup: Sendable {
  private let descriptor: FileDescriptor
  /// For epoll; it does not own the descriptor.
  package var raw: Int32 { descriptor.raw }

  package init() throws(SystemError) {
    let opened = clinux_eventfd()
    guard opened >= 0 else { throw .last("eventfd") }
    descriptor = FileDescriptor(taking: opened)
  }

  package func signal() {
    var one: UInt64 = 1
    _ = unsafe write(descriptor.raw, &one, 8)
  }

  /// Takes all signals given until now.
  package func clear() {
    var count: UInt64 = 0
    _ = unsafe read(descriptor.raw, &count, 8)
  }
}
