import LogPipeline
import TestSupport
import Testing

/// Goal: connections are kept, a sender has one request under way, no proxy is used that nobody configured, and no
/// credentials stand in any log. Method: a counting proxy stands between the agent and a server, by its address; the log
/// is read at its most talkative.
@Suite struct ConnectionsEndToEndTests {
  private static let secrets = ["hunter2-password", "aHVudGVyMjpwYXNz"]

  @Test(arguments: [
    ["elasticsearch.user=shipper", "elasticsearch.password=hunter2-password"],
    ["elasticsearch.api_key=aHVudGVyMjpwYXNz"],
    ["elasticsearch.bearer=hunter2-password"],
  ])
  func `two senders need two connections, and keep their credentials to themselves`(
    credentials: [String]
  ) throws {
    let folder = try TemporaryFolder()
    let server = try BulkServer()
    let proxy = try RecordingProxy(to: server.port)
    defer {
      proxy.stop()
      server.stop()
    }
    let agent = try AgentProcess(
      stateDirectory: folder.path,
      settings: [
        "elasticsearch.hosts=http://127.0.0.1:\(proxy.port)", "elasticsearch.senders=2",
        "elasticsearch.flush=20ms", "elasticsearch.template=false", "log.level=debug",
      ] + credentials,
      // No proxy of the environment is used; nothing listens there.
      environment: ["http_proxy": "http://127.0.0.1:1", "all_proxy": "http://127.0.0.1:1"])
    for part in 0..<40 {
      let lines = (0..<25).map { RelayEvents.event($0, run: "part\(part)").line }
      let answer = try agent.webhook.send(
        "POST", "/v1/events", json: "[\(lines.joined(separator: ","))]")
      #expect(answer.status == 200)
    }
    // Then the server turns them away, and takes them again: errors are logged too.
    server.set(.refusesCredentials)
    _ = try agent.webhook.send("POST", "/v1/events", json: RelayEvents.event(0, run: "late").line)
    #expect(CommandSupport.wait(within: .seconds(20)) { agent.log.contains("Delivery is paused") })
    server.set(.takes)
    #expect(try agent.wait(until: "delivered", isAtLeast: 1001, within: .seconds(60)))
    #expect(agent.terminate() == .exited(0))

    let heads = proxy.requestHeads
    #expect(heads.count > 10)
    #expect(heads.allSatisfy { $0.lowercased().contains("authorization: ") })
    #expect(proxy.connectionCount <= 2, "\(proxy.connectionCount) for \(heads.count) requests")
    #expect(proxy.earlyRequestCount == 0)
    for secret in Self.secrets {
      #expect(!agent.log.contains(secret), "a secret stands in the log")
    }
  }
}
