import Synchronization

/// Appends dead letters to `dead-letters.ndjson` and waits until they are on disk.
///
/// A full file becomes `dead-letters.000001.ndjson` and so on; nothing is ever removed here: these events are nowhere
/// else. Safe to call from any thread.
package final class DeadLetterWriter: Sendable {
  private struct State: ~Copyable {
    var file: FileDescriptor?
    var sizeBytes: UInt64 = 0
    var written: UInt64 = 0
  }
  private let lineEnd = UInt8(ascii: "\n")
  private let folder: String
  package let path: String
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
  package init(folder: String, limitBytes: UInt64 = 1 << 30, fileBytesMax: UInt64 = 64 << 20) {
    self.folder = folder
    self.limitBytes = limitBytes
    self.fileBytesMax = fileBytesMax
    path = "\(folder)/dead-letters.ndjson"
  }

  /// How many were written since the start.
  package var writtenCount: UInt64 { state.withLock { $0.written } }

  /// All of them are on disk when this returns, or none counts.
  ///
  /// - Throws: ``DeliveryError/deadLettersFull(path:usedBytes:limitBytes:)``, or
  ///   ``DeliveryError/deadLettersUnwritable(path:reason:)``.
  package func write(_ letters: [DeadLetter]) throws(DeliveryError) {
    guard !letters.isEmpty else { return }
    let lines = letters.flatMap(\.line)
    let failure = state.withLock { state -> DeliveryError? in
      do throws(SystemError) {
        let used = try usedBytes()
        guard used + UInt64(lines.count) <= limitBytes else {
          return .deadLettersFull(path: path, usedBytes: used, limitBytes: limitBytes)
        }
        try append(lines, to: &state)
        state.written += UInt64(letters.count)
        return nil
      } catch {
        state.file = nil
        return .deadLettersUnwritable(path: path, reason: error.description)
      }
    }
    if let failure { throw failure }
  }

  private func append(_ lines: [UInt8], to state: inout State) throws(SystemError) {
    if state.file != nil, !FileSystem.exists(path) { state.file = nil }
    if state.file != nil, state.sizeBytes >= fileBytesMax {
      state.file = nil
      try FileSystem.rename(path, to: nextName())
      try FileSystem.syncDirectory(folder)
    }
    if state.file == nil { try open(&state) }
    try add(lines, to: &state)
  }

  /// Writes and syncs; what a failure left half written is cut off again, so that each line stays whole.
  private func add(_ bytes: [UInt8], to state: inout State) throws(SystemError) {
    let before = state.sizeBytes
    do {
      try state.file?.write(bytes)
      try state.file?.sync()
    } catch {
      // Best effort: opening the file again also ends a torn line.
      _ = try? state.file?.truncate(to: before)
      throw error
    }
    state.sizeBytes = before + UInt64(bytes.count)
  }

  private func open(_ state: inout State) throws(SystemError) {
    let isNew = !FileSystem.exists(path)
    let file = try FileDescriptor(opening: path, .readWrite, create: true, append: true)
    let sizeBytes = try file.status().sizeBytes
    let last = sizeBytes == 0 ? lineEnd : try Self.byte(of: file, at: sizeBytes - 1)
    state.sizeBytes = sizeBytes
    state.file = consume file
    if isNew { try FileSystem.syncDirectory(folder) }
    // A crash in the middle of a line: the next one must not be joined to it.
    if last != lineEnd { try add([lineEnd], to: &state) }
  }

  private static func byte(
    of file: borrowing FileDescriptor, at offset: UInt64
  ) throws(SystemError) -> UInt8 {
    var found: UInt8 = 0
    var failure: SystemError?
    unsafe withUnsafeMutableBytes(of: &found) { bytes in
      do throws(SystemError) { _ = try unsafe file.read(into: bytes, at: offset) } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    return found
  }

  /// All dead letter files, asked of the disk each time: the operator may have removed some.
  private func usedBytes() throws(SystemError) -> UInt64 {
    var used: UInt64 = 0
    for name in try FileSystem.names(in: folder) where Self.isOurs(name) {
      // One that vanishes in between takes no space.
      used += (try? FileSystem.status(of: "\(folder)/\(name)").sizeBytes) ?? 0
    }
    return used
  }

  private func nextName() throws(SystemError) -> String {
    let numbers = try FileSystem.names(in: folder).filter(Self.isOurs).compactMap {
      $0.split(separator: ".").dropFirst().first.flatMap { Int($0) }
    }
    return "\(folder)/dead-letters.\(UtcTime.padded((numbers.max() ?? 0) + 1, 6)).ndjson"
  }

  private static func isOurs(_ name: String) -> Bool {
    name.hasPrefix("dead-letters.") && name.hasSuffix("ndjson")
  }
}
