/// Why events could not be written to the daily archive files. Waiting can help in each case; nothing is lost while it does.
package enum ArchiveError: Error, Equatable, CustomStringConvertible {
  case cannotOpen(path: String, SystemError)
  case cannotWrite(path: String, SystemError)
  case foreign(path: String, offsetBytes: UInt64)
  case busy(path: String)

  package var description: String {
    switch self {
    case .cannotOpen(let path, let error):
      "The archive file \(path) can not be opened (\(SystemError.text(of: error.code))). Its events are kept and "
        + "tried again. Check that the folder is there and may be written."
    case .cannotWrite(let path, let error):
      "The archive file \(path) can not be written (\(SystemError.text(of: error.code))). It was cut back to its "
        + "last whole append; the events are kept and tried again. Free space on that disk, or check it."
    case .foreign(let path, let offsetBytes):
      "The archive file \(path) holds bytes at \(offsetBytes) that sheepshipper did not write. It was not touched; "
        + "the events are kept and tried again. Move the file away, then writing goes on in a new one."
    case .busy(let path):
      "The archive file \(path) is locked by another process. The events are kept and tried again. Let each "
        + "agent write to a folder of its own."
    }
  }
}
