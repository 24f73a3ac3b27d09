/// Reads a daily archive file back, line by line.
package enum ArchiveLines {
  /// All lines, without their ends; members are read one after the other, as `zcat` does.
  package static func read(_ path: String) throws(InputFileError) -> [[UInt8]] {
    let reader = LineReader(try InputFileContent.open(path))
    var lines: [[UInt8]] = []
    var outcome = LineReader.Outcome.more
    while outcome == .more {
      outcome = try reader.read { piece in
        for line in unsafe piece.bytes.split(separator: 0x0A) { lines.append(unsafe Array(line)) }
        return true
      }
    }
    return lines
  }
}
