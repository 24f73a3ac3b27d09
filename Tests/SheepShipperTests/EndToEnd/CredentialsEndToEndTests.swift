import LogPipeline
import TestSupport
import Testing

/// Goal: what an operator does about users, passwords and certificates while the agent runs is found out by the agent
/// itself, and nothing is lost meanwhile. Method: a real server with TLS and users.
@Suite(
  .serialized,
  .enabled(if: SecuredSearchServer.found != nil, Comment(rawValue: SecuredSearchServer.missing)))
struct CredentialsEndToEndTests {
  private let server: SecuredSearchServer
  private let prefix = "holysheep-logs-cred-\(UInt32.random(in: 0 ... .max))-"

  init() throws { server = try #require(SecuredSearchServer.found) }

  private func start(_ folder: TemporaryFolder, _ settings: [String]) throws -> AgentProcess {
    try AgentProcess(
      stateDirectory: "\(folder.path)/state",
      settings: [
        "elasticsearch.hosts=\(server.url)", "elasticsearch.index=\(prefix)%Y.%m.%d",
        "elasticsearch.user=shipper",
      ] + settings)
  }

  private func send(_ count: Int, _ run: String, to agent: AgentProcess) throws {
    let connection = try TcpClient(port: agent.tcpPort)
    try connection.send((0..<count).map { RelayEvents.event($0, run: run).line + "\n" }.joined())
    connection.finishSending()
    #expect(try agent.wait(until: "accepted", isAtLeast: count))
  }

  @Test func `a wrong password is said, and a right one in its file ends the pause`() throws {
    let folder = try TemporaryFolder()
    let password = "\(folder.path)/password"
    try FileSystem.replace(password, with: Array("hunter2-wrong\n".utf8))
    let agent = try start(
      folder,
      [
        "elasticsearch.password={file: \(password)}",
        "elasticsearch.tls.ca=\(server.folder)/certs/ca.crt",
      ])
    try send(100, "wrong", to: agent)
    #expect(CommandSupport.wait(within: .seconds(30)) { agent.log.contains("Delivery is paused") })
    #expect(try agent.ledger("delivered") == 0)
    try FileSystem.replace(password, with: Array("shipper-secret\n".utf8))
    agent.child.signal(.hangUp)
    #expect(try agent.wait(until: "delivered", isAtLeast: 100, within: .seconds(90)))
    #expect(agent.terminate() == .exited(0))
    for secret in ["hunter2", "shipper-secret"] {
      #expect(!agent.log.contains(secret), "a password stands in the log")
    }
  }

  @Test func `a privilege that is taken away parks the index, and given back ends that`() throws {
    let folder = try TemporaryFolder()
    let agent = try start(
      folder,
      [
        "elasticsearch.password=shipper-secret", "elasticsearch.template=false",
        "elasticsearch.tls.ca=\(server.folder)/certs/ca.crt",
      ])
    try send(50, "before", to: agent)
    #expect(try agent.wait(until: "delivered", isAtLeast: 50))
    let reader = JsonValue.object([
      ("cluster", .array([.string("monitor")])),
      (
        "indices",
        .array([
          .object([
            ("names", .array([.string("holysheep-logs-*")])),
            ("privileges", .array([.string("read")])),
          ])
        ])
      ),
    ])
    try server.withRole("e2e_reader", reader) {
      try send(50, "without", to: agent)
      #expect(
        CommandSupport.wait(within: .seconds(30)) {
          agent.log.contains("does not take") || agent.log.contains("Delivery is paused")
        })
      #expect(try agent.ledger("delivered") == 50)
    }
    #expect(try agent.wait(until: "delivered", isAtLeast: 100, within: .seconds(120)))
    #expect(try agent.ledger("dead_lettered") == 0)
    #expect(agent.terminate() == .exited(0))
  }

  @Test func `a fingerprint serves a cluster that signed itself, and a wrong one lets nothing out`()
    throws
  {
    let pem = try FileSystem.read("\(server.folder)/certs/ca.crt")
    let leaf = try FileSystem.read("\(server.folder)/certs/node.crt")
    for certificate in [leaf, pem] {
      let fingerprint = try #require(CertificateFingerprint(pem: certificate))
      let folder = try TemporaryFolder()
      let agent = try start(
        folder,
        [
          "elasticsearch.password=shipper-secret",
          "elasticsearch.tls.fingerprint=\(fingerprint)",
        ])
      try send(20, "pinned", to: agent)
      // The server presents its own certificate alone, not its authority's.
      if certificate == leaf {
        #expect(try agent.wait(until: "delivered", isAtLeast: 20), "\(agent.log)")
      } else {
        #expect(
          CommandSupport.wait(within: .seconds(20)) {
            agent.log.contains("certificates presented has elasticsearch.tls.fingerprint")
          }, "\(agent.log)")
        #expect(try agent.ledger("delivered") == 0)
      }
      #expect(agent.terminate() == .exited(0))
    }
  }

  @Test func `a certificate of an authority that nobody named is refused`() throws {
    let folder = try TemporaryFolder()
    let agent = try start(folder, ["elasticsearch.password=shipper-secret"])
    try send(20, "untrusted", to: agent)
    #expect(
      CommandSupport.wait(within: .seconds(20)) { agent.log.contains("tls") }, "\(agent.log)")
    #expect(try agent.ledger("delivered") == 0)
    #expect(agent.terminate() == .exited(0))
  }
}
