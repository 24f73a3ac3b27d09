/// A file without a name: it is gone as soon as nobody has it open, however this ends.
final class ProbeFile: Disk {
  private let file: FileDescriptor

  init(in folder: String) throws(SystemError) {
    let path = "\(folder)/.sheepshipper-doctor-\(UInt64.random(in: 0 ... .max))"
    file = try FileDescriptor(opening: path, .readWrite, create: true, exclusive: true)
    try FileSystem.remove(path)
  }

  /// Sets so much of the disk aside for it.
  func reserve(_ bytes: UInt64) throws(SystemError) { try file.allocate(bytes) }

  func read(into buffer: UnsafeMutableRawBufferPointer, at offset: UInt64) throws(SystemError) {
    _ = try unsafe file.read(into: buffer, at: offset)
  }

  func write(_ bytes: UnsafeRawBufferPointer, at offset: UInt64) throws(SystemError) {
    try unsafe file.write(bytes, at: offset)
  }

  func syncData() throws(SystemError) { try file.syncData() }

  func dropCache() { file.dropCache() }
}
