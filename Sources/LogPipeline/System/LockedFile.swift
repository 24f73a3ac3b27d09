/// A file that several processes append to: locked for as long as this lives, and certainly the one its path names.
package struct LockedFile: ~Copyable {
  /// Open for reading and appending.
  package let file: FileDescriptor
  package let path: String

  /// Opens it and waits for its lock; who renames or removes the file must hold that, too.
  ///
  /// - Parameters:
  ///   - path: the file's.
  ///   - create: whether it is made, mode 0600, when it is not there.
  ///   - waitMax: how long another may hold it.
  /// - Throws: it is not there or can not be opened, or another held it all the time.
  package init(
    _ path: String, create: Bool, waitMax: Duration = .seconds(10)
  ) throws(SystemError) {
    self.path = path
    file = try Self.open(path, create: create, until: SystemClock().now() + waitMax)
  }

  private static func open(
    _ path: String, create: Bool, until deadline: MonotonicTime
  ) throws(SystemError) -> FileDescriptor {
    while true {
      let file = try FileDescriptor(opening: path, .readWrite, create: create, append: true)
      while try !file.tryLock() {
        guard SystemClock().now() < deadline else {
          throw SystemError(code: SystemError.again, operation: "lock \(path)")
        }
        PosixThread.sleep(.milliseconds(2))
      }
      // Whoever held it may have renamed or removed it.
      let mine = try file.status()
      if let named = try? FileSystem.status(of: path), named.inode == mine.inode,
        named.device == mine.device
      {
        return file
      }
    }
  }

  package borrowing func sizeBytes() throws(SystemError) -> UInt64 { try file.status().sizeBytes }

  /// The bytes from `offset` on, at most `count`.
  package borrowing func bytes(at offset: UInt64, count: Int) throws(SystemError) -> [UInt8] {
    try file.bytes(at: offset, count: count)
  }
}
