import LogPipeline
import TestSupport
import Testing

/// Goal: `demo` shows a newcomer in a minute that the program works, and what it shows is true.
/// Method: the built program; its words are compared with the files it names, which zcat reads.
@Suite struct DemoEndToEndTests {
  @Test func `the demo ends well within a minute and all that it sent is in the files it names`()
    throws
  {
    let began = SystemClock().now()
    let result = try ProgramUnderTest.run(["demo"])
    #expect(result.ending == .exited(0), "\(result.error)")
    #expect(SystemClock().now().since(began) < .seconds(60))
    let sent = try #require(Self.number(after: "Sent ", in: result.output))
    #expect(Self.number(after: "Accepted and fsynced: ", in: result.output) == sent)
    #expect(Self.number(after: "In the archive: ", in: result.output) == sent)
    #expect(result.output.contains("Lost: 0."))
    for word in ["team", "requests", "errors", "p95 latency", "cost USD", "Unpriced", "Redacted"] {
      #expect(result.output.contains(word), "\(word)")
    }
    #expect(result.output.contains("Next: "))
    let lines = result.output.split(separator: "\n")
    let files = lines.filter { $0.hasSuffix(".ndjson.gz") }.map { String($0.drop { $0 == " " }) }
    #expect(!files.isEmpty)
    for line in lines where !line.hasSuffix(".ndjson.gz") {
      #expect(line.count <= 80, "\(line)")
    }
    let folder = FileSystem.parent(of: try #require(files.first))
    #expect(try ArchiveFolder.lines(in: folder).keys.sorted() == files.map(Self.name).sorted())
    #expect(try ArchiveFolder.documents(in: folder).count == sent)
    #expect(!result.output.contains("\u{1B}"))
    Self.removeDemo(FileSystem.parent(of: folder))
  }

  @Test func `a second demo in the same folder tells of its own events alone`() throws {
    let folder = try TemporaryFolder()
    let arguments = ["demo", "--format", "json", "--dir", "\(folder.path)/demo"]
    var reports: [JsonValue] = []
    for _ in 0..<2 {
      let result = try ProgramUnderTest.run(arguments)
      #expect(result.ending == .exited(0), "\(result.error)")
      reports.append(try JsonValue.parse(result.output))
    }
    for report in reports {
      let sent = report["sent"]?.integer
      #expect(sent != nil)
      for name in ["accepted", "delivered"] { #expect(report[name]?.integer == sent, "\(name)") }
      #expect(report["refused"]?.integer == 0)
      #expect(report["report"]?["documents"]?.integer == sent)
    }
    #expect(reports[0]["report"]?["cost_usd"] == reports[1]["report"]?["cost_usd"])
    let files = reports[1]["files"]?.elements?.compactMap(\.string) ?? []
    #expect(!files.isEmpty)
    let documents = try ArchiveFolder.documents(in: "\(folder.path)/demo/archive")
    #expect(documents.count == Int(2 * (reports[0]["sent"]?.integer ?? 0)))
    #expect(files.allSatisfy { $0.hasPrefix("\(folder.path)/demo/archive/") })
  }

  @Test func `a demo on a port that is taken names the setting and exits with 78`() throws {
    let taken = try TcpListener(listeningOn: "127.0.0.1:0")
    let result = try ProgramUnderTest.run(["demo", "--port", "\(taken.port)"])
    #expect(result.ending == .exited(78))
    #expect(result.error.contains("127.0.0.1:\(taken.port)"), "\(result.error)")
    #expect(result.error.contains("No event was taken in"))
    _ = consume taken
  }

  private static func number(after words: String, in text: String) -> Int? {
    guard let found = text.firstRange(of: words) else { return nil }
    return Int(text[found.upperBound...].prefix { $0.isNumber })
  }

  private static func name(_ path: String) -> String {
    path.split(separator: "/").last.map(String.init) ?? path
  }

  /// The folder a demo made for itself, which is no test's temporary folder.
  private static func removeDemo(_ folder: String) {
    guard folder.contains("/sheepshipper-demo-") else { return }
    for name in (try? FileSystem.names(in: "\(folder)/archive")) ?? [] {
      try? FileSystem.remove("\(folder)/archive/\(name)")
    }
    try? FileSystem.removeDirectory("\(folder)/archive")
    for name in (try? FileSystem.names(in: folder)) ?? [] {
      try? FileSystem.remove("\(folder)/\(name)")
    }
    try? FileSystem.removeDirectory(folder)
  }
}
