/// What following has seen since the start, for the status page.
package struct FollowCounters: Equatable, Sendable {
  package var lines: UInt64 = 0
  package var bytes: UInt64 = 0
  /// Files that were renamed, deleted, or whose path leads to another one.
  package var rotations: UInt64 = 0
  package var truncations: UInt64 = 0
  /// Of truncated files: bytes that had been seen to be there and were not read. A copy that is followed too brings them.
  package var truncatedUnreadBytes: UInt64 = 0
  /// Copies and gzip files whose content was known.
  package var recognised: UInt64 = 0
  /// Files that held another content than before under the same device and inode.
  package var replaced: UInt64 = 0
  /// Files that could not be opened or read, each time.
  package var failures: UInt64 = 0
  /// Saves of the positions that failed.
  package var saveFailures: UInt64 = 0

  package init() {}
}
