/// One day's archive file: appended to, never changed before its end; opened for each append, so that
/// any number of days and of processes can share a folder.
struct ArchiveDayFile {
  private static let lockAttemptsMax = 200

  let path: String
  /// Up to here whole members are known to lie.
  private(set) var lengthBytes: UInt64 = 0
  /// Of each stream the last sequence that is in the file.
  private var lastSequences: [StreamId: UInt64] = [:]

  init(path: String) { self.path = path }

  /// The last sequence of a stream in this file, 0 when it has none.
  func lastSequence(of stream: StreamId) -> UInt64 { lastSequences[stream] ?? 0 }

  /// Opens and locks the file, makes it when missing, and learns what was appended since the last look.
  ///
  /// A member that a crash cut short is taken off: its events were never settled, so they come again.
  mutating func open() throws(ArchiveError) -> FileDescriptor {
    let descriptor = try openFile()
    let sizeBytes = try lockAndMeasure(descriptor)
    if sizeBytes < lengthBytes {
      Log.warning("The archive file became shorter; it is read anew.", ("file", path))
      lengthBytes = 0
      lastSequences = [:]
    }
    if sizeBytes > lengthBytes { try learn(descriptor, to: sizeBytes) }
    return descriptor
  }

  /// Appends one member durably. On an error the file is cut back to its last whole member.
  mutating func append(
    _ member: [UInt8], stream: StreamId, lastSequence: UInt64,
    to descriptor: borrowing FileDescriptor
  ) throws(ArchiveError) {
    var failure: SystemError?
    unsafe member.withUnsafeBytes { bytes in
      do throws(SystemError) {
        try unsafe descriptor.write(bytes, at: lengthBytes)
        try descriptor.sync()
      } catch { failure = error }
    }
    if let failure {
      // Cut back also after a failed fsync: the pages are then written anew, not taken for clean.
      do throws(SystemError) { try descriptor.truncate(to: lengthBytes) } catch {
        Log.error(
          "A failed archive append could not be cut off; the next open does.", ("file", path))
      }
      throw .cannotWrite(path: path, failure)
    }
    lengthBytes += UInt64(member.count)
    lastSequences[stream] = max(lastSequences[stream] ?? 0, lastSequence)
  }

  private func openFile() throws(ArchiveError) -> FileDescriptor {
    do throws(SystemError) {
      return try FileDescriptor(opening: path, .readWrite, create: true, mode: 0o640)
    } catch { throw .cannotOpen(path: path, error) }
  }

  /// Waits for the lock for some seconds; then the file's size. A new file's name is made durable.
  private func lockAndMeasure(
    _ descriptor: borrowing FileDescriptor
  ) throws(ArchiveError) -> UInt64 {
    do throws(SystemError) {
      for _ in 0..<Self.lockAttemptsMax {
        guard try descriptor.tryLock() else {
          PosixThread.sleep(.milliseconds(10))
          continue
        }
        let sizeBytes = try descriptor.status().sizeBytes
        if sizeBytes == 0 { try FileSystem.syncDirectory(FileSystem.parent(of: path)) }
        return sizeBytes
      }
    } catch { throw .cannotOpen(path: path, error) }
    throw .busy(path: path)
  }

  /// Walks the members from ``lengthBytes`` on by their headers; the last one is inflated too.
  private mutating func learn(
    _ descriptor: borrowing FileDescriptor, to sizeBytes: UInt64
  ) throws(ArchiveError) {
    var foreignAt: UInt64?
    do throws(SystemError) {
      while lengthBytes < sizeBytes, foreignAt == nil {
        if let member = try wholeMember(descriptor, to: sizeBytes) {
          take(member)
        } else if let next = try Self.nextMember(descriptor, from: lengthBytes + 1, to: sizeBytes) {
          Log.error(
            "The archive file is damaged: what lies there can not be read, what follows can.",
            ("file", path), ("from", "\(lengthBytes)"), ("bytes", "\(next - lengthBytes)"))
          lengthBytes = next
        } else if try isTornAppend(descriptor, to: sizeBytes) {
          Log.warning(
            "A crash cut the last append to the archive file short; it was taken off, its events come again.",
            ("file", path), ("bytes", "\(sizeBytes - lengthBytes)"))
          try descriptor.truncate(to: lengthBytes)
          return try descriptor.sync()
        } else {
          foreignAt = lengthBytes
        }
      }
    } catch { throw .cannotOpen(path: path, error) }
    if let foreignAt { throw .foreign(path: path, offsetBytes: foreignAt) }
  }

  /// The member at ``lengthBytes``. Only the file's last is inflated: the others were durable before it began.
  private func wholeMember(
    _ descriptor: borrowing FileDescriptor, to sizeBytes: UInt64
  ) throws(SystemError) -> ArchiveMember? {
    let header = try header(descriptor, to: sizeBytes)
    let rest = sizeBytes - lengthBytes
    guard let member = ArchiveMember(header: header), UInt64(member.lengthBytes) <= rest else {
      return nil
    }
    guard UInt64(member.lengthBytes) == rest else { return member }
    return try ArchiveMember.isWhole(Self.read(descriptor, at: lengthBytes, count: rest))
      ? member : nil
  }

  /// Whether what lies at ``lengthBytes`` can be the beginning of an append of ours, as far as it reached the disk.
  private func isTornAppend(
    _ descriptor: borrowing FileDescriptor, to sizeBytes: UInt64
  ) throws(SystemError) -> Bool {
    let header = try header(descriptor, to: sizeBytes)
    return zip(header, ArchiveMember.prefix).allSatisfy { $0 == $1 || $0 == 0 }
  }

  private func header(
    _ descriptor: borrowing FileDescriptor, to sizeBytes: UInt64
  ) throws(SystemError) -> [UInt8] {
    try Self.read(
      descriptor, at: lengthBytes,
      count: min(sizeBytes - lengthBytes, UInt64(ArchiveMember.headerBytes)))
  }

  private mutating func take(_ member: ArchiveMember) {
    lengthBytes += UInt64(member.lengthBytes)
    lastSequences[member.stream] = max(lastSequences[member.stream] ?? 0, member.lastSequence)
  }

  /// The next place from `offset` on where a whole header of ours lies.
  private static func nextMember(
    _ descriptor: borrowing FileDescriptor, from offset: UInt64, to sizeBytes: UInt64
  ) throws(SystemError) -> UInt64? {
    var at = offset
    while at < sizeBytes {
      let chunk = try read(descriptor, at: at, count: min(sizeBytes - at, 1 << 20))
      var index = 0
      while let found = chunk[index...].firstIndex(of: ArchiveMember.prefix[0]) {
        let rest = sizeBytes - at - UInt64(found)
        let header = try read(
          descriptor, at: at + UInt64(found), count: min(rest, UInt64(ArchiveMember.headerBytes)))
        if let member = ArchiveMember(header: header), UInt64(member.lengthBytes) <= rest {
          return at + UInt64(found)
        }
        index = found + 1
      }
      at += UInt64(chunk.count)
    }
    return nil
  }

  private static func read(
    _ descriptor: borrowing FileDescriptor, at offset: UInt64, count: UInt64
  ) throws(SystemError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: Int(count))
    var failure: SystemError?
    let found = unsafe bytes.withUnsafeMutableBytes { room in
      do throws(SystemError) { return try unsafe descriptor.read(into: room, at: offset) } catch {
        failure = error
        return 0
      }
    }
    if let failure { throw failure }
    return found == bytes.count ? bytes : Array(bytes[..<found])
  }
}
