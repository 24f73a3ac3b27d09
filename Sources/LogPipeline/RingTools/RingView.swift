import Synchronization

/// A ring's file, open for a tool: to look at while an agent may run, or held against all others.
package final class RingView: Sendable {
  /// What a superblock slot gave.
  enum Slot: Equatable {
    case valid(Superblock)
    case otherVersion(UInt32)
    case damaged
    case foreign
    case unreadable(SystemError)
  }

  package let path: String
  package let sizeBytes: UInt64
  let disk: any Disk
  private let lookAtLock: @Sendable () -> Bool
  /// Made from the groups, when both slots are lost; once, since it reads the whole file.
  private let rebuilt = Mutex<Superblock?>(nil)

  /// `isInUse` says whether somebody else has the ring now.
  package init(
    path: String, sizeBytes: UInt64, disk: any Disk,
    isInUse: @escaping @Sendable () -> Bool = { false }
  ) {
    (self.path, self.sizeBytes, self.disk) = (path, sizeBytes, disk)
    lookAtLock = isInUse
  }

  /// Whether an agent has it now; what it writes meanwhile is no fault.
  var isInUse: Bool { lookAtLock() }

  /// Opens it for reading, with no lock.
  package static func look(at path: String) throws(RingToolError) -> RingView {
    let file = try opened(path, .read)
    let status = try status(of: file, path)
    let forLock = LockProbe(taking: try opened(path, .read))
    return RingView(
      path: path, sizeBytes: status.sizeBytes, disk: try disk(taking: file, path),
      isInUse: { forLock.isLockedByAnother })
  }

  /// Opens it for as long as the view lives, locked as an agent locks it.
  package static func hold(_ path: String) throws(RingToolError) -> RingView {
    let file = try opened(path, .readWrite)
    let status = try status(of: file, path)
    do throws(SystemError) {
      guard try file.tryLock() else {
        throw SystemError(code: SystemError.again, operation: "lock")
      }
      let atPath = try FileSystem.status(of: path)
      guard (status.device, status.inode) == (atPath.device, atPath.inode) else {
        throw SystemError(code: SystemError.again, operation: "lock")
      }
    } catch {
      throw error.code == SystemError.again ? .inUse(path: path) : .cannotOpen(path: path, error)
    }
    return RingView(path: path, sizeBytes: status.sizeBytes, disk: try disk(taking: file, path))
  }

  private static func disk(
    taking file: consuming FileDescriptor, _ path: String
  ) throws(RingToolError) -> FileDisk {
    do throws(SystemError) { return try FileDisk(taking: file, path: path) } catch {
      throw .cannotOpen(path: path, error)
    }
  }

  /// Both slots. One that is being written just now is read again.
  func slots() -> [Slot] {
    RingLayout.superblockOffsets.map { offset in
      var slot = read(offset)
      for _ in 0..<3 where slot == .damaged { slot = read(offset) }
      return slot
    }
  }

  /// The slot that counts.
  func superblock() throws(RingToolError) -> Superblock {
    let slots = slots()
    var newest: Superblock?
    for case .valid(let found) in slots where found.generation > newest?.generation ?? 0 {
      newest = found
    }
    if let newest {
      guard newest.dataEnd <= sizeBytes, !newest.consumers.isEmpty else {
        throw .damagedSuperblocks(path: path)
      }
      return newest
    }
    for slot in slots {
      if case .otherVersion(let found) = slot {
        throw .otherVersion(path: path, found: found, known: RingLayout.version)
      }
    }
    guard sizeBytes > RingLayout.dataStart + UInt64(RingLayout.pageBytes) else {
      throw .notARing(path: path)
    }
    guard disk.isReadable else {
      for slot in slots {
        if case .unreadable(let error) = slot { throw .cannotRead(path: path, error) }
      }
      throw .notARing(path: path)
    }
    if let made = rebuild() { return made }
    throw slots.contains(.damaged) ? .damagedSuperblocks(path: path) : .notARing(path: path)
  }

  /// Whether both slots are lost, and what was found is what the groups say.
  var isRebuilt: Bool { rebuilt.withLock { $0 != nil } }

  private func rebuild() -> Superblock? {
    rebuilt.withLock { known in
      if known == nil {
        known = SuperblockRebuild.superblock(
          from: disk, RingConfiguration(path: path, sizeBytes: sizeBytes))
      }
      return known
    }
  }

  private func read(_ offset: UInt64) -> Slot {
    guard offset + UInt64(RingLayout.pageBytes) <= sizeBytes else { return .foreign }
    do throws(SystemError) {
      return switch Superblock.read(try disk.bytes(at: offset, count: RingLayout.pageBytes)) {
      case .valid(let superblock): .valid(superblock)
      case .otherVersion(let version): .otherVersion(version)
      case .damaged: .damaged
      case .foreign: .foreign
      }
    } catch { return .unreadable(error) }
  }

  private static func opened(
    _ path: String, _ access: FileDescriptor.Access
  ) throws(RingToolError) -> FileDescriptor {
    do throws(SystemError) {
      return try FileDescriptor(opening: path, access)
    } catch {
      throw error.code == SystemError.noEntry
        ? .notThere(path: path) : .cannotOpen(path: path, error)
    }
  }

  private static func status(
    of file: borrowing FileDescriptor, _ path: String
  ) throws(RingToolError) -> FileStatus {
    do throws(SystemError) {
      let status = try file.status()
      guard status.kind == .regular else { throw SystemError(code: 0, operation: "") }
      return status
    } catch { throw error.code == 0 ? .notARing(path: path) : .cannotOpen(path: path, error) }
  }
}

/// A descriptor of its own, because a lock is not seen by the one that has it.
private final class LockProbe: Sendable {
  private let file: FileDescriptor
  init(taking file: consuming FileDescriptor) { self.file = file }
  var isLockedByAnother: Bool { file.isLockedByAnother }
}
