/// What goes wrong with one fdatasync.
package enum SyncFault: Sendable {
  /// What the kernel then shows of the pages that did not reach the platter.
  package enum Cache: Sendable {
    case staysDirty
    /// As ext4 and XFS do: the new bytes are still to be read, and will never be written.
    case markedClean
    /// As btrfs does: the old bytes are back.
    case reverted
  }
  case fails(Cache, isOutOfSpace: Bool)
  /// Says yes, and a part never reaches the platter.
  case liesDropped
  /// Says yes, and a part is only in the drive's own memory, which a power cut empties.
  case liesVolatile
  /// Says yes, and one page lies at another's place.
  case misdirects
}
