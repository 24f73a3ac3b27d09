/// Opens the ring's file, or makes it; either way locked and known to be the one at the path.
struct RingFile {
  private static let zerosAtOnceBytes = 1 << 20
  private static let progressFromBytes: UInt64 = 256 << 20
  /// tmpfs and ramfs.
  private static let volatileFileSystems: [UInt64] = [0x0102_1994, 0x8584_58F6]

  private let configuration: RingConfiguration
  private var path: String { configuration.path }

  /// - Throws: when it can not be had; an existing file was not changed then.
  static func open(
    _ configuration: RingConfiguration, clock: any Clock
  ) throws(RingError) -> FileDisk {
    let ring = RingFile(configuration: configuration)
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
      let atPath = try FileSystem.status(of: path)
      guard (found.device, found.inode) == (atPath.device, atPath.inode) else { return nil }
    } catch {
      throw .system(path: path, error)
    }
    try refuseVolatile(file)
    guard found.sizeBytes == configuration.sizeBytes else {
      throw try isRing(file)
        ? .sizeDiffers(
          path: path, foundBytes: found.sizeBytes, configuredBytes: configuration.sizeBytes)
        : .notARing(path: path)
    }
    if found.allocatedBytes < found.sizeBytes / 10 * 9 {
      Log.warning(
        "The ring's file is sparse or compressed by its file system: the disk can run full under it",
        ("path", path), ("allocated", "\(found.allocatedBytes)"), ("size", "\(found.sizeBytes)"))
    }
    return FileDisk(taking: file, path: path)
  }

  /// Zeros under a temporary name (reserving without writing would leave the first lap slower and unproven), then
  /// the superblock, then the name. nil: somebody else is making it.
  private func made() throws(RingError) -> FileDisk? {
    let temporary = "\(path).new"
    let file = try opened(temporary, create: true)
    try refuseVolatile(file)
    do throws(SystemError) {
      guard try file.tryLock() else { return nil }
    } catch {
      throw .system(path: path, error)
    }
    try reserveRoom(file)
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
      try FileSystem.rename(temporary, to: path)
      try FileSystem.syncDirectory(FileSystem.parent(of: path))
    } catch {
      throw .system(path: path, error)
    }
    return FileDisk(taking: file, path: path)
  }

  private func opened(_ path: String, create: Bool) throws(RingError) -> FileDescriptor {
    do throws(SystemError) {
      return try FileDescriptor(opening: path, .readWrite, create: create)
    } catch {
      throw .system(path: self.path, error)
    }
  }

  private func refuseVolatile(_ file: borrowing FileDescriptor) throws(RingError) {
    guard !configuration.isVolatileDiskAllowed else { return }
    if Self.volatileFileSystems.contains(file.fileSystemType) { throw .volatileDisk(path: path) }
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

  private func reserveRoom(_ file: borrowing FileDescriptor) throws(RingError) {
    let free: UInt64
    do throws(SystemError) {
      // What an attempt that was cut short has written already counts as free.
      try file.truncate(to: 0)
      free = try FileSystem.freeBytes(at: FileSystem.parent(of: path))
      if free < configuration.sizeBytes { try FileSystem.remove("\(path).new") }
    } catch {
      throw .system(path: path, error)
    }
    guard free >= configuration.sizeBytes else {
      throw .cannotReserve(path: path, neededBytes: configuration.sizeBytes, freeBytes: free)
    }
  }

  private func writeZeros(to file: borrowing FileDescriptor) throws(SystemError) {
    let size = configuration.sizeBytes
    let zeros = [UInt8](repeating: 0, count: Self.zerosAtOnceBytes)
    if size >= Self.progressFromBytes {
      Log.info(
        "Making the ring: the whole file is written once with zeros", ("path", path),
        ("bytes", "\(size)"))
    }
    var written: UInt64 = 0
    var toldQuarters: UInt64 = 0
    while written < size {
      let count = Int(min(UInt64(zeros.count), size - written))
      try file.write(count == zeros.count ? zeros : Array(zeros[..<count]))
      written += UInt64(count)
      let quarters = written * 4 / size
      if size >= Self.progressFromBytes, quarters > toldQuarters {
        toldQuarters = quarters
        Log.info("Making the ring", ("percent", "\(quarters * 25)"))
      }
    }
  }
}
