/// Why a backlog file (or standard input) could not be read, or not to its end.
///
/// All of them concern one file alone: the others go on, and the exit code says that not all was well.
package enum InputFileError: Error, Equatable, CustomStringConvertible {
  case cannotOpen(path: String, SystemError)
  case symbolicLink(path: String)
  case notRegular(path: String)
  case readFailed(path: String, offsetBytes: UInt64, SystemError)
  case shorterThanBefore(path: String, offsetBytes: UInt64)
  case gzipCutShort(path: String, keptBytes: UInt64)
  case gzipDamaged(path: String, keptBytes: UInt64, reason: String)
  case gzipTrailing(path: String, keptBytes: UInt64)

  package var description: String {
    switch self {
    case .cannotOpen(let path, let error):
      "\(path) can not be opened (\(SystemError.text(of: error.code))). Nothing of it was read; the other "
        + "files go on. Check the name and the permissions, then run the same command again."
    case .symbolicLink(let path):
      "\(path) is a symbolic link, which is not followed. Nothing of it was read. Name the file itself."
    case .notRegular(let path):
      "\(path) is no regular file. Nothing of it was read. A stream is read by: sheepshipper pipe."
    case .readFailed(let path, let offsetBytes, let error):
      "\(path) can not be read beyond byte \(offsetBytes) (\(SystemError.text(of: error.code))). The events "
        + "before it are kept. Check the disk, then run the same command again: it goes on from there."
    case .shorterThanBefore(let path, let offsetBytes):
      "\(path) ends before byte \(offsetBytes) of its content, up to which it was replayed before. Nothing more "
        + "was read. If it was replaced by other content, give that a name of its own and replay it."
    case .gzipCutShort(let path, let keptBytes):
      "\(path) is gzip cut short. The whole lines of its first \(keptBytes) inflated bytes are kept; what came "
        + "behind is not in the file. Fetch it whole and run the same command again: no event is doubled."
    case .gzipDamaged(let path, let keptBytes, let reason):
      "\(path) is damaged gzip (\(reason)). The whole lines of its first \(keptBytes) inflated bytes are kept, "
        + "the rest can not be read. Fetch it again and run the same command again: no event is doubled."
    case .gzipTrailing(let path, let keptBytes):
      "\(path) has bytes that are no gzip behind its \(keptBytes) inflated bytes. All of the gzip was read; the "
        + "bytes behind it were left out. If they belong to it, put them in a file of their own."
    }
  }
}
