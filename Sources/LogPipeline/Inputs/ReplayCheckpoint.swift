/// How far one file is replayed, in `state_dir/replay/<key>`: locked while the file is read, replaced whole and durably.
package final class ReplayCheckpoint: @unchecked Sendable {
  // @unchecked Sendable: what changes (`marks`, `settled`, `isSaved`) is touched by the run's own thread alone; the
  // reader's thread looks at the constants.
  package enum Start: Equatable, Sendable {
    case fromStart
    /// Read again from `window` without delivering, to know the last frames; deliver from `settled` on.
    case resume(window: ReplayMark, settled: ReplayMark)
    case nothingToDo
  }
  /// What is before it must be reread so that equal frames keep their ids.
  private static let windowFrames = UInt64(FrameUnit.windowFrames)

  package let filePath: String
  package let path: String
  package let start: Start
  /// Numbers the file's events for the archive.
  package let stream: StreamId
  /// What earlier runs settled; `mark` is where this one begins.
  package let earlier: ReplayAdvance

  private let identity: ReplayFileIdentity
  /// How many of the file's first bytes its key was made of.
  private let keyPrefixBytes: Int
  private let generation: Int64
  private let destination: String?
  /// Holds the lock as long as this object lives.
  private let lock: FileDescriptor
  /// Settled places of this run, oldest first: the first one lies far enough back to fill the window.
  private var marks: [ReplayMark]
  /// What is settled by now; the run's own thread alone asks for it once the file is being read.
  package private(set) var settled: ReplayAdvance
  private var isSaved = true

  /// Locks and reads the file's checkpoint.
  ///
  /// - Parameters:
  ///   - content: the open file.
  ///   - folder: `state_dir/replay`; made when missing.
  ///   - settings: a text that differs when other lines become events (limits, program version).
  ///   - destination: where the events go. What went elsewhere is read anew; a checkpoint that says nothing of that counts.
  /// - Throws: ``ReplayError``; nothing was read.
  package init(
    of content: InputFileContent, folder: String, settings: String, destination: String? = nil
  ) throws(ReplayError) {
    filePath = content.name
    self.destination = destination
    let sizeBytes: UInt64
    do throws(SystemError) {
      let status = try content.status()
      sizeBytes = status.sizeBytes
      identity = ReplayFileIdentity(
        device: status.device, inode: status.inode,
        prefix: try content.firstFileBytes(ReplayFileIdentity.prefixBytesMax))
    } catch { throw .cannotLook(path: content.name, error) }
    do throws(SystemError) {
      try FileSystem.makeDirectories(folder)
    } catch { throw .cannotUseFolder(folder: folder, error) }
    let (key, prefixBytes) = Self.storedKey(of: identity, in: folder)
    keyPrefixBytes = prefixBytes
    path = "\(folder)/\(key)"
    lock = try Self.lock("\(folder)/\(key).lock", folder, content.name)
    let stored = ReplayCheckpointRecord.load(path)
    let hasShrunk = stored.map { sizeBytes < $0.advance.mark.fileOffsetBytes } ?? false
    if hasShrunk {
      Log.warning(
        "The file is shorter than when it was replayed; it is read anew.", ("file", filePath))
    }
    generation = (stored?.generation ?? 0) + (hasShrunk ? 1 : 0)
    stream = ReplayFileIdentity.stream(key: key, settings: settings, generation: generation)
    let wentElsewhere =
      if let before = stored?.destination, let destination { before != destination } else { false }
    if wentElsewhere {
      Log.info(
        "The file was replayed to another destination; it is read from its start",
        ("file", filePath), ("before", stored?.destination ?? ""), ("now", destination ?? ""))
    }
    if let stored, !hasShrunk, !wentElsewhere {
      start =
        stored.advance.isFinished && stored.advance.mark.fileOffsetBytes == sizeBytes
        ? .nothingToDo : .resume(window: stored.window, settled: stored.advance.mark)
      earlier = stored.advance
      marks = [stored.window, stored.advance.mark]
    } else {
      start = .fromStart
      earlier = ReplayAdvance(mark: ReplayMark())
      marks = [ReplayMark()]
    }
    settled = earlier
    settled.isFinished = false
  }

  /// Takes what is settled now; ``save()`` keeps it.
  package func advance(to advance: ReplayAdvance) {
    invariant(
      advance.mark.offsetBytes >= settled.mark.offsetBytes, "a settled place never goes back")
    settled = advance
    isSaved = false
    if marks.last != advance.mark { marks.append(advance.mark) }
    // The first mark is the newest one that still has a whole window behind it.
    while marks.count > 1, marks[1].hashed + Self.windowFrames <= advance.mark.hashed {
      marks.removeFirst()
    }
  }

  /// Replaces the checkpoint durably; does nothing when there is no news.
  package func save() throws(ReplayError) {
    guard !isSaved else { return }
    do throws(SystemError) {
      let record = ReplayCheckpointRecord(
        file: filePath, device: identity.device, inode: identity.inode,
        prefixBytes: keyPrefixBytes, generation: generation, destination: destination,
        window: marks[0], advance: settled)
      try FileSystem.replace(path, with: Array((record.json.text + "\n").utf8))
      isSaved = true
    } catch { throw .cannotSave(path: filePath, checkpoint: path, error) }
  }

  /// The name of the checkpoint of this file: its own key, or the one it had while shorter than 4 KiB.
  private static func storedKey(of identity: ReplayFileIdentity, in folder: String) -> (
    key: String, prefixBytes: Int
  ) {
    let own = (key: identity.key, prefixBytes: identity.prefix.count)
    guard !FileSystem.exists("\(folder)/\(own.key)") else { return own }
    var names: [String] = []
    do throws(SystemError) { names = try FileSystem.names(in: folder) } catch { return own }
    for name in names where !name.contains(".") {
      guard let record = ReplayCheckpointRecord.load("\(folder)/\(name)"),
        (record.device, record.inode) == (identity.device, identity.inode),
        record.prefixBytes < identity.prefix.count,
        identity.key(prefixBytes: record.prefixBytes) == name
      else { continue }
      return (name, record.prefixBytes)
    }
    return own
  }

  private static func lock(
    _ path: String, _ folder: String, _ filePath: String
  ) throws(ReplayError) -> FileDescriptor {
    let isLocked: Bool
    do throws(SystemError) {
      let descriptor = try FileDescriptor(opening: path, .readWrite, create: true)
      if try descriptor.tryLock() { return descriptor }
      isLocked = true
    } catch { throw .cannotUseFolder(folder: folder, error) }
    invariant(isLocked, "only another's lock leads here")
    throw .locked(path: filePath)
  }
}
