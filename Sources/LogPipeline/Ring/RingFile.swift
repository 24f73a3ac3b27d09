/// Opens the ring's file, or makes it; either way locked and known to be the one at the path.
struct RingFile {
  private static let zerosAtOnceBytes = 1 << 20
  /// Told to the disk so often while zeros are written, that progress is true and a stop need not wait long.
  private static let syncEveryBytes: UInt64 = 32 << 20

  private let configuration: RingConfiguration
  private let clock: any Clock
  /// Asked after each MiB of zeros: false breaks the making off.
  private let goesOn: (RingProgress) -> Bool
  private var path: String { configuration.path }
  private var temporary: String { "\(path).new" }

  /// - Throws: when it can not be had; an existing file was not changed then.
  static func open(
    _ configuration: RingConfiguration, clock: any Clock,
    goesOn: @escaping (RingProgress) -> Bool = { _ in true }
  ) throws(RingError) -> FileDisk {
    let ring = RingFile(configuration: configuration, clock: clock, goesOn: goesOn)
    let deadline = clock.now() + configuration.lockWait
    var isWaitLogged = false
    while true {
      let exists = FileSystem.exists(configuration.path)
      if let disk = exists ? try ring.existing() : try ring.made() { return disk }
      guard clock.now() < deadline else { throw .lockedByAnother(path: configuration.path) }
      if !isWaitLogged {
        Log.info("Another process holds the ring; waiting", ("path", configuration.path))
        isWaitLogged = true
      }
      PosixThread.sleep(.milliseconds(50))
    }
  }

  /// nil: somebody else has it, or replaced it just now.
  private func existing() throws(RingError) -> FileDisk? {
    let file = try opened(path, create: false)
    let found: FileStatus
    do throws(SystemError) {
      guard try file.tryLock() else { return nil }
      found = try file.status()
      // The lock is on what was opened; is that still what the path names?
      guard try isAt(path, found) else { return nil }
    } catch {
      throw .system(path: path, error)
    }
    let volume = RingVolume(of: file)
    try refuseVolatile(volume)
    guard found.sizeBytes == configuration.sizeBytes else {
      throw try isRing(file)
        ? .sizeDiffers(
          path: path, foundBytes: found.sizeBytes, configuredBytes: configuration.sizeBytes)
        : .notARing(path: path)
    }
    if found.allocatedBytes < found.sizeBytes, try isRing(file) { try fillHoles(file, found) }
    return FileDisk(taking: file, path: path, volume: volume, status: found)
  }

  /// Zeros under a temporary name (reserving without writing would leave the first lap slower and unproven), then
  /// the superblock, then the name. nil: somebody else is making it, or has made it just now.
  private func made() throws(RingError) -> FileDisk? {
    let file = try opened(temporary, create: true)
    do throws(SystemError) {
      guard try file.tryLock() else { return nil }
      // Who had the lock before may have given this file its name by now, and events.
      guard try isAt(temporary, file.status()) else { return nil }
      // What an attempt that was cut short has written counts as free.
      try file.truncate(to: 0)
    } catch {
      throw .system(path: path, error)
    }
    let isNamed: Bool
    do throws(RingError) { isNamed = try fill(file) } catch {
      // Nothing half made stays behind.
      try? FileSystem.remove(temporary)
      throw error
    }
    return try isNamed ? disk(taking: file) : existing()
  }

  /// - Returns: whether it has its name now; false: another file has.
  private func fill(_ file: borrowing FileDescriptor) throws(RingError) -> Bool {
    let volume = RingVolume(of: file)
    try refuseVolatile(volume)
    try refuseTooFull(neededBytes: configuration.sizeBytes)
    // Only an empty file can be told; where it fails, the volume's warning says so.
    if volume.isBtrfs { _ = file.setNoCopyOnWrite() }
    do throws(SystemError) {
      try writeZeros(to: file)
      try file.sync()
      let superblock = RingOpening.newSuperblock(configuration).encoded()
      var failure: SystemError?
      unsafe superblock.withUnsafeBytes { bytes in
        do throws(SystemError) {
          try unsafe file.write(bytes, at: RingLayout.superblockOffsets[0])
        } catch { failure = error }
      }
      if let failure { throw failure }
      try file.sync()
      guard try FileSystem.renameIfFree(temporary, to: path) else {
        try FileSystem.remove(temporary)
        return false
      }
      try FileSystem.syncDirectory(FileSystem.parent(of: path))
      return true
    } catch {
      throw .system(path: path, error)
    }
  }

