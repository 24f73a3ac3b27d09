/// The ring's file on a real disk, locked against other processes as long as this lives.
final class FileDisk: Disk {
  private let file: FileDescriptor
  private let path: String

  init(taking file: consuming FileDescriptor, path: String) {
    self.file = file
    self.path = path
  }

  func read(into buffer: UnsafeMutableRawBufferPointer, at offset: UInt64) throws(SystemError) {
    guard try unsafe file.read(into: buffer, at: offset) == buffer.count else {
      throw SystemError(
        code: SystemError.inputOutput, operation: "read \(path): it ends before \(offset)")
    }
  }

  func write(_ bytes: UnsafeRawBufferPointer, at offset: UInt64) throws(SystemError) {
    try unsafe file.write(bytes, at: offset)
  }

  func syncData() throws(SystemError) { try file.syncData() }
  func dropCache() { file.dropCache() }

  /// Lets the next process have it, before this object goes away.
  func unlock() { file.unlock() }
}
