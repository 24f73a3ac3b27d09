import LogPipeline
import Testing

@Suite struct YamlDocumentTests {
  @Test func `a document becomes a tree that knows its places`() throws {
    let root = try #require(try YamlDocument.parse("a: 1\nb: [x, 'no']\nc:\n  d: \"~\"\n"))
    guard case .mapping(let members) = root.content else {
      Issue.record("no mapping")
      return
    }
    #expect(members.map(\.key) == ["a", "b", "c"])
    #expect(members[1].keyPlace == YamlPlace(line: 2, column: 1))
    #expect(members[1].value.place == YamlPlace(line: 2, column: 4))
    guard case .mapping(let inner) = members[2].value.content else {
      Issue.record("no inner mapping")
      return
    }
    #expect(inner[0].value.text == "~", "quoted, so it is text")
    #expect(inner[0].value.place == YamlPlace(line: 4, column: 6))
  }

  @Test func `nothing, a comment and a byte order mark are no document`() throws {
    for text in ["", "# only this\n", "\u{FEFF}", "---\n"] {
      let root = try YamlDocument.parse(text)
      #expect(root == nil || root?.isNull == true, "\(text)")
    }
  }

  @Test(arguments: [
    ("a: 1\nb: 2\na: 3\n", "given twice, first in line 1", 3),
    ("a: &x 1\n", "anchors", 1), ("a: &x [1]\n", "anchors", 1), ("a: &x {b: 1}\n", "anchors", 1),
    ("a: *x\n", "aliases", 1), ("a: !!str 1\n", "tags", 1), ("a: !mine [1]\n", "tags", 1),
    ("a: !mine {b: 1}\n", "tags", 1), ("a: 1\n---\nb: 2\n", "second document", 2),
    ("? [a, b]\n: 1\n", "plain text", 1), ("a: [1\n", "not YAML", 2), ("a: \"x\n", "not YAML", 2),
    ("a: b: c\n", "not YAML", 1), ("\ta: 1\n", "not YAML", 1), ("a: }\n", "not YAML", 1),
    ("%YAML 1.1\n---\na: 1\n", "directives", 1), ("\n%TAG ! x\n--- a\n", "directives", 2),
  ])
  func `what we do not take is refused at its place`(text: String, reason: String, line: Int) {
    let error = #expect(throws: YamlError.self) { try YamlDocument.parse(text) }
    #expect(error?.reason.contains(reason) == true, "\(error?.reason ?? "")")
    #expect(error?.place?.line == line)
  }

  /// Goal: no text can hold us up or crash us. Method: shapes that cost a naive reader quadratic time or deep recursion.
  @Test func `hostile texts are refused at once`() {
    let mebibyte = 1 << 20
    let shapes: [(String, String)] = [
      ("brackets", String(repeating: "[", count: 100_000)),
      ("braces", String(repeating: "{a: ", count: 100_000)),
      ("dashes", String(repeating: "- ", count: 100_000)),
      ("questions", String(repeating: "? ", count: 100_000)),
      ("brackets in lines", String(repeating: "[\n", count: 100_000)),
      ("indentation", (0..<1000).map { String(repeating: " ", count: $0) + "a:\n" }.joined()),
      ("anchors", (0..<10_000).map { "a\($0): &a\($0) x\n" }.joined()),
      ("one long word", String(repeating: "x", count: mebibyte - 1) + "\n: "),
      ("too large", String(repeating: "x", count: mebibyte + 1)),
      ("zeros", String(repeating: "\0", count: 1000)),
      ("an open quote", "a: \"" + String(repeating: "\\u0041", count: 100_000)),
      ("directives", (0..<40_000).map { "%TAG !a\($0)! tag:x\n" }.joined() + "--- x\n"),
    ]
    for (name, text) in shapes {
      let start = SystemClock().now()
      #expect(throws: YamlError.self, "\(name)") { try YamlDocument.parse(text) }
      let took = SystemClock().now().since(start)
      #expect(took < .seconds(2), "\(name) took \(took)")
    }
  }

  @Test func `bytes that are no UTF-8 are refused`() {
    for bytes: [UInt8] in [
      [0x61, 0x3A, 0x20, 0xFF, 0x0A], [0xFF, 0xFE, 0x61, 0x00], [0xC0, 0x80],
    ] {
      #expect(throws: YamlError.self) { try YamlDocument.parse(bytes) }
    }
  }

  @Test func `32 levels are read, 33 are not`() throws {
    let nested = { (levels: Int) in
      String(repeating: "[", count: levels - 1) + "x" + String(repeating: "]", count: levels - 1)
    }
    #expect(try YamlDocument.parse(nested(32)) != nil)
    #expect(throws: YamlError.self) { try YamlDocument.parse(nested(33)) }
  }

  /// Goal: whatever bytes come, an answer and no crash. Method: seeded damage to a real file.
  @Test func `damaged files are read or refused, never more`() {
    let healthy = Array(
      """
      agent: {id: auto, state_dir: /var/lib/x}
      inputs:
        webhook: {listen: "[::1]:8088", bearer: [{file: /run/secrets/hook}, plain]}
      sources: [{match: {input: webhook}, book: direct}]
      """.utf8)
    var seed: UInt64 = 20_261_121
    func random(_ limit: Int) -> Int {
      seed = seed &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(seed >> 33) % limit
    }
    for _ in 0..<3000 {
      var bytes = healthy
      for _ in 0...random(4) { bytes[random(bytes.count)] = UInt8(random(256)) }
      if random(3) == 0 { bytes.removeLast(random(bytes.count)) }
      _ = try? YamlDocument.parse(bytes)
    }
  }
}
