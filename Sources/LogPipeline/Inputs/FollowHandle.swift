/// An open file that is read by place; closed when nobody holds it.
final class FollowHandle {
  private let descriptor: FileDescriptor

  init(_ descriptor: consuming FileDescriptor) { self.descriptor = descriptor }

  func status() throws(SystemError) -> FileStatus { try descriptor.status() }

  /// Fewer bytes than the room at the end of the file.
  func read(
    into room: UnsafeMutableRawBufferPointer, at offset: UInt64
  ) throws(SystemError) -> Int {
    try unsafe descriptor.read(into: room, at: offset)
  }

  func bytes(at offset: UInt64, count: Int) throws(SystemError) -> [UInt8] {
    try descriptor.bytes(at: offset, count: count)
  }
}
