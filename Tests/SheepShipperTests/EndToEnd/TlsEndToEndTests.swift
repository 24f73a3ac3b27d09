import LogPipeline
import TestSupport
import Testing

/// Goal: TLS works in the built program as configured: both ports, a renewed certificate, and the figures of it.
/// Method: the agent with certificates made for the test; a client of GnuTLS.
@Suite(.serialized) struct TlsEndToEndTests {
  private func post(_ agent: AgentProcess, _ line: String, trusting authority: String) throws
    -> (status: Int, text: String)?
  {
    try TlsClient(port: agent.webhook.port, trusting: authority).request(
      "POST /v1/events HTTP/1.1\r\nHost: localhost\r\nContent-Length: \(line.utf8.count)\r\n\r\n\(line)"
    )
  }

  @Test func `events come over TLS on both ports, and a renewed certificate needs no restart`()
    throws
  {
    let folder = try TemporaryFolder()
    let certificates = try TestCertificates()
    let authority = certificates.authority.certificate
    let agent = try AgentProcess(
      stateDirectory: folder.path,
      settings: [
        "inputs.tls.cert=\(certificates.server.certificate)",
        "inputs.tls.key=\(certificates.server.key)", "inputs.tls.client_ca=\(authority)",
        "inputs.webhook.tls=on",
      ])
    let client = try TlsClient(
      port: agent.tcpPort, identity: try certificates.client("relay"), trusting: authority)
    client.send(RelayEvents.event(0, run: "tls").line + "\n")
    #expect(
      try post(agent, RelayEvents.event(1, run: "tls").line, trusting: authority)?.status == 200)
    #expect(try agent.wait(until: "delivered", isAtLeast: 2))
    let tls = try #require(try agent.status()["tls"])
    #expect(tls["subject"]?.string == "CN=localhost")
    let left = tls["certificate_left_seconds"]?.double ?? 0
    #expect((86_400.0 * 89...86_400.0 * 90).contains(left), "\(tls.text)")

    try certificates.renewServer(named: "renewed", days: 3)
    #expect(
      CommandSupport.wait { agent.log.contains("The renewed TLS certificate is used") })
    #expect(CommandSupport.wait { agent.log.contains("ends soon") })
    #expect(
      try post(agent, RelayEvents.event(2, run: "tls").line, trusting: authority)?.status == 200)
    client.send(RelayEvents.event(3, run: "tls").line)
    client.finish()
    #expect(client.receiveAll() == "")
    #expect(try agent.wait(until: "delivered", isAtLeast: 4))

    try FileSystem.replace(certificates.server.key, with: Array("no key".utf8))
    #expect(
      CommandSupport.wait { agent.log.contains("the certificate from before stays in use") })
    #expect(
      try post(agent, RelayEvents.event(4, run: "tls").line, trusting: authority)?.status == 200)
    let stranger = try TcpClient(port: agent.tcpPort)
    try stranger.send("{}\n")
    _ = try stranger.receiveAll()
    #expect(
      CommandSupport.wait { agent.log.contains("A sender speaks without TLS to the TCP port") })
    let metrics = try agent.admin.get("/metrics").text
    for line in [
      #"sheepshipper_input_tcp_tls_handshakes_total{result="established"} 1"#,
      #"sheepshipper_input_tcp_tls_handshakes_total{result="plain"} 1"#,
      #"sheepshipper_input_webhook_tls_handshakes_total{result="established"} 3"#,
      "sheepshipper_tls_renewals_total 1", "sheepshipper_tls_renewals_failed_total 1",
    ] {
      #expect(metrics.contains(line), "\(line)")
    }
    try CommandSupport.expectBalanced(agent)
    #expect(agent.terminate() == .exited(0))
    let stored = try ArchiveFolder.documents(in: "\(folder.path)/archive")
      .compactMap { $0["request_id"]?.string }
    #expect(stored.sorted() == (0..<5).map { "tls-\($0)" })
  }

  @Test func `a certificate that can not be used is an error of the configuration`() throws {
    let folder = try TemporaryFolder()
    let outcome = try BuiltProgram.run([
      "run", "--set", "agent.state_dir=\(folder.path)", "--set", "ring.size=16MiB", "--set",
      "inputs.tls.cert=/nowhere/crt", "--set", "inputs.tls.key=/nowhere/key", "--set",
      "inputs.tcp.listen=127.0.0.1:0", "--set", "inputs.webhook.listen=127.0.0.1:0", "--set",
      "admin.listen=off",
    ])
    #expect(outcome.ending == .exited(78), "\(outcome.error)")
    #expect(outcome.error.contains("inputs.tls.key (/nowhere/key)"), "\(outcome.error)")
  }
}
