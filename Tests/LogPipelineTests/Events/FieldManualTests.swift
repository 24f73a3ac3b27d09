import LogPipeline
import Testing

@Suite struct FieldManualTests {
  private static let start =
    "<!-- fields: made from the program's own table; after a change run\n"
    + "     UPDATE_DOCS=1 swift test --filter FieldManualTests -->\n"
  private static let end = "<!-- end of fields -->"

  @Test func `docs/events.md has the fields the program has`() throws {
    let text = try Repository.text("docs/events.md")
    let start = try #require(text.firstRange(of: Self.start))
    let end = try #require(text.firstRange(of: Self.end))
    let wanted = FieldManual.markdown
    if Environment.value(of: "UPDATE_DOCS") == "1" {
      let whole = text[..<start.upperBound] + wanted + text[end.lowerBound...]
      try FileSystem.replace(
        "\(Repository.root)/docs/events.md", with: Array(whole.utf8), mode: 0o644)
      return
    }
    #expect(text[start.upperBound..<end.lowerBound] == wanted)
  }

  @Test func `every field says where it comes from, and every value read is said to be`() {
    #expect(FieldManual.gaps.isEmpty, "\(FieldManual.gaps)")
  }

  @Test func `every field of a real document is in the manual`() throws {
    let bench = try EventBench()
    let lines = DemoEvents(endingAt: EventBench.arrivalMilliseconds + 40_000_000).relayLines
    let known = Set(FieldTable.documentFields.map(\.name))
    var found: Set<String> = []
    for event in try bench.process(lines) { Self.collect(event.document, "", into: &found) }
    #expect(found.count > 25)
    #expect(found.subtracting(known).isEmpty, "\(found.subtracting(known))")
  }

  /// The dotted names of all values; `extra` has no names of ours.
  private static func collect(_ value: JsonValue, _ path: String, into found: inout Set<String>) {
    guard let members = value.members, path != "extra" else {
      found.insert(path)
      return
    }
    for (key, value) in members {
      collect(value, path.isEmpty ? key : "\(path).\(key)", into: &found)
    }
  }
}
