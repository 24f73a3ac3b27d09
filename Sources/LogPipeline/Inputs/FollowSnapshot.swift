/// How following stands, for the status page.
package struct FollowSnapshot: Equatable, Sendable {
  package struct File: Equatable, Sendable {
    package var path: String
    package var offsetBytes: UInt64
    package var sizeBytes: UInt64
    package var behindBytes: UInt64 { sizeBytes > offsetBytes ? sizeBytes - offsetBytes : 0 }
  }
  /// Of each, the status shows so many.
  package static let filesMax = 50

  package var counters = FollowCounters()
  package var filesKnown: UInt64 = 0
  package var filesOpen: UInt64 = 0
  /// Files that wait until another one may be closed.
  package var filesWaiting: UInt64 = 0
  package var behindBytes: UInt64 = 0
  /// Folders that are looked at by the clock alone.
  package var foldersUnwatched: UInt64 = 0
  /// Those that are furthest behind first.
  package var files: [File] = []
  package var input = IntakeSnapshot()

  package init() {}
}
