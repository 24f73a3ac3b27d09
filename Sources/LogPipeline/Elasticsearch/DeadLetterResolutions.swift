/// Which dead letters are done with, because sending them again has put them into their index.
///
/// Only ever appended to, and synced before anybody is told. A line that a crash cut off leaves its letter open: it can be
/// sent again, and is then found to be there.
package struct DeadLetterResolutions: Sendable {
  private let files: DeadLetterFiles

  package init(_ files: DeadLetterFiles) { self.files = files }

  /// All of them are on disk when this returns.
  package func append(_ resolutions: [DeadLetterResolution]) throws(SystemError) {
    guard !resolutions.isEmpty else { return }
    let locked = try LockedFile(files.resolvedPath, create: true)
    _ = try DeadLetterEnd.mend(locked) { DeadLetterResolution.parse($0) != nil }
    let size = try locked.sizeBytes()
    if size == 0 { try FileSystem.syncDirectory(files.folder) }
    do {
      try locked.file.write(resolutions.flatMap(\.line))
      try locked.file.sync()
    } catch {
      // Best effort: what stays is mended by the next one.
      try? locked.file.truncate(to: size)
      throw error
    }
  }

  /// What has become of each letter that is done with.
  package func read() throws(SystemError) -> [DeadLetterPlace: DeadLetterResolution.Outcome] {
    var found: [DeadLetterPlace: DeadLetterResolution.Outcome] = [:]
    do throws(SystemError) {
      try DeadLetterFiles.forEachLine(of: files.resolvedPath) { line in
        if let (place, outcome) = DeadLetterResolution.parse(line) {
          // The first one counts: what comes after found it there.
          if found[place] == nil { found[place] = outcome }
        }
        return true
      }
    } catch  where error.code == SystemError.noEntry {
      return [:]
    }
    return found
  }

  /// Leaves out what is said of letters that are not in the files any more.
  ///
  /// - Parameter isKept: whether a letter is still in its file.
  /// - Throws: what stood there stands there still.
  package func keep(_ isKept: (DeadLetterPlace) -> Bool) throws(SystemError) {
    guard FileSystem.exists(files.resolvedPath) else { return }
    let locked = try LockedFile(files.resolvedPath, create: false)
    var kept: [UInt8] = []
    var isAnyLeftOut = false
    try DeadLetterFiles.forEachLine(of: locked.path) { line in
      if let (place, _) = DeadLetterResolution.parse(line), isKept(place) {
        kept += line + [UInt8(ascii: "\n")]
      } else {
        isAnyLeftOut = true
      }
      return true
    }
    guard isAnyLeftOut else { return }
    // Another name than any file of ours; whoever waits for the lock finds the new file behind it.
    let temporary = "\(locked.path).new"
    do {
      let file = try FileDescriptor(opening: temporary, .write, create: true, truncate: true)
      try file.takeOwner(ofFileAt: locked.path)
      try file.write(kept)
      try file.sync()
    }
    try FileSystem.rename(temporary, to: locked.path)
    try FileSystem.syncDirectory(files.folder)
  }
}
