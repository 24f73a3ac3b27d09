/// What is kept of one followed content: where it lies, and how far all of it is on disk in the ring.
package struct FollowEntry: Equatable, Sendable {
  package var identity: FollowIdentity
  /// Where it was last seen.
  package var path: String
  /// What the file was called when it was found: names of rotated files and copies begin with that.
  package var birthName: String
  /// Tells equal frames without a time apart between contents; 0: nothing was read yet.
  package var generation: UInt64 = 0
  package var mark = FollowMark()
  package var window = FollowPlace()
  /// gzip. The mark then counts inflated bytes.
  package var isPacked = false
  /// How large the gzip file was when it was read to its end; 0: it was not.
  package var packedBytes: UInt64 = 0
  /// Since when no file holds this content any more, milliseconds since 1970.
  package var goneMilliseconds: Int64?

  package init(identity: FollowIdentity, path: String, birthName: String) {
    (self.identity, self.path, self.birthName) = (identity, path, birthName)
  }
}
