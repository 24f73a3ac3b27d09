import LogPipeline
import TestSupport
import Testing

/// Goal: what `explain` says becomes of an event is what an agent with the same settings stores.
@Suite struct ExplainEndToEndTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test func `the explained document is the stored one, its hash too`() throws {
    let lines = (0..<5).map { RelayEvents.event($0, run: "x").line + "\n" }.joined()
    let file = "\(folder.path)/events.ndjson"
    try FileSystem.replace(file, with: Array(lines.utf8))
    let settings = CommandSupport.settings(folder)
    let replayed = try ProgramUnderTest.run(["replay", file], settings: settings)
    #expect(replayed.ending == .exited(0), "\(replayed.error)")
    let stored = try ArchiveFolder.documents(in: "\(folder.path)/archive")
    try #require(stored.count == 5)

    let explained = try ProgramUnderTest.run(
      ["explain", file, "--as", "file", "--format", "json"], settings: settings)
    #expect(explained.ending == .exited(0), "\(explained.error)")
    let found = try explained.output.split(separator: "\n").map { try JsonValue.parse(String($0)) }
    try #require(found.count == 5)
    #expect(found[0]["hashes"]?.string?.contains("the agent's key") == true)
    for event in found {
      let document = try #require(event["document"])
      // The archive keeps the id in front of the document.
      let whole = JsonValue.object(
        [("_id", event["_id"] ?? .null)] + (document.members ?? []))
      #expect(stored.contains(whole), "\(whole.text)")
    }
  }

  @Test func `standard input without a configuration, a refusal among it`() throws {
    let input = "{\"model\":\"gpt-4.1\",\"timestamp\":1763461800}\nbroken\n"
    let file = "\(folder.path)/input"
    try FileSystem.replace(file, with: Array(input.utf8))
    let result = try ProgramUnderTest.run(
      ["explain", "-"], settings: ["agent.state_dir=\(folder.path)/none"],
      input: .file(file))
    #expect(result.ending == .exited(65), "\(result.error)")
    #expect(result.output.contains("temporary key"))
    #expect(result.output.contains("event 2: REFUSED, not_json"))
    #expect(result.output.contains("1 taken, 1 refused"))
    #expect(!FileSystem.exists("\(folder.path)/none"))
    #expect(try ProgramUnderTest.run(["explain", "\(folder.path)/no"]).ending == .exited(66))
    let empty = try ProgramUnderTest.run(["explain"])
    #expect(empty.ending == .exited(66) && empty.error.contains("There is no event in it"))
  }
}
