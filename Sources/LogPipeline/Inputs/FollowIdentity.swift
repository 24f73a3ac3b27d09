/// A file as the system knows it; another file can get the same numbers once this one is gone.
package struct FollowIdentity: Hashable, Sendable {
  package let device: UInt64
  package let inode: UInt64

  package init(device: UInt64, inode: UInt64) { (self.device, self.inode) = (device, inode) }
  package init(_ status: FileStatus) { (device, inode) = (status.device, status.inode) }
}
