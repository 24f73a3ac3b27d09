import LogPipeline
import TestSupport
import Testing

/// Goal: a changed configuration is taken over whole or not at all, by a signal, a command and by itself, and each says
/// what changed.
/// Method: the built program with a file that changes under it.
@Suite struct ReloadEndToEndTests {
  private final class Bench {
    let folder: TemporaryFolder
    let agent: AgentProcess
    var configuration: String { "\(folder.path)/conf.yaml" }
    var prices: String { "\(folder.path)/prices.json" }

    init() throws {
      folder = try TemporaryFolder()
      let configuration = "\(folder.path)/conf.yaml"
      let prices = "\(folder.path)/prices.json"
      try FileSystem.replace(prices, with: Resources.prices)
      try FileSystem.replace(configuration, with: Array("pricing: {file: \(prices)}\n".utf8))
      agent = try AgentProcess(
        stateDirectory: "\(folder.path)/state", arguments: ["--config", configuration])
    }

    func write(_ text: String, prices: String? = nil) throws {
      try FileSystem.replace(
        configuration,
        with: Array("pricing: {file: \(prices ?? self.prices)}\n\(text)\n".utf8))
    }

    func ask(_ arguments: String...) throws -> ProgramUnderTest.Result {
      try ProgramUnderTest.run(arguments, settings: ["agent.state_dir=\(folder.path)/state"])
    }

    func sees(_ text: String) -> Bool {
      agent.child.waitForError(text, until: SystemClock().now() + .seconds(30))
    }

    /// What an event of now costs.
    func cost(_ number: Int) throws -> Double? {
      let tap = try ChildProcess(
        ProgramUnderTest.path,
        ["tap", "--format", "ndjson", "--count", "1", "--filter", "request_id=r\(number)"]
          + CommandSupport.arguments(["agent.state_dir=\(folder.path)/state"]))
      let connection = try TcpClient(port: agent.tcpPort)
      let line =
        "{\"timestamp\":\"2026-11-21T15:00:00Z\",\"request_id\":\"r\(number)\",\"model\":\"gpt-4.1\","
        + "\"prompt_tokens\":1000000,\"completion_tokens\":0,\"total_tokens\":1000000,\"status_code\":200}\n"
      // Until the tap is there.
      let isSeen = try CommandSupport.wait {
        try connection.send(line)
        return tap.wait(until: SystemClock().now() + .milliseconds(50)) != nil
      }
      #expect(isSeen)
      return try JsonValue.parse(tap.outputText)["cost_usd"]?.double
    }
  }

  @Test func `by signal and by itself, with the difference old -> new, and what needs a restart`()
    throws
  {
    let bench = try Bench()
    try bench.write("log: {level: debug}\nring: {compression: zlib}")
    bench.agent.child.signal(.hangUp)
    #expect(bench.sees("SIGHUP: Reloaded \(bench.configuration)"), "\(bench.agent.log)")
    #expect(bench.sees("log.level: info -> debug"))
    #expect(bench.sees("ring.compression: auto -> zlib  (holds after a restart)"))
    // Now nobody tells it.
    try bench.write("log: {level: info}")
    #expect(bench.sees("A file of the configuration has changed: Reloaded"), "\(bench.agent.log)")
    let level = try bench.ask("log-level")
    #expect(level.output == "log level: info\n")
    #expect(bench.agent.terminate() == .exited(0))
  }

  @Test func `nothing of a configuration with a mistake is taken over, and secrets are not shown`()
    throws
  {
    let bench = try Bench()
    try bench.write("log: {level: debug}\nring: {sise: 1GiB}")
    let refused = try bench.ask("reload")
    #expect(refused.ending == .exited(78))
    #expect(refused.error.contains("Not reloaded: the agent goes on as it was"), "\(refused.error)")
    #expect(refused.error.contains("Did you mean ring.size?"))
    #expect(try bench.ask("log-level").output == "log level: info\n")
    // A price table that can not be read holds back all else, too.
    try bench.write("log: {level: debug}", prices: "\(bench.folder.path)/none.json")
    #expect(try bench.ask("reload").ending == .exited(78))
    try bench.write("elasticsearch: {hosts: [\"http://127.0.0.1:1\"], api_key: {value: hunter2}}")
    let secret = try bench.ask("reload")
    #expect(secret.ending == .exited(0), "\(secret.error)")
    #expect(secret.output.contains("elasticsearch.api_key: not set -> "))
    #expect(secret.output.contains("(holds after a restart)"))
    #expect(!(secret.output + bench.agent.log).contains("hunter2"))
    #expect(bench.agent.terminate() == .exited(0))
  }

  @Test func `a price file that was refused is taken over once it is good, with all else`() throws {
    let bench = try Bench()
    let new = "\(bench.folder.path)/new.json"
    try bench.write("log: {level: debug}", prices: new)
    let refused = try bench.ask("reload")
    #expect(refused.ending == .exited(78))
    #expect(refused.error.contains("It is tried again when a file changes: "), "\(refused.error)")
    // Now nobody tells it.
    try FileSystem.replace(new, with: Array("{".utf8))
    #expect(bench.sees("The price table is no JSON"), "\(bench.agent.log)")
    #expect(try bench.ask("log-level").output == "log level: info\n")
    try FileSystem.replace(new, with: Resources.prices)
    #expect(bench.sees("A file of the configuration has changed: Reloaded"), "\(bench.agent.log)")
    #expect(bench.sees("pricing.file: \(bench.prices) -> \(new)"), "\(bench.agent.log)")
    #expect(try bench.ask("log-level").output == "log level: debug\n")
    #expect(bench.agent.terminate() == .exited(0))
  }

  @Test func `prices and log level change while events pass`() throws {
    let bench = try Bench()
    #expect(try bench.cost(1) == 2.5)
    let table = String(decoding: Resources.prices, as: UTF8.self)
    // The relay's own row comes last.
    let book = try #require(table.ranges(of: "\"model\": \"gpt-4.1\"").last)
    let rate = try #require(table[book.upperBound...].firstRange(of: "2.5"))
    let dearer = table[..<rate.lowerBound] + "7.5" + table[rate.upperBound...]
    try FileSystem.replace(bench.prices, with: Array(dearer.utf8))
    let reload = try bench.ask("reload", "--format", "json")
    #expect(reload.ending == .exited(0), "\(reload.error)")
    let answer = try JsonValue.parse(reload.output)
    #expect(answer["changes"]?.elements?.isEmpty == true)
    // The agent may have seen by itself that the file is another.
    #expect((answer.text + bench.agent.log).contains("7.5"))
    #expect(try bench.cost(2) == 7.5)
    #expect(try bench.ask("log-level", "debug").output == "log level: info -> debug\n")
    #expect(try bench.ask("log-level", "error").output == "log level: debug -> error\n")
    #expect(bench.agent.terminate() == .exited(0))
  }

  @Test func `without an agent both say so and exit with 69`() throws {
    let folder = try TemporaryFolder()
    for command in ["reload", "log-level"] {
      let result = try ProgramUnderTest.run([command], settings: ["agent.state_dir=\(folder.path)"])
      #expect(result.ending == .exited(69))
    }
  }
}
