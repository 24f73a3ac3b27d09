import CLinux
import Glibc

/// An open file, socket or event: closed when it goes away, so it can neither leak nor be closed twice.
@safe package struct FileDescriptor: ~Copyable, Sendable {
  /// The number, for calls that keep no hold on it.
  package let raw: Int32

  /// Takes over a descriptor that somebody else opened.
  package init(taking raw: Int32) { self.raw = raw }

  /// Opens a file, close-on-exec.
  package init(
    opening path: String, _ access: Access, create: Bool = false, exclusive: Bool = false,
    truncate: Bool = false, append: Bool = false, mode: UInt32 = 0o600
  ) throws(SystemError) {
    var flags: Int32 =
      switch access {
      case .read: O_RDONLY
      case .write: O_WRONLY
      case .readWrite: O_RDWR
      case .directory: O_RDONLY | O_DIRECTORY
      case .readNoFollow: O_RDONLY | O_NOFOLLOW | O_NONBLOCK
      case .readNoWait: O_RDONLY | O_NONBLOCK | O_NOCTTY
      }
    if create { flags |= O_CREAT }
    if exclusive { flags |= O_EXCL }
    if truncate { flags |= O_TRUNC }
    if append { flags |= O_APPEND }
    let opened = unsafe clinux_open(path, flags, mode)
    guard opened >= 0 else { throw .last("open \(path)") }
    raw = opened
  }

  deinit { close(raw) }

  /// Gives the number to a library that closes it itself.
  package consuming func release() -> Int32 {
    let released = raw
    discard self
    return released
  }

  package enum Access: Sendable {
    case read, write, readWrite, directory
    /// Refuses a symbolic link; does not wait for a pipe's other end.
    case readNoFollow
    /// Follows links; does not wait for a pipe's other end, and takes no terminal.
    case readNoWait
  }

  /// Reads what there is, at most the buffer; 0 at the end of the file.
  package func read(into buffer: UnsafeMutableRawBufferPointer) throws(SystemError) -> Int {
    while true {
      let count = unsafe Glibc.read(raw, buffer.baseAddress, buffer.count)
      if count >= 0 { return count }
      if errno != EINTR { throw .last("read") }
    }
  }

  /// Reads exactly `buffer.count` bytes from `offset`, or says how many there were.
  package func read(
    into buffer: UnsafeMutableRawBufferPointer, at offset: UInt64
  ) throws(SystemError) -> Int {
    var done = 0
    while done < buffer.count {
      let count = unsafe pread(
        raw, buffer.baseAddress.map { unsafe $0 + done }, buffer.count - done,
        off_t(offset) + off_t(done))
      if count == 0 { break }
      if count > 0 { done += count } else if errno != EINTR { throw .last("pread") }
    }
    return done
  }

  /// Writes all of it, at the file's own position.
  package func write(_ bytes: UnsafeRawBufferPointer) throws(SystemError) {
    var done = 0
    while done < bytes.count {
      let count = unsafe Glibc.write(
        raw, bytes.baseAddress.map { unsafe $0 + done }, bytes.count - done)
      if count >= 0 { done += count } else if errno != EINTR { throw .last("write") }
    }
  }

  package func write(_ bytes: [UInt8]) throws(SystemError) {
    var failure: SystemError?
    unsafe bytes.withUnsafeBytes { buffer in
      do throws(SystemError) { try unsafe write(buffer) } catch { failure = error }
    }
    if let failure { throw failure }
  }

  /// Writes all of it at `offset`.
  package func write(_ bytes: UnsafeRawBufferPointer, at offset: UInt64) throws(SystemError) {
    var done = 0
    while done < bytes.count {
      let count = unsafe pwrite(
        raw, bytes.baseAddress.map { unsafe $0 + done }, bytes.count - done,
        off_t(offset) + off_t(done))
      if count >= 0 { done += count } else if errno != EINTR { throw .last("pwrite") }
    }
  }

  /// Waits until the file's data is on disk. A failure is final: do not ask again, the kernel may have dropped the pages.
  package func syncData() throws(SystemError) {
    guard fdatasync(raw) == 0 else { throw .last("fdatasync") }
  }

  /// Waits until data and metadata are on disk.
  package func sync() throws(SystemError) {
    guard fsync(raw) == 0 else { throw .last("fsync") }
  }

  package func truncate(to sizeBytes: UInt64) throws(SystemError) {
    guard ftruncate(raw, off_t(sizeBytes)) == 0 else { throw .last("ftruncate") }
  }

  /// Gives it the owner, the group and the permissions of the file at `path`, so that who could open that can open this.
  package func takeOwner(ofFileAt path: String) throws(SystemError) {
    var found = stat()
    guard unsafe stat(path, &found) == 0 else { throw .last("stat \(path)") }
    guard fchown(raw, found.st_uid, found.st_gid) == 0, fchmod(raw, found.st_mode & 0o7777) == 0
    else { throw .last("chown") }
  }

  /// An open-file-description lock on the whole file; false when another process has it.
  package func tryLock() throws(SystemError) -> Bool {
    if clinux_ofd_try_lock(raw) == 0 { return true }
    if errno == EAGAIN || errno == EACCES { return false }
    throw .last("lock")
  }

  /// Whether another process (or descriptor) has the lock of ``tryLock()``; also where it can not be known: false.
  package var isLockedByAnother: Bool { clinux_ofd_is_locked(raw) == 1 }

  /// Gives the lock of ``tryLock()`` back before the descriptor is closed.
  package func unlock() { _ = clinux_ofd_unlock(raw) }

  /// Asks the kernel to forget cached pages of this file, so that a read shows what the disk has.
  package func dropCache() { posix_fadvise(raw, 0, 0, POSIX_FADV_DONTNEED) }

  package func status() throws(SystemError) -> FileStatus {
    var found = stat()
    guard unsafe fstat(raw, &found) == 0 else { throw .last("fstat") }
    return FileStatus(found)
  }

  /// The kernel's number of the file system's kind (statfs f_type), 0 when unknown.
  package var fileSystemType: UInt64 { clinux_file_system_type(raw) }

  /// The mount it was opened through; nil where that can not be told.
  package var mount: Mount? {
    guard let about = try? FileSystem.read("/proc/self/fdinfo/\(raw)"),
      let id = Mount.id(inDescriptorInfo: String(decoding: about, as: UTF8.self)),
      let table = try? FileSystem.read("/proc/self/mountinfo")
    else { return nil }
    return Mount.parse(String(decoding: table, as: UTF8.self)).first { $0.id == id }
  }

  /// Makes the disk blocks of the first `sizeBytes` exist; what the file says stays the same.
  package func allocate(_ sizeBytes: UInt64) throws(SystemError) {
    while clinux_allocate(raw, sizeBytes) != 0 {
      if errno != EINTR { throw .last("fallocate") }
    }
  }

  /// btrfs: later writes go where the first went. Only an empty file can be told; false when it could not.
  package func setNoCopyOnWrite() -> Bool { clinux_set_no_copy_on_write(raw) == 0 }

  /// nil where it can not be told.
  package var isNoCopyOnWrite: Bool? {
    let answer = clinux_is_no_copy_on_write(raw)
    return answer < 0 ? nil : answer == 1
  }

  /// Standard input, output or error as a descriptor of its own.
  package static func duplicate(of raw: Int32) throws(SystemError) -> FileDescriptor {
    let copy = fcntl(raw, F_DUPFD_CLOEXEC, 3)
    guard copy >= 0 else { throw .last("dup") }
    return FileDescriptor(taking: copy)
  }
}
