import LogPipeline
import TestSupport
import Testing

/// Goal: what keeps a connection from coming about is told apart: name, port, certificate. Method: certificates and
/// listeners of the test's own, with one thing wrong each.
@Suite struct DoctorHostTests {
  private static let kept = "Nothing is delivered."

  private func host(_ url: String) throws -> DoctorHost {
    DoctorHost(try #require(ElasticsearchHost(url)))
  }

  @Test func `a host has its port, or that of its scheme`() throws {
    #expect(try host("https://es:9200/path").port == 9200)
    #expect(try host("https://es").port == 443)
    #expect(try host("http://[::1]").place == "[::1]:80")
  }

  @Test func `a name without an address`() throws {
    let hosts = DoctorHosts([try host("http://no-such-host.invalid:9200")])
    let found = try #require(NameCheck(hosts).run().first)
    #expect(found.status == .failed && found.title.hasPrefix("no-such-host.invalid has no address"))
    #expect(found.consequence.hasPrefix(Self.kept))
    #expect(ReachCheck(hosts).run().map(\.status) == [.skipped])
    #expect(hosts.obstacle == "no host can be reached; see dns")
  }

  @Test func `a port that refuses, and one that takes the connection`() throws {
    let free = try TcpListener(listeningOn: "127.0.0.1:0")
    let hosts = DoctorHosts([
      try host("http://127.0.0.1:1"), try host("http://127.0.0.1:\(free.port)"),
    ])
    #expect(
      NameCheck(hosts).run().map(\.title) == ["127.0.0.1 is an address", "127.0.0.1 is an address"])
    let found = ReachCheck(hosts).run()
    #expect(found.map(\.status) == [.failed, .ok], "\(found)")
    #expect(found[0].title == "127.0.0.1:1 takes no connection.")
    #expect(found[0].detail == "127.0.0.1: Connection refused.")
    #expect(found[0].remedy.contains("Elasticsearch's own port is 9200"))
    #expect(found[0].consequence.hasPrefix("Delivery goes to the other hosts"))
    #expect(hosts.obstacle == nil)
  }

  @Test func `a host that nothing comes back from`() throws {
    let timeout = SystemError(code: SystemError.timedOut, operation: "connect")
    let found = ReachCheck.judge(try host("https://es:9200"), [("10.0.0.5", timeout)], Self.kept)
    #expect(found.status == .failed && found.remedy.contains("firewall"))
    #expect(found.commands == ["traceroute -T -p 9200 es"])
  }

  @Test func `behind a proxy only the proxy is looked for`() throws {
    let proxy = try host("http://127.0.0.1:1")
    let hosts = DoctorHosts([try host("https://es.invalid:9200")], proxy: proxy)
    #expect(ReachCheck(hosts).run().map(\.status) == [.failed])
    #expect(hosts.obstacle == "no host can be reached; see tcp")
  }

  // Certificates, with real handshakes: the webhook of an intake is the server.

  private func check(
    _ certificates: TestCertificates, host name: String = "localhost",
    _ adjust: (inout ClientTls) -> Void
  ) throws -> DoctorFinding {
    let harness = try IntakeHarness { intake in
      intake.useTls(certificates, tcp: .off, webhook: .server)
    }
    defer { harness.stop() }
    let url = "https://\(name):\(harness.intake.webhookPort ?? 0)"
    var settings = ElasticsearchConfiguration(hosts: [url])
    adjust(&settings.tls)
    settings.requestTimeout = .seconds(30)
    let hosts = DoctorHosts([try host(url)])
    let found = CertificateCheck(hosts, settings, clock: SystemClock()).run()
    #expect((found.first?.status == .failed) == (hosts.obstacle != nil))
    return try #require(found.first)
  }

  @Test func `a certificate that is trusted`() throws {
    let certificates = try TestCertificates()
    let found = try check(certificates) { $0.caFile = certificates.authority.certificate }
    #expect(found.status == .ok, "\(found)")
    #expect(found.title.contains("CN=localhost, trusted, until "))
  }

  @Test func `a certificate that has ended`() throws {
    let certificates = try TestCertificates()
    try certificates.renewServer(days: -7)
    let found = try check(certificates) { $0.caFile = certificates.authority.certificate }
    #expect(found.status == .failed && found.title.contains("ended on "), "\(found)")
    #expect(found.title.contains("7 d") && found.title.hasSuffix(" ago."), "\(found.title)")
    #expect(found.consequence.hasPrefix(Self.kept) && found.remedy.contains("Renew it"))
  }

