import LogPipeline
import TestSupport
import Testing

/// Goal: a service manager that waits for the agent hears when it takes events, that it lives, and that it stops.
/// Method: the agent with NOTIFY_SOCKET of the test's own.
@Suite struct ServiceEndToEndTests {
  @Test func `the service manager hears of the start, of life, and of the stop`() throws {
    let folder = try TemporaryFolder()
    let socket = try NotifySocket(in: folder.path)
    let agent = try AgentProcess(
      stateDirectory: "\(folder.path)/state", environment: ["NOTIFY_SOCKET": socket.path])
    let start = socket.messages(until: "READY=1")
    #expect(start.last?.hasPrefix("READY=1\n") == true, "\(start)")
    #expect(start.dropLast().allSatisfy { $0.hasPrefix("STATUS=Starting: making the ring") })
    #expect(start.count > 1 && start.dropLast().allSatisfy { $0.contains("EXTEND_TIMEOUT_USEC=") })
    #expect(socket.messages(until: "WATCHDOG=1").last == "WATCHDOG=1")
    #expect(agent.terminate() == .exited(0))
    #expect(socket.messages(until: "STOPPING=1").last?.hasPrefix("STOPPING=1") == true)
  }

  @Test func `one that does not listen costs a warning and no event`() throws {
    let folder = try TemporaryFolder()
    let agent = try AgentProcess(
      stateDirectory: "\(folder.path)/state", environment: ["NOTIFY_SOCKET": "\(folder.path)/none"])
    #expect(
      try agent.webhook.send("POST", "/v1/events", json: #"{"model":"gpt-4.1"}"#).status == 200)
    #expect(agent.terminate() == .exited(0))
    #expect(agent.log.contains("The service manager could not be told"))
  }
}
