import LogPipeline
import TestSupport
import Testing

/// Sends captured events, and waits until they have arrived.
enum SampleSender {
  /// Over one TCP connection.
  static func send(_ lines: [[UInt8]], to agent: AgentProcess) throws {
    let connection = try TcpClient(port: agent.tcpPort)
    try connection.send(Array(lines.joined(separator: [0x0A])))
    connection.finishSending()
    // The peer's end of stream says that all of it was read.
    _ = try? connection.receiveAll()
  }

  /// A request as it was captured. The connection's own headers are the client's.
  static func replay(_ request: CapturedRequest, to client: HttpClient) throws -> HttpClient.Answer
  {
    let own: Set<String> = ["host", "connection", "content-length"]
    return try client.send(
      request.method, request.path,
      headers: request.headers.filter { !own.contains($0.0.lowercased()) }, body: request.body)
  }

  /// All of them and nothing else was taken and delivered; then the agent is stopped.
  static func expectDelivered(_ count: Int, by agent: AgentProcess) throws {
    #expect(try agent.wait(until: "delivered", isAtLeast: count), "\(agent.log)")
    for (name, expected) in [
      ("offered", count), ("accepted", count), ("delivered", count), ("refused", 0),
      ("duplicate", 0), ("dead_lettered", 0), ("waiting", 0), ("in_hand", 0),
    ] { #expect(try agent.ledger(name) == expected, "\(name)") }
    #expect(agent.terminate() == .exited(0))
  }
}
