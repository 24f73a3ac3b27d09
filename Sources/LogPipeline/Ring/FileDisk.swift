import Synchronization

/// The ring's file on a real disk, locked against other processes as long as this lives.
final class FileDisk: Disk {
  private let file: FileDescriptor
  private let path: String
  private let volume: RingVolume
  private let device: UInt64
  private let inode: UInt64
  private let syncTimes = Mutex(SyncTimes())
  private let isGone = Atomic<Bool>(false)

  /// `status` is what `fstat` said of the file.
  init(
    taking file: consuming FileDescriptor, path: String, volume: RingVolume, status: FileStatus
  ) {
    self.file = file
    self.path = path
    self.volume = volume
    (device, inode) = (status.device, status.inode)
  }

  /// Of an open file.
  convenience init(taking file: consuming FileDescriptor, path: String) throws(SystemError) {
    let (volume, status) = (RingVolume(of: file), try file.status())
    self.init(taking: file, path: path, volume: volume, status: status)
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

  /// Fails also when the file is no longer the one at its path: what only this process can still find is not safe.
  func syncData() throws(SystemError) {
    let clock = SystemClock()
    let began = clock.now()
    try file.syncData()
    let took = clock.now().since(began)
    syncTimes.withLock { $0.add(took) }
    guard isAtPath() else {
      throw SystemError(
        code: SystemError.stale,
        operation: "the ring's file is no longer at \(path) (removed, or replaced by another)")
    }
  }

  func dropCache() { file.dropCache() }

  /// Lets the next process have it, before this object goes away.
  func unlock() { file.unlock() }

  /// As of the last look.
  var state: RingFileState {
    RingFileState(
      volume: volume, syncTimes: syncTimes.withLock { $0 },
      isGone: isGone.load(ordering: .relaxed))
  }

  /// Whether the path still names this file. Once it did not, the answer stays: somebody else may use the path by now.
  @discardableResult
  func isAtPath() -> Bool {
    if isGone.load(ordering: .relaxed) { return false }
    do throws(SystemError) {
      let found = try FileSystem.status(of: path)
      if (found.device, found.inode) == (device, inode) { return true }
    } catch {
      // Another error tells nothing of the file.
      if error.code != SystemError.noEntry { return true }
    }
    if !isGone.exchange(true, ordering: .relaxed) {
      Log.error(
        "The ring's file was removed or replaced while in use: no more events are taken in. What it holds is still delivered, and gone when this process ends: let it deliver before you restart",
        ("path", path))
    }
    return false
  }
}
