import LogPipeline
import Testing

@Suite struct ValidateTests {
  @Test func `a good configuration is printed and exits with 0`() throws {
    try withFile("ring: {size: 2GiB}\n") { path in
      let outcome = try BuiltProgram.run(
        ["validate", "--config", path, "--set", "agent.id=a"],
        environment: ["SHEEPSHIPPER_LOG_LEVEL": "debug"])
      #expect(outcome.ending == .exited(0))
      #expect(outcome.error.isEmpty)
      #expect(outcome.output.contains("  size: 2GiB  # \(path):1:14\n"))
      #expect(outcome.output.contains("  id: a  # --set agent.id\n"))
      #expect(outcome.output.contains("  level: debug  # environment variable"))
      let quiet = try BuiltProgram.run(["validate", "--quiet", "--config", path])
      #expect(quiet.ending == .exited(0) && quiet.output.isEmpty && quiet.error.isEmpty)
    }
  }

  @Test func `all that is wrong is told, and it exits with 78`() throws {
    try withFile("ring: {size: 2 bananas}\nrnig: 1\nbudgets: []\n") { path in
      let outcome = try BuiltProgram.run(["validate", "--config", path])
      #expect(outcome.ending == .exited(78))
      #expect(outcome.output.isEmpty)
      let words = outcome.error.split { $0 == " " || $0 == "\n" }.joined(separator: " ")
      for text in [
        "has 3 errors", "\(path):1:14: ring.size: \"2 bananas\"", "\(path):2:1: rnig",
        "Did you mean ring?", "\(path):3:1: budgets", "not available in this version",
      ] {
        #expect(words.contains(text), "\(text): \(outcome.error)")
      }
      for line in outcome.error.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
      let json = try BuiltProgram.run(["validate", "--format", "json", "--config", path])
      #expect(json.ending == .exited(78))
      let report = try JsonValue.parse(json.output)
      #expect(report["valid"]?.bool == false)
      #expect(report["errors"]?.elements?.count == 3)
      #expect(report["errors"]?[1]?["suggestion"]?.string == "ring")
    }
  }

  @Test func `the JSON report has the configuration and where settings were made`() throws {
    try withFile("ring: {size: 2GiB}\n") { path in
      let outcome = try BuiltProgram.run(["validate", "--format", "json", "--config", path])
      let report = try JsonValue.parse(outcome.output)
      #expect(report["valid"]?.bool == true)
      #expect(report["configuration"]?["ring"]?["size"]?.string == "2GiB")
      #expect(report["places"]?["ring.size"]?.string == "\(path):1:14")
    }
  }

  @Test func `secrets are shown by where they come from, and missing ones are a warning`() throws {
    try withFile("elasticsearch: {api_key: {file: /no/such/secret}}\n") { path in
      let outcome = try BuiltProgram.run(["validate", "--config", path])
      #expect(outcome.ending == .exited(0))
      #expect(outcome.output.contains("api_key: {file: /no/such/secret}"))
      #expect(
        outcome.error.contains("warning: elasticsearch.api_key: The secret from file /no/such"))
    }
    let stars = try BuiltProgram.run(
      ["validate"], environment: ["SHEEPSHIPPER_ELASTICSEARCH_API_KEY": "hunter2"])
    #expect(stars.output.contains("api_key: \"***\"  # environment variable"))
    #expect(!stars.output.contains("hunter2") && !stars.error.contains("hunter2"))
  }

  @Test func `every command refuses a wrong configuration before it does anything`() throws {
    for arguments in [["run"], ["pipe"], ["replay", "x"], ["demo"]] {
      let outcome = try BuiltProgram.run(arguments + ["--set", "ring.size=1MiB"])
      #expect(outcome.ending == .exited(78), "\(arguments)")
      #expect(outcome.error.contains("ring.size: \"1MiB\" is not allowed"))
    }
    let pipe = try BuiltProgram.run(["pipe", "--drain-timeout", "soon"])
    #expect(pipe.ending == .exited(78))
    #expect(pipe.error.contains("--drain-timeout: pipe.drain_timeout: \"soon\""))
  }

  private func withFile(_ text: String, _ body: (String) throws -> Void) throws {
    let folder = try FileSystem.makeTemporaryDirectory(prefix: "validate-")
    let path = "\(folder)/conf.yaml"
    try FileSystem.replace(path, with: Array(text.utf8))
    defer { try? removeAll(folder) }
    try body(path)
  }

  private func removeAll(_ folder: String) throws {
    for name in try FileSystem.names(in: folder) { try FileSystem.remove("\(folder)/\(name)") }
    try FileSystem.removeDirectory(folder)
  }
}