  private func disk(taking file: consuming FileDescriptor) throws(RingError) -> FileDisk {
    let volume = RingVolume(of: file)
    let status: FileStatus
    do throws(SystemError) { status = try file.status() } catch {
      throw .system(path: path, error)
    }
    return FileDisk(taking: file, path: path, volume: volume, status: status)
  }

  private func opened(_ path: String, create: Bool) throws(RingError) -> FileDescriptor {
    do throws(SystemError) {
      return try FileDescriptor(opening: path, .readWrite, create: create)
    } catch {
      throw .system(path: self.path, error)
    }
  }

  /// Whether the path names this very file; a file that has gone has no name.
  private func isAt(_ path: String, _ file: FileStatus) throws(SystemError) -> Bool {
    do throws(SystemError) {
      let found = try FileSystem.status(of: path)
      return (found.device, found.inode) == (file.device, file.inode)
    } catch {
      if error.code == SystemError.noEntry { return false }
      throw error
    }
  }

  private func refuseVolatile(_ volume: RingVolume) throws(RingError) {
    if volume.forgetsBecause != nil, !configuration.isVolatileDiskAllowed {
      throw .volatileDisk(path: path)
    }
  }

  /// A copy may have lost the blocks that held zeros, and then the disk could run full under the ring: takes them now.
  private func fillHoles(
    _ file: borrowing FileDescriptor, _ found: FileStatus
  ) throws(RingError) {
    let missing = found.sizeBytes - found.allocatedBytes
    try refuseTooFull(neededBytes: missing)
    do throws(SystemError) { try file.allocate(found.sizeBytes) } catch {
      guard error.code != SystemError.noSpace else {
        throw .cannotReserve(path: path, neededBytes: missing, freeBytes: try freeBytes())
      }
      // Not known to this file system, or not possible: then it stays as it is, and the operator is told.
    }
    let allocated: UInt64
    do throws(SystemError) {
      try file.sync()
      allocated = try file.status().allocatedBytes
    } catch {
      throw .system(path: path, error)
    }
    if allocated >= found.sizeBytes {
      Log.info(
        "The ring's file was sparse, as after some ways of copying: its space is reserved again",
        ("path", path), ("bytes", "\(missing)"))
    } else {
      Log.warning(
        "The ring's file is sparse or compressed by its file system: the disk can run full under it",
        ("path", path), ("allocated", "\(allocated)"), ("size", "\(found.sizeBytes)"))
    }
  }

  /// Whether it has a superblock's mark at all: what has none is somebody else's file.
  private func isRing(_ file: borrowing FileDescriptor) throws(RingError) -> Bool {
    for offset in RingLayout.superblockOffsets {
      var bytes = [UInt8](repeating: 0, count: 16)
      do throws(SystemError) {
        try read(file, into: &bytes, at: offset)
      } catch {
        throw .system(path: path, error)
      }
      if bytes.load(UInt64.self, at: 8) == RingLayout.superblockMagic { return true }
    }
    return false
  }

  private func read(
    _ file: borrowing FileDescriptor, into bytes: inout [UInt8], at offset: UInt64
  ) throws(SystemError) {
    var failure: SystemError?
    unsafe bytes.withUnsafeMutableBytes { buffer in
      do throws(SystemError) {
        _ = try unsafe file.read(into: buffer, at: offset)
      } catch { failure = error }
    }
    if let failure { throw failure }
  }

  private func freeBytes() throws(RingError) -> UInt64 {
    do throws(SystemError) {
      return try FileSystem.freeBytes(at: FileSystem.parent(of: path))
    } catch {
      throw .system(path: path, error)
    }
  }

  private func refuseTooFull(neededBytes: UInt64) throws(RingError) {
    let free = try freeBytes()
    guard free >= neededBytes else {
      throw .cannotReserve(path: path, neededBytes: neededBytes, freeBytes: free)
    }
  }

  private func writeZeros(to file: borrowing FileDescriptor) throws(SystemError) {
    let size = configuration.sizeBytes
    let zeros = [UInt8](repeating: 0, count: Self.zerosAtOnceBytes)
    let began = clock.now()
    var written: UInt64 = 0
    var synced: UInt64 = 0
    while written < size {
      let progress = RingProgress(
        writtenBytes: written, sizeBytes: size, elapsed: clock.now().since(began))
      guard goesOn(progress) else {
        throw SystemError(code: SystemError.cancelled, operation: "make the ring's file")
      }
      let count = Int(min(UInt64(zeros.count), size - written))
      try file.write(count == zeros.count ? zeros : Array(zeros[..<count]))
      written += UInt64(count)
      if written - synced >= Self.syncEveryBytes {
        try file.syncData()
        synced = written
      }
    }
  }
}
