import Synchronization

/// Appends dead letters to `dead-letters.ndjson` and waits until they are on disk.
///
/// A full file becomes `dead-letters.000001.ndjson` and so on; nothing is ever removed here: these events are nowhere
/// else. A letter that stands there already, because the agent was killed before the ring knew of it, is not written
/// again. Safe to call from any thread; several processes may write into one folder.
package final class DeadLetterWriter: Sendable {
  private struct State {
    /// Read with the first letter: most agents never have one.
    var there: WrittenDeadLetters?
    var written: UInt64 = 0
    var foundThere: UInt64 = 0
    var problem: String?
  }
  package let files: DeadLetterFiles
  package var path: String { files.path }
  /// The stream whose sequences a block carries: the ring's id, or `ReplayWindow.stream(of:)`.
  package let streamOf: @Sendable (StoredBlock) -> StreamId
  private let scope: DeadLetterScope
  private let limitBytes: UInt64
  private let fileBytesMax: UInt64
  // Held across the disk's work on purpose: dead letters are rare, and each sender must wait for its own anyway.
  private let state = Mutex(State())

  /// Opens nothing yet: without dead letters there is no file.
  ///
  /// - Parameters:
  ///   - folder: the state directory; it is there.
  ///   - limitBytes: for all dead letter files together.
  ///   - fileBytesMax: when a new file is begun.
  ///   - scope: which events may come a second time.
  ///   - streamOf: tells the stream whose sequences a block carries.
  package init(
    folder: String, limitBytes: UInt64 = 1 << 30, fileBytesMax: UInt64 = 64 << 20,
    scope: DeadLetterScope = .everything,
    streamOf: @escaping @Sendable (StoredBlock) -> StreamId = { _ in StreamId(high: 0, low: 0) }
  ) {
    files = DeadLetterFiles(folder: folder)
    self.limitBytes = limitBytes
    self.fileBytesMax = fileBytesMax
    self.scope = scope
    self.streamOf = streamOf
  }

  /// How many were written since the start.
  package var writtenCount: UInt64 { state.withLock { $0.written } }
  /// How many were there already when they were to be written.
  package var foundThereCount: UInt64 { state.withLock { $0.foundThere } }

  /// Why the last ones could not be written; nil: they were.
  package var problem: String? { state.withLock { $0.problem } }

  /// Mends a line that an earlier life left in the middle, and says so. What can not be mended now is tried again with
  /// the first letter.
  package func mendEnd() {
    guard FileSystem.exists(path) else { return }
    do throws(SystemError) { try mend(LockedFile(path, create: false)) } catch {
      Log.warning(
        "The dead letters can not be looked at; it is tried again when one is to be written",
        ("path", path), ("reason", "\(error)"))
    }
  }

  /// All of them are on disk when this returns, or none counts.
  ///
  /// - Throws: ``DeliveryError/deadLettersFull(path:usedBytes:limitBytes:)``, or
  ///   ``DeliveryError/deadLettersUnwritable(path:reason:)``.
  package func write(_ letters: [DeadLetter]) throws(DeliveryError) {
    guard !letters.isEmpty else { return }
    let failure = state.withLock { state -> DeliveryError? in
      do throws(SystemError) {
        let there: WrittenDeadLetters
        if let known = state.there { there = known } else { there = try .init(files, scope) }
        state.there = there
        let fresh = letters.filter { !there.holds($0) }
        state.foundThere += UInt64(letters.count - fresh.count)
        state.problem = nil
        guard !fresh.isEmpty else { return nil }
        let lines = fresh.flatMap(\.line)
        let used = try files.usedBytes()
        guard used + UInt64(lines.count) <= limitBytes else {
          state.problem = "they take \(used) of \(limitBytes) bytes allowed"
          return .deadLettersFull(path: path, usedBytes: used, limitBytes: limitBytes)
        }
        try append(lines)
        state.written += UInt64(fresh.count)
        return nil
      } catch {
        // What of it got there shows when it is read again.
        state.there = nil
        state.problem = error.description
        return .deadLettersUnwritable(path: path, reason: error.description)
      }
    }
    if let failure { throw failure }
  }

  private func append(_ lines: [UInt8]) throws(SystemError) {
    while true {
      let locked = try LockedFile(path, create: true)
      try mend(locked)
      let size = try locked.sizeBytes()
      if size >= fileBytesMax {
        try files.rotate()
        continue
      }
      // Before there is anything in it: a file without a name would keep nothing.
      if size == 0 { try FileSystem.syncDirectory(files.folder) }
      do {
        try locked.file.write(lines)
        try locked.file.sync()
      } catch {
        // Best effort: the next one to open the file mends its end, too.
        try? locked.file.truncate(to: size)
        throw error
      }
      return
    }
  }

  private func mend(_ locked: borrowing LockedFile) throws(SystemError) {
    switch try DeadLetterEnd.mend(locked, isWhole: { StoredDeadLetter($0) != nil }) {
    case .nothing: break
    case .completed:
      Log.warning(
        "The last dead letter lacked its line end, after a crash; it got one", ("path", path))
    case .cut(let bytes):
      Log.warning(
        "The last dead letter was cut short by a crash: that part of a line is removed. Its event was not settled and comes again",
        ("path", path), ("bytes", "\(bytes)"))
    }
  }
}