  @Test func `a certificate that ends soon`() throws {
    let certificates = try TestCertificates()
    try certificates.renewServer(days: 5)
    let found = try check(certificates) { $0.caFile = certificates.authority.certificate }
    #expect(found.status == .warning && found.title.contains(" ends in "), "\(found)")
  }

  @Test func `a certificate of an authority that is not ours`() throws {
    let certificates = try TestCertificates()
    let other = try certificates.otherAuthority()
    let found = try check(certificates) { $0.caFile = other.certificate }
    #expect(found.status == .failed, "\(found)")
    #expect(
      found.title.contains("signed by CN=test authority, is not trusted by elasticsearch.tls.ca"),
      "\(found.title)")
    #expect(found.remedy.contains("elasticsearch.tls.fingerprint: "))
  }

  @Test func `a certificate for another host`() throws {
    let certificates = try TestCertificates()
    let found = try check(certificates, host: "127.0.0.1") {
      $0.caFile = certificates.authority.certificate
    }
    #expect(found.status == .failed, "\(found)")
    #expect(found.title.hasSuffix("the certificate is for localhost, not for 127.0.0.1."))
  }

  @Test func `a fingerprint that none of the presented certificates has`() throws {
    let certificates = try TestCertificates()
    let other = try certificates.otherAuthority()
    let wanted = CertificateFingerprint(pem: try FileSystem.read(other.certificate))
    let found = try check(certificates) { $0.fingerprint = wanted }
    #expect(found.status == .failed, "\(found)")
    #expect(found.title.contains("no certificate with elasticsearch.tls.fingerprint"))
    #expect(found.detail.hasPrefix("They have "))
  }

  @Test func `plain HTTP where TLS is asked for`() throws {
    let harness = try IntakeHarness()
    defer { harness.stop() }
    let hosts = DoctorHosts([try host("https://127.0.0.1:\(harness.intake.webhookPort ?? 0)")])
    let settings = ElasticsearchConfiguration(hosts: hosts.hosts.map(\.url))
    let found = CertificateCheck(hosts, settings, clock: SystemClock()).run()
    #expect(found.map(\.status) == [.failed], "\(found)")
    #expect(found.first?.title.contains("makes no TLS handshake") == true)
    #expect(found.first?.remedy.contains("http://") == true)
  }

  // The certificate of our own inputs.

  private func inputs(_ certificates: TestCertificates) throws -> DoctorFinding {
    let settings = TlsSettings(
      certificateFile: certificates.server.certificate, keyFile: certificates.server.key)
    return try #require(
      ListenerCertificateCheck(settings, clock: SystemClock()).run().first)
  }

  @Test func `our own certificate: well, ending, ended, and with the wrong key`() throws {
    let certificates = try TestCertificates()
    #expect(try inputs(certificates).status == .ok)
    try certificates.renewServer(days: 5)
    #expect(try inputs(certificates).status == .warning)
    try certificates.renewServer(days: -1)
    let ended = try inputs(certificates)
    #expect(ended.status == .failed && ended.title.hasPrefix("CN=localhost ended on "))
    #expect(ended.consequence.contains("Senders turn away"))
    let other = try certificates.client("other")
    let wrong = TlsSettings(
      certificateFile: certificates.server.certificate, keyFile: other.key)
    let found = ListenerCertificateCheck(wrong, clock: SystemClock()).run().first
    #expect(found?.status == .failed && found?.title.contains("does not belong to the key") == true)
    #expect(
      ListenerCertificateCheck(nil, clock: SystemClock()).run().map(\.status) == [.skipped])
  }

  @Test func `a chain is read piece by piece`() throws {
    let certificates = try TestCertificates()
    let both =
      try FileSystem.read(certificates.server.certificate)
      + FileSystem.read(certificates.authority.certificate)
    let facts = CertificateFacts.pieces(of: both).compactMap {
      CertificateFacts(pem: $0, host: "localhost")
    }
    #expect(facts.map(\.subject) == ["CN=localhost", "CN=test authority"])
    #expect(facts.map(\.isAuthority) == [false, true])
    #expect(facts.map(\.isForHost) == [true, false])
    #expect(facts[0].issuer == "CN=test authority" && facts[0].names == "localhost")
    #expect(CertificateFacts(pem: Array("no certificate".utf8)) == nil)
  }
}
