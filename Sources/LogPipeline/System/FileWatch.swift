/// Tells when a file has become another and then stayed so from one look to the next: whoever writes it is done.
package struct FileWatch: Sendable {
  package let path: String
  private var known: FileStatus?
  private var seen: FileStatus?

  /// As it is now counts as known.
  package init(_ path: String) {
    self.path = path
    known = Self.look(path)
    seen = known
  }

  /// True once for each change. A file that is gone is no change: it may be about to come back.
  package mutating func hasChanged() -> Bool {
    guard let now = Self.look(path) else { return false }
    let isQuiet = now == seen
    seen = now
    guard isQuiet, now != known else { return false }
    known = now
    return true
  }

  private static func look(_ path: String) -> FileStatus? { try? FileSystem.status(of: path) }
}
