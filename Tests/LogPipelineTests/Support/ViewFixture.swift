import LogPipeline
import Testing

/// Terminal views as whole pictures in Fixtures/views. UPDATE_DOCS=1 writes them anew: look at them before they are
/// committed.
enum ViewFixture {
  static func expect(
    _ lines: [String], named name: String, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let text = lines.map { $0 + "\n" }.joined()
    let tests = FileSystem.parent(of: FileSystem.parent(of: #filePath))
    let path = "\(tests)/Fixtures/views/\(name).txt"
    if Environment.value(of: "UPDATE_DOCS") == "1" {
      try FileSystem.makeDirectories(FileSystem.parent(of: path))
      try FileSystem.replace(path, with: Array(text.utf8), mode: 0o644)
    }
    let wanted = String(decoding: try FileSystem.read(path), as: UTF8.self)
    #expect(text == wanted, sourceLocation: sourceLocation)
  }
}
