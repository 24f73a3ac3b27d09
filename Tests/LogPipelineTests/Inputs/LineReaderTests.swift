import LogPipeline
import Testing

/// Goal: every byte of every line of allowed length is handed out once, in order, in whole lines.
@Suite struct LineReaderTests {
  private struct Found: Equatable {
    var bytes: [UInt8] = []
    var tooLong: [UInt64] = []
    var lastLine: [UInt8]?
    var offsets: [UInt64] = []
  }

  private func read(
    _ bytes: [UInt8], lineMaxBytes: Int = LineReader.lineMaxBytesDefault, boundary: UInt64? = nil
  ) throws -> Found {
    let folder = try FilesFolder()
    let content = try InputFileContent.open(folder.write("lines", bytes))
    let reader = LineReader(content, lineMaxBytes: lineMaxBytes)
    reader.boundaryOffsetBytes = boundary
    var found = Found()
    while try reader.read({ piece in
      found.offsets.append(piece.endOffsetBytes)
      switch piece.kind {
      case .lines:
        unsafe found.bytes.append(contentsOf: piece.bytes)
        #expect(unsafe piece.bytes.last == 0x0A || piece.endOffsetBytes == boundary)
      case .lastLine: found.lastLine = unsafe Array(piece.bytes)
      case .tooLong(let lengthBytes): found.tooLong.append(lengthBytes)
      }
      return true
    }) == .more {}
    return found
  }

  @Test func `long and short lines come out whole`() throws {
    let long = [UInt8](repeating: UInt8(ascii: "y"), count: 3 << 20)
    let text = Array("a\n\nb\r\n".utf8) + long + Array("\nend\n".utf8)
    let found = try read(text)
    #expect(found.bytes == text)
    #expect(found.tooLong.isEmpty && found.lastLine == nil)
    #expect(found.offsets.last == UInt64(text.count))
  }

  @Test func `a last line without its end is handed out as such`() throws {
    let found = try read(Array("a\nlast".utf8))
    #expect(found.bytes == Array("a\n".utf8))
    #expect(found.lastLine == Array("last".utf8))
  }

  @Test func `a line over the limit is reported once, its neighbours are kept`() throws {
    for (limit, length) in [(100, 101), (100, 5 << 20), (4 << 20, 20 << 20), (100, 100)] {
      let long = [UInt8](repeating: UInt8(ascii: "z"), count: length)
      let found = try read(
        Array("before\n".utf8) + long + Array("\nafter\n".utf8), lineMaxBytes: limit)
      if length > limit {
        #expect(found.tooLong == [UInt64(length)])
        #expect(found.bytes == Array("before\nafter\n".utf8))
      } else {
        #expect(found.tooLong.isEmpty)
      }
      let unended = try read(Array("before\n".utf8) + long, lineMaxBytes: limit)
      #expect(unended.tooLong == (length > limit ? [UInt64(length)] : []))
    }
  }

  @Test func `no piece reaches across the boundary`() throws {
    let text = Array((1...40_000).map { "{\"n\":\($0)}\n" }.joined().utf8)
    for boundary in [text.count / 3, text.count / 2, 100_000] {
      let lineEnd = UInt64((text[boundary...].firstIndex(of: 0x0A) ?? 0) + 1)
      let found = try read(text, boundary: lineEnd)
      #expect(found.offsets.contains(lineEnd))
      #expect(found.bytes == text)
    }
  }

  @Test func `UTF-16 is recognised by its mark`() throws {
    let folder = try FilesFolder()
    for (bytes, isUtf16): ([UInt8], Bool) in [
      ([0xFF, 0xFE, 0x7B, 0], true), ([0xFE, 0xFF, 0, 0x7B], true),
      ([0xEF, 0xBB, 0xBF, 0x7B], false),
    ] {
      let reader = LineReader(try InputFileContent.open(folder.write("marked", bytes)))
      _ = try reader.read { _ in true }
      #expect(reader.startsWithUtf16Mark == isUtf16)
    }
  }

  @Test func `a taker that wants no more ends the reading`() throws {
    let folder = try FilesFolder()
    let reader = LineReader(try InputFileContent.open(folder.write("x", "a\nb\n")))
    #expect(try reader.read { _ in false } == .stopped)
  }
}
