import LogPipeline
import TestSupport
import Testing

/// Goal: with several intake threads the program keeps what it promises with one.
/// Method: the built program with `intake.threads`, many connections, SIGTERM in the middle of the load, kill -9.
@Suite(.serialized) struct ThreadsEndToEndTests {
  @Test func `SIGTERM in the middle of a load on four threads loses nothing that was read`() throws
  {
    let folder = try TemporaryFolder()
    let agent = try AgentProcess(
      stateDirectory: folder.path, settings: ["intake.threads=4", "agent.grace=40s"])
    let loads = try (0..<6).map { try WebhookLoad(round: $0, client: agent.webhook) }
    // Written before the stop and not looked after any more: the kernel or the agent has them.
    let lines = try (0..<8).map { try OpenSender(to: agent, run: "tcp\($0)") }
    for load in loads { #expect(load.wait(untilAnswered: 100)) }
    #expect(try threadNames(agent) == ["intake 1", "intake 2", "intake 3", "intake 4"])
    agent.child.signal(.terminate)
    let answered = loads.flatMap { $0.stop() }
    let ending = agent.child.wait(until: SystemClock().now() + .seconds(60))
    #expect(ending == .exited(0), "\(agent.log)")
    let sent = Set(
      loads.flatMap(\.sentIds)
        + (0..<8).flatMap { CommandSupport.ids(0..<250, run: "tcp\($0)") })
    #expect(lines.count == 8)

    let next = try AgentProcess(stateDirectory: folder.path, settings: ["intake.threads=2"])
    #expect(try CommandSupport.wait { try next.ledger("waiting") == 0 }, "\(next.log)")
    try CommandSupport.expectBalanced(next)
    let accepted = try next.ledger("accepted")
    #expect(next.terminate() == .exited(0))
    let stored = try ArchiveFolder.documents(in: "\(folder.path)/archive").compactMap {
      $0["request_id"]?.string
    }
    #expect(stored.count == accepted)
    #expect(Set(stored).count == stored.count, "an event is stored twice")
    #expect(Set(answered).subtracting(stored).isEmpty, "answered 200 and not stored")
    for number in 0..<8 {
      let lost = Set(CommandSupport.ids(0..<250, run: "tcp\(number)")).subtracting(stored)
      #expect(lost.isEmpty, "\(lost.count) lines that were sent before SIGTERM are lost")
    }
    #expect(Set(stored).subtracting(sent).isEmpty, "stored and never sent")
  }

  @Test func `a second agent does not share the ports of the first`() throws {
    let (folder, other) = (try TemporaryFolder(), try TemporaryFolder())
    let agent = try AgentProcess(stateDirectory: folder.path, settings: ["intake.threads=2"])
    let second = try AgentProcess.begin(
      stateDirectory: other.path,
      settings: ["intake.threads=2", "inputs.tcp.listen=127.0.0.1:\(agent.tcpPort)"])
    let ending = second.wait(until: SystemClock().now() + .seconds(60))
    #expect(ending != nil && ending != .exited(0))
    #expect(second.errorText.contains("inputs.tcp.listen"), "\(second.errorText)")
    #expect(second.errorText.contains("Stop the program that holds the port"))
    #expect(agent.terminate() == .exited(0))
  }

  /// Has sent 250 lines and keeps its connection open.
  private final class OpenSender {
    private let connection: TcpClient

    init(to agent: AgentProcess, run: String) throws {
      connection = try TcpClient(port: agent.tcpPort)
      for part in 0..<5 {
        try connection.send(CommandSupport.lines(part * 50..<part * 50 + 50, run: run))
      }
    }
  }

  private func threadNames(_ agent: AgentProcess) throws -> [String] {
    let folder = "/proc/\(agent.child.processId)/task"
    return try FileSystem.names(in: folder).map {
      String(decoding: try FileSystem.read("\(folder)/\($0)/comm"), as: UTF8.self)
        .split(separator: "\n").joined()
    }.filter { $0.hasPrefix("intake") }.sorted()
  }
}
