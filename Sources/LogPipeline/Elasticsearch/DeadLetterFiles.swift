/// The files of the dead letters in a folder: `dead-letters.ndjson` is written to, `dead-letters.000001.ndjson` and so on
/// are full. Who writes, renames or removes one holds its ``LockedFile``.
package struct DeadLetterFiles: Sendable {
  package let folder: String
  /// The one that is written to.
  package let path: String
  /// What has become of letters since: see ``DeadLetterResolutions``.
  package let resolvedPath: String
  private static let resolvedName = "dead-letters.resolved.ndjson"

  package init(folder: String) {
    self.folder = folder
    path = "\(folder)/dead-letters.ndjson"
    resolvedPath = "\(folder)/\(Self.resolvedName)"
  }

  /// All that are there, the oldest first.
  package func paths() throws(SystemError) -> [String] {
    let full = try FileSystem.names(in: folder).filter { Self.number($0) != nil }
      .map { "\(folder)/\($0)" }
    return FileSystem.exists(path) ? full + [path] : full
  }

  /// Of all of them on disk, asked each time: the operator may have removed some.
  package func usedBytes() throws(SystemError) -> UInt64 {
    var used: UInt64 = 0
    for path in try paths() + [resolvedPath] {
      // One that vanishes in between takes no space.
      used += (try? FileSystem.status(of: path).sizeBytes) ?? 0
    }
    return used
  }

  /// Puts the full file aside under the next number. Its lock is held.
  func rotate() throws(SystemError) {
    var next = (try FileSystem.names(in: folder).compactMap(Self.number).max() ?? 0) + 1
    while try !FileSystem.renameIfFree(
      path, to: "\(folder)/dead-letters.\(UtcTime.padded(next, 6)).ndjson")
    {
      next += 1
    }
    try FileSystem.syncDirectory(folder)
  }

  private static func number(_ name: String) -> Int? {
    guard name.hasPrefix("dead-letters."), name.hasSuffix(".ndjson") else { return nil }
    return Int(name.dropFirst("dead-letters.".count).dropLast(".ndjson".count))
  }

  /// Gives each whole line of a file, without its end. What follows the last line end is left out: it is being written,
  /// or torn. False from `take` ends it.
  package static func forEachLine(
    of path: String, _ take: (ArraySlice<UInt8>) -> Bool
  ) throws(SystemError) {
    let file = try FileDescriptor(opening: path, .read)
    var held: [UInt8] = []
    var offset: UInt64 = 0
    while true {
      let more = try file.bytes(at: offset, count: 1 << 20)
      if more.isEmpty { return }
      offset += UInt64(more.count)
      // Only what is new can hold a line end.
      var searchFrom = held.count
      held += more
      var start = 0
      while let end = held[searchFrom...].firstIndex(of: UInt8(ascii: "\n")) {
        if end > start, !take(held[start..<end]) { return }
        (start, searchFrom) = (end + 1, end + 1)
      }
      held.removeFirst(start)
    }
  }
}
