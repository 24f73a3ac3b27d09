import CLinux

/// A Unix stream socket that listens at a path: mode 0600, for the owner and root alone.
package struct UnixListener: ~Copyable, Sendable {
  package let descriptor: FileDescriptor
  package let path: String
  /// Names the socket's file, so that a later one at the same path is told from it.
  private let identity: FileStatus

  /// - Parameters:
  ///   - path: nothing is there yet.
  ///   - backlog: connections the kernel keeps before they are accepted.
  /// - Throws: something is there (``SystemError/inUse``), or the folder can not be written.
  package init(at path: String, backlog: Int32) throws(SystemError) {
    let opened = unsafe clinux_unix_listen(path, backlog)
    guard opened >= 0 else { throw .last("listen on \(path)") }
    let descriptor = FileDescriptor(taking: opened)
    identity = try FileSystem.status(of: path, followLinks: false)
    self.descriptor = descriptor
    self.path = path
  }

  /// The next connection; nil when none waits.
  package borrowing func accept() throws(SystemError) -> UnixConnection? {
    let accepted = clinux_accept(descriptor.raw, nil, nil)
    guard accepted >= 0 else {
      let error = SystemError.last("accept on \(path)")
      let isNothing = [SystemError.again, SystemError.interrupted, SystemError.aborted]
        .contains(error.code)
      if isNothing { return nil }
      throw error
    }
    return UnixConnection(taking: FileDescriptor(taking: accepted))
  }

  /// Takes the socket's file away, if it is still this one's.
  package borrowing func removeFile() {
    guard let found = try? FileSystem.status(of: path, followLinks: false),
      found.inode == identity.inode, found.device == identity.device
    else { return }
    // Gone already is as good.
    try? FileSystem.remove(path)
  }
}
