/// Reads a daily archive file back, line by line.
package enum ArchiveLines {
  /// All lines, without their ends; members are read one after the other, as `zcat` does.
  package static func read(_ path: String) throws(InputFileError) -> [[UInt8]] {
    let reader = LineReader(try InputFileContent.open(path))
    var lines: [[UInt8]] = []
    var outcome = LineReader.Outcome.more
    while outcome == .more {
      outcome = try reader.read { piece in
        let text = unsafe Array(piece.bytes)
        lines += text.split(separator: 0x0A).map(Array.init)
        return true
      }
    }
    return lines
  }
}
