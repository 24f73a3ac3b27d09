package import LogPipeline

/// The built program, running as an agent with a state directory of its own and ports that the kernel chose.
package final class AgentProcess {
  package let child: ChildProcess
  package let tcpPort: UInt16
  package let webhook: HttpClient
  package let admin: HttpClient
  package let stateDirectory: String

  package struct NotStarted: Error, CustomStringConvertible {
    package let description: String
  }

  /// Starts it and waits until it takes events.
  /// - Parameters:
  ///   - stateDirectory: kept over restarts, so that a second process finds the first one's ring.
  ///   - settings: `--set` values beyond the test's own.
  ///   - arguments: of `run`, before those.
  ///   - environment: replaces this process's, if given.
  /// - Throws: ``NotStarted`` with what it printed.
  package init(
    stateDirectory: String, settings: [String] = [], arguments: [String] = [],
    environment: [String: String]? = nil
  ) throws {
    self.stateDirectory = stateDirectory
    child = try Self.begin(
      stateDirectory: stateDirectory, settings: settings, arguments: arguments,
      environment: environment)
    guard child.waitForError("Taking events.", until: SystemClock().now() + .seconds(60)),
      let line = child.errorText.split(separator: "\n").last(where: {
        $0.contains("Taking events.")
      }),
      let tcp = Self.port("tcp", in: line), let hook = Self.port("webhook", in: line),
      let page = Self.port("admin", in: line)
    else { throw NotStarted(description: "the agent did not start:\n\(child.errorText)") }
    tcpPort = tcp
    webhook = HttpClient(port: hook)
    admin = HttpClient(port: page)
  }

  /// Starts it and does not wait.
  package static func begin(
    stateDirectory: String, settings: [String] = [], arguments: [String] = [],
    environment: [String: String]? = nil
  ) throws -> ChildProcess {
    let all =
      [
        "agent.state_dir=\(stateDirectory)", "inputs.tcp.listen=127.0.0.1:0",
        "inputs.webhook.listen=127.0.0.1:0", "admin.listen=127.0.0.1:0", "ring.size=16MiB",
      ] + settings
    return try ChildProcess(
      ProgramUnderTest.path, ["run"] + arguments + all.flatMap { ["--set", $0] },
      environment: environment)
  }

  package var log: String { child.errorText }

  /// The status page's JSON.
  package func status() throws -> JsonValue { try admin.get("/v1/status").json() }

  /// One count of the ledger.
  package func ledger(_ name: String) throws -> Int {
    let status = try status()
    return Int(status["ledger"]?[name]?.integer ?? status[name]?.integer ?? -1)
  }

  /// Asks again and again until the ledger shows at least `count`.
  package func wait(
    until name: String, isAtLeast count: Int, within span: Duration = .seconds(60)
  ) throws -> Bool {
    let deadline = SystemClock().now() + span
    while SystemClock().now() < deadline {
      if try ledger(name) >= count { return true }
      PosixThread.sleep(.milliseconds(20))
    }
    return false
  }

  /// SIGTERM, and how it ended; nil when it still runs after `span`.
  package func terminate(within span: Duration = .seconds(40)) -> ChildProcess.Ending? {
    child.signal(.terminate)
    return child.wait(until: SystemClock().now() + span)
  }

  /// kill -9.
  package func kill() {
    child.signal(.kill)
    _ = child.wait(until: SystemClock().now() + .seconds(10))
  }

  private static func port(_ name: String, in line: Substring) -> UInt16? {
    for word in line.split(separator: " ") where word.hasPrefix("\(name)=") {
      return UInt16(word.dropFirst(name.count + 1))
    }
    return nil
  }
}
