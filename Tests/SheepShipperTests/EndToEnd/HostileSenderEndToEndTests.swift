import LogPipeline
import TestSupport
import Testing

/// Goal: nobody who may send can stop the agent for others, nor make it grow.
/// Method: the built program, and requests that are allowed by every limit but made to cost as much as can be.
@Suite(.serialized) struct HostileSenderEndToEndTests {
  @Test func `a body of equal frames is taken as fast as any other`() throws {
    let folder = try TemporaryFolder()
    let agent = try AgentProcess(stateDirectory: folder.path)
    let frames = 30_000
    func span(of line: (Int) -> String) throws -> Duration {
      let body = Array((0..<frames).map(line).joined().utf8)
      let began = SystemClock().now()
      let answer = try agent.webhook.send("POST", "/v1/events", headers: [], body: body)
      #expect(answer.status == 200, "\(answer.text)")
      return SystemClock().now().since(began)
    }
    let different = try span { "{\"n\":\(100_000 + $0)}\n" }
    let equal = try span { _ in "{\"n\":123456}\n" }
    #expect(equal < different * 3 + .seconds(1), "equal \(equal), different \(different)")
    #expect(agent.terminate() == .exited(0))
  }

  @Test func `the frames a body is remembered by count in the input budget`() throws {
    let folder = try TemporaryFolder()
    let agent = try AgentProcess(stateDirectory: folder.path)
    let frames = 5000
    let lines = (0..<frames).map { "{\"n\":\($0)}\n" }.joined()
    let client = try TcpClient(port: agent.webhook.port)
    try client.send("POST /v1/events HTTP/1.1\r\nHost: x\r\nContent-Length: 9000000\r\n\r\n")
    try client.send(lines)
    #expect(try agent.wait(until: "accepted", isAtLeast: frames))
    let metrics = try agent.admin.get("/metrics").text
    let line = metrics.split(separator: "\n").first {
      $0.hasPrefix("sheepshipper_input_partial_bytes ")
    }
    let heldBytes = Int(line?.split(separator: " ").last ?? "") ?? 0
    #expect(heldBytes >= frames * 16, "\(heldBytes)")
    client.finishSending()
    #expect(agent.terminate() == .exited(0))
  }
}
