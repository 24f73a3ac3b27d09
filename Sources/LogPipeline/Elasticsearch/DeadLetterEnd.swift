/// Mends the end of a file of JSON lines that a power cut or a kill left in the middle of one.
package enum DeadLetterEnd {
  package enum Mended: Equatable {
    case nothing
    /// Only the line's end was missing.
    case completed
    /// So many bytes were part of a line. Nothing that stood on it was ever called done.
    case cut(bytes: UInt64)
  }

  /// - Parameters:
  ///   - locked: the file.
  ///   - isWhole: whether a line is one, without its end.
  /// - Returns: what was done; it is on disk.
  /// - Throws: the file can not be read or written.
  package static func mend(
    _ locked: borrowing LockedFile, isWhole: (ArraySlice<UInt8>) -> Bool
  ) throws(SystemError) -> Mended {
    let size = try locked.sizeBytes()
    var tail: [UInt8] = []
    var start = size
    while start > 0 {
      let count = min(start, 64 << 10)
      let bytes = try locked.bytes(at: start - count, count: Int(count))
      if let end = bytes.lastIndex(of: UInt8(ascii: "\n")) {
        tail = bytes[(end + 1)...] + tail
        break
      }
      tail = bytes + tail
      start -= count
    }
    guard !tail.isEmpty else { return .nothing }
    if isWhole(tail[...]) {
      try locked.file.write([UInt8(ascii: "\n")])
      try locked.file.sync()
      return .completed
    }
    try locked.file.truncate(to: size - UInt64(tail.count))
    try locked.file.sync()
    return .cut(bytes: UInt64(tail.count))
  }
}
