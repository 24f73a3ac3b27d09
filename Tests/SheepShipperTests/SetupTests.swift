import LogPipeline
import TestSupport
import Testing

@Suite struct SetupTests {
  @Test func `a plan for a server that is not asked has each request, ready to be sent`() throws {
    let outcome = try BuiltProgram.run([
      "setup", "--dry-run", "--for", "elasticsearch-7.17", "--set", "elasticsearch.retention=90d",
      "--set", "elasticsearch.index=ai-%Y.%m.%d",
    ])
    #expect(outcome.ending == .exited(0), "\(outcome.error)")
    for text in [
      "PUT /_ilm/policy/sheepshipper-ai\n", "\"min_age\": \"90d\"",
      "PUT /_index_template/sheepshipper-ai\n", "\"lifecycle\": { \"name\": \"sheepshipper-ai\" }",
      "PUT /_security/role/sheepshipper-ai\n", "POST /_security/api_key\n", "manage_ilm",
    ] {
      #expect(outcome.output.contains(text), "\(text): \(outcome.output)")
    }
    for line in outcome.output.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
    let openSearch = try BuiltProgram.run([
      "setup", "--dry-run", "--for", "opensearch-2", "--set", "elasticsearch.retention=36h",
    ])
    #expect(
      openSearch.output.contains("PUT /_plugins/_ism/policies/sheepshipper-holysheep-logs\n"))
    #expect(openSearch.output.contains("\"min_index_age\": \"36h\""))
    #expect(openSearch.output.contains("PUT /_plugins/_security/api/roles/"))
    #expect(!openSearch.output.contains("lifecycle"))
  }

  @Test func `arguments that do not go together are refused`() throws {
    for arguments in [["--for", "elasticsearch-8"], ["--dry-run", "--for", "mysql-8"]] {
      let outcome = try BuiltProgram.run(["setup"] + arguments)
      #expect(outcome.ending == .exited(64), "\(arguments): \(outcome.error)")
    }
    let nowhere = try BuiltProgram.run(["setup"])
    #expect(nowhere.ending == .exited(78))
    #expect(nowhere.error.contains("set elasticsearch.hosts"))
  }

  @Test func `a server that is away is said, with an exit code of its own`() throws {
    let outcome = try BuiltProgram.run([
      "setup", "--set", "elasticsearch.hosts=\(CommandSupport.unreachable)",
    ])
    #expect(outcome.ending == .exited(69))
    #expect(outcome.output.contains("--dry-run --for"))
  }
}
