import LogPipeline
import TestSupport
import Testing

/// A state directory on a disk that fails on request, agents on it, and a bulk server that takes nothing at first, so
/// that everything stays in the ring.
final class FailingDiskBench {
  let folder: TemporaryFolder
  let disk: FailingDisk
  let server: BulkServer

  init() throws {
    folder = try TemporaryFolder()
    disk = try FailingDisk(below: folder.path)
    server = try BulkServer(.isUnavailable)
  }

  deinit { server.stop() }

  var settings: [String] {
    [
      "elasticsearch.hosts=\(server.url)", "elasticsearch.flush=20ms",
      "elasticsearch.template=false", "agent.grace=5s",
    ]
  }

  /// On the failing disk.
  func start() throws -> AgentProcess {
    try AgentProcess(
      stateDirectory: folder.path, settings: settings, environment: disk.environment)
  }

  func begin() throws -> ChildProcess {
    try AgentProcess.begin(
      stateDirectory: folder.path, settings: settings, environment: disk.environment)
  }

  /// Starts an agent that dies in place of one of its calls on the folder; false when it was ready before.
  func isKilled(atCall call: Int) throws -> Bool {
    try disk.set(.init(call: "any", what: "kill", skip: call, path: "*"))
    defer { try? disk.mend() }
    let child = try begin()
    let isReady = child.waitForError("Taking events.", until: SystemClock().now() + .seconds(60))
    if isReady { child.signal(.kill) }
    let ending = child.wait(until: SystemClock().now() + .seconds(10))
    #expect(ending == .signalled(9), "\(child.errorText)")
    return !isReady
  }

  @discardableResult
  func post(
    _ range: Range<Int>, to agent: AgentProcess, expecting status: Int,
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> HttpClient.Answer {
    let events = range.map { RelayEvents.event($0, run: "d").line }.joined(separator: ",")
    let answer = try agent.webhook.send("POST", "/v1/events", json: "[\(events)]")
    #expect(
      answer.status == status, "\(answer.text)\n\(agent.log)", sourceLocation: sourceLocation)
    return answer
  }

  /// Starts an agent on the whole disk, lets it deliver everything, and looks.
  /// - Returns: the request ids of all that is stored.
  @discardableResult
  func expectAllThere(
    _ range: Range<Int>, sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> Set<String> {
    server.set(.takes)
    let agent = try AgentProcess(stateDirectory: folder.path, settings: settings)
    #expect(
      try CommandSupport.wait { try agent.ledger("waiting") == 0 }, "\(agent.log)",
      sourceLocation: sourceLocation)
    try CommandSupport.expectBalanced(agent, sourceLocation: sourceLocation)
    #expect(try agent.ledger("quarantined") == 0, sourceLocation: sourceLocation)
    #expect(agent.terminate() == .exited(0), sourceLocation: sourceLocation)
    let ids = try server.requestIds
    #expect(Set(ids).count == ids.count, "stored twice", sourceLocation: sourceLocation)
    let missing = Set(CommandSupport.ids(range, run: "d")).subtracting(ids)
    #expect(missing.isEmpty, "answered 200 and lost", sourceLocation: sourceLocation)
    return Set(ids)
  }
}
