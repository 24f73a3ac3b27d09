import Glibc

/// What `stat` says of a file.
package struct FileStatus: Equatable, Sendable {
  package enum Kind: Sendable { case regular, directory, symbolicLink, pipe, socket, other }
  package let kind: Kind
  package let device: UInt64
  package let inode: UInt64
  package let sizeBytes: UInt64
  /// Really allocated, in 512-byte units times 512.
  package let allocatedBytes: UInt64
  /// Seconds since 1970.
  package let modifiedSeconds: Int64
  /// The same time in nanoseconds.
  package let modifiedNanoseconds: Int64
  package let mode: UInt32
  /// Its owner.
  package let userId: UInt32
  /// How many names it has; 0: removed, and kept only for those who have it open.
  package let linkCount: UInt64

  init(_ found: stat) {
    kind =
      switch found.st_mode & S_IFMT {
      case S_IFREG: .regular
      case S_IFDIR: .directory
      case S_IFLNK: .symbolicLink
      case S_IFIFO: .pipe
      case S_IFSOCK: .socket
      default: .other
      }
    device = UInt64(found.st_dev)
    inode = UInt64(found.st_ino)
    sizeBytes = UInt64(found.st_size)
    allocatedBytes = UInt64(found.st_blocks) * 512
    modifiedSeconds = Int64(found.st_mtim.tv_sec)
    modifiedNanoseconds = modifiedSeconds &* 1_000_000_000 &+ Int64(found.st_mtim.tv_nsec)
    mode = found.st_mode & 0o7777
    userId = found.st_uid
    linkCount = UInt64(found.st_nlink)
  }
}
