import LogPipeline
import TestSupport
import Testing

@Suite struct AuditEndToEndTests {
  private static let entry =
    #"{"audit_id":"a-1","request":{},"response":[],"request_hash":"44136fa355b3678a","response_hash":"4f53cda18c2baa0c"}"#

  private func run(_ text: String, _ arguments: [String] = []) throws -> ProgramUnderTest.Result {
    let folder = try TemporaryFolder()
    let file = "\(folder.path)/entries"
    try FileSystem.replace(file, with: Array(text.utf8), mode: 0o600)
    return try ProgramUnderTest.run(["audit", "hash", file] + arguments)
  }

  @Test func `hashes are printed for people and for scripts`() throws {
    let text = try run(Self.entry)
    #expect(text.output == "request 44136fa355b3678a  response 4f53cda18c2baa0c\n")
    #expect(text.ending == .exited(0))
    let json = try run("\(Self.entry)\n{}\n", ["--format", "json"])
    #expect(
      json.output
        == #"{"request_hash":"44136fa355b3678a","response_hash":"4f53cda18c2baa0c","request_hash_agrees":true,"response_hash_agrees":true}"#
        + "\n" + #"{"hash":"44136fa355b3678a"}"# + "\n")
    // One value over several lines is one entry.
    #expect(try run("{\n}\n").output == "44136fa355b3678a\n")
  }

  @Test func `what does not agree or is no JSON is said, the rest goes on`() throws {
    let other = try run(Self.entry.replacing("4f53", with: "0000"))
    #expect(other.output.contains("(the entry says another)"))
    #expect(other.ending == .exited(65))
    let broken = try run("{}\n{\n[]\n")
    #expect(broken.output == "44136fa355b3678a\n\"\"\n4f53cda18c2baa0c\n")
    #expect(broken.error.contains("Entry 2 is no JSON"))
    #expect(broken.ending == .exited(65))
    #expect(try run("\n \n").ending == .exited(66))
  }

  @Test func `another word is a usage error`() throws {
    let result = try ProgramUnderTest.run(["audit", "hsah"])
    #expect(result.ending == .exited(64))
    #expect(result.error.contains("hash"))
  }
}
