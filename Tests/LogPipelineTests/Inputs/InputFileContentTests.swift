import LogPipeline
import Testing

@Suite struct InputFileContentTests {
  private let text = Array((1...5000).map { "{\"line\":\($0)}\n" }.joined().utf8)

  @Test func `plain, gzip and several members give the same bytes, whatever the name`() throws {
    let folder = try FilesFolder()
    let members = FilesSupport.gzip(Array(text[..<777])) + FilesSupport.gzip(Array(text[777...]))
    #expect(try FilesSupport.content(folder.write("plain.gz", text)) == text)
    #expect(try FilesSupport.content(folder.write("one.log", FilesSupport.gzip(text))) == text)
    #expect(try FilesSupport.content(folder.write("two", members)) == text)
    #expect(try FilesSupport.content(folder.write("zeros", members + [0, 0, 0])) == text)
    #expect(try FilesSupport.content(folder.write("empty", [])) == [])
    #expect(try FilesSupport.content(folder.write("short", [0x1F])) == [0x1F])
  }

  @Test func `skipping leads to the same place in plain and gzip`() throws {
    let folder = try FilesFolder()
    for name in [
      try folder.write("plain", text), try folder.write("packed", FilesSupport.gzip(text)),
    ] {
      for offset in [2, 1000, text.count - 1, text.count] {
        let content = try InputFileContent.open(name)
        #expect(try content.skip(to: UInt64(offset)))
        var room = [UInt8](repeating: 0, count: 10)
        let count = try unsafe room.withUnsafeMutableBytes { try unsafe content.read(into: $0) }
        #expect(Array(room[..<count]) == Array(text[offset...].prefix(10)), "\(name) \(offset)")
      }
      #expect(try !InputFileContent.open(name).skip(to: UInt64(text.count + 1)))
    }
  }

  @Test func `gzip cut at any byte keeps what came before and says so`() throws {
    let folder = try FilesFolder()
    let small = Array(text[..<400])
    let packed = FilesSupport.gzip(small)
    for length in 2..<packed.count {
      let path = try folder.write("cut", Array(packed[..<length]))
      #expect(throws: InputFileError.self) { try FilesSupport.content(path) }
    }
    let content = try InputFileContent.open(
      folder.write("cut", Array(packed[..<(packed.count - 1)])))
    let reader = LineReader(content)
    var lines: [UInt8] = []
    var failure: InputFileError?
    do throws(InputFileError) {
      while try reader.read({ piece in
        unsafe lines.append(contentsOf: piece.bytes)
        return true
      }) == .more {}
    } catch { failure = error }
    #expect(failure == .gzipCutShort(path: content.name, keptBytes: 400))
    #expect(lines == Array(small[...(small.lastIndex(of: 0x0A) ?? 0)]))
  }

  @Test func `damage, trailing bytes, links and folders are named`() throws {
    let folder = try FilesFolder()
    var damaged = FilesSupport.gzip(text)
    damaged[damaged.count / 2] ^= 0xFF
    #expect(throws: InputFileError.self) {
      try FilesSupport.content(folder.write("damaged", damaged))
    }
    let path = try folder.write("trailing", FilesSupport.gzip(text) + Array("more".utf8))
    #expect(throws: InputFileError.gzipTrailing(path: path, keptBytes: UInt64(text.count))) {
      try FilesSupport.content(path)
    }
    #expect(throws: InputFileError.notRegular(path: folder.path)) {
      try FilesSupport.content(folder.path)
    }
    #expect(throws: InputFileError.self) { try FilesSupport.content("\(folder.path)/missing") }
  }
}
