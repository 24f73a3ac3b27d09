import LogPipeline
import Testing

@Suite struct ConfigurationManualTests {
  private static let start =
    "<!-- settings: made from the program's own table; after a change run\n"
    + "     UPDATE_DOCS=1 swift test --filter ConfigurationManualTests -->\n"
  private static let end = "<!-- end of settings -->"

  private var path: String {
    var folder = FileSystem.parent(of: #filePath)
    for _ in 0..<3 { folder = FileSystem.parent(of: folder) }
    return "\(folder)/docs/configuration.md"
  }

  @Test func `docs/configuration.md has the table the program has`() throws {
    let text = String(decoding: try FileSystem.read(path), as: UTF8.self)
    let start = try #require(text.firstRange(of: Self.start))
    let end = try #require(text.firstRange(of: Self.end))
    let wanted = ConfigurationManual.markdown
    if Environment.value(of: "UPDATE_DOCS") == "1" {
      let whole = text[..<start.upperBound] + wanted + text[end.lowerBound...]
      try FileSystem.replace(path, with: Array(whole.utf8), mode: 0o644)
      return
    }
    #expect(text[start.upperBound..<end.lowerBound] == wanted)
  }

  @Test func `the settings on a terminal fit into 80 columns`() {
    for line in ConfigurationManual.text.split(separator: "\n") {
      #expect(line.count <= 80, "\(line)")
    }
  }

  @Test func `every setting says what it means and what it takes`() {
    for key in ConfigurationKeys.all.keys {
      #expect(!key.meaning.isEmpty && !key.meaning.hasSuffix("."), "\(key.path)")
      #expect(!key.allowed.isEmpty && !key.allowed.hasSuffix("."), "\(key.path)")
    }
  }
}
