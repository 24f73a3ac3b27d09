import CLinux
import Glibc

/// Tells when something happens in folders (inotify). What happened is for the owner to look up: events can be lost, and
/// network file systems send none for what other machines do.
package final class DirectoryWatch {
  package struct News: Equatable, Sendable {
    /// A file in one of the folders was written to.
    package var content = false
    /// Names came, went or changed, or events were lost.
    package var names = false
  }

  private let descriptor: FileDescriptor
  private var numbers: Set<Int32> = []

  package init() throws(SystemError) {
    let opened = clinux_watch_create()
    guard opened >= 0 else { throw .last("inotify_init") }
    descriptor = FileDescriptor(taking: opened)
  }

  /// For epoll; it does not own the descriptor.
  package var raw: Int32 { descriptor.raw }

  /// Watches exactly these folders from now on; those that can not be watched (missing, too many) are left out.
  /// - Returns: how many of them are not watched.
  package func watch(_ folders: Set<String>) -> Int {
    var current: Set<Int32> = []
    var failed = 0
    for folder in folders {
      let number = unsafe clinux_watch_add(descriptor.raw, folder)
      if number >= 0 { current.insert(number) } else { failed += 1 }
    }
    for number in numbers.subtracting(current) {
      // It may be gone with its folder already.
      _ = clinux_watch_remove(descriptor.raw, number)
    }
    numbers = current
    return failed
  }

  /// Takes what has happened since the last call.
  package func take() -> News {
    let found = clinux_watch_take(descriptor.raw)
    return News(content: found & 1 != 0, names: found & 2 != 0)
  }
}
