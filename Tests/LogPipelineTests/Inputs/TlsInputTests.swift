import LogPipeline
import TestSupport
import Testing

/// Goal: over TLS, TCP and the webhook promise what they promise without it, and nobody gets in who must not.
/// Method: a real intake, a real client of GnuTLS, certificates made for the test.
@Suite struct TlsInputTests {
  private let certificates: TestCertificates

  init() throws { certificates = try TestCertificates() }

  private func harness(
    tcp: TlsUse = .server, webhook: TlsUse = .server, sink: MemorySink = MemorySink(),
    _ adjust: (inout IntakeConfiguration) -> Void = { _ in }
  ) throws -> IntakeHarness {
    try IntakeHarness(sink: sink) {
      $0.useTls(certificates, tcp: tcp, webhook: webhook)
      adjust(&$0)
    }
  }

  private func post(_ client: TlsClient, _ body: String) -> (status: Int, text: String)? {
    client.request(
      "POST /v1/events HTTP/1.1\r\nHost: localhost\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
    )
  }

  @Test(arguments: [
    "NORMAL:-VERS-ALL:+VERS-TLS1.3", "NORMAL:-VERS-ALL:+VERS-TLS1.2",
  ]) func `lines come whole over TLS, however they are cut into records`(version: String) throws {
    let harness = try harness()
    let client = try TlsClient(
      port: harness.intake.tcpPort ?? 0, trusting: certificates.authority.certificate,
      priorities: version)
    client.send("\u{FEFF}{\"n\":1}\r\n\n{\"n\":2}\n  \r\n{\"n\":3}", recordBytes: 1)
    client.finish()
    #expect(client.receiveAll() == "", "the last line needs no newline, and the close is clean")
    #expect(eventually { harness.intake.snapshot.accepted == 3 })
    #expect(harness.sink.frames == ["{\"n\":1}", "{\"n\":2}", "{\"n\":3}"])
    #expect(harness.intake.snapshot.tcpTls.established == 1)
    #expect(harness.intake.snapshot.tcpTls.pending == 0)
  }

  @Test func `an end without close_notify keeps what came`() throws {
    let harness = try harness()
    let client = try TlsClient(port: harness.intake.tcpPort ?? 0)
    client.send("{\"n\":1}\n{\"n\":2}")
    client.endWithoutNotice()
    #expect(eventually { harness.intake.snapshot.accepted == 2 })
    #expect(harness.intake.snapshot.tcpTls.broken == 0)
  }

  @Test func `a full sink blocks a sender over TLS, and nothing is lost when there is room again`()
    throws
  {
    let harness = try harness(sink: MemorySink(room: 2))
    let port = harness.intake.tcpPort ?? 0
    let lines = (0..<40_000).map {
      "{\"n\":\($0),\"pad\":\"\(String(repeating: "x", count: 200))\"}"
    }
    let bytes = Array((lines.joined(separator: "\n") + "\n").utf8)
    let client = UncheckedBox(try TlsClient(port: port))
    let sender = try PosixThread("sender") {
      client.value.send(bytes)
      client.value.finish()
    }
    #expect(eventually { harness.intake.snapshot.isPaused })
    let read = harness.intake.snapshot.tcpBytes
    #expect(read < UInt64(bytes.count), "the rest waits in the sender's and the kernel's buffers")
    harness.sink.setRoom(.max)
    sender.join()
    #expect(eventually { harness.intake.snapshot.accepted == 40_000 })
    #expect(harness.sink.frames == lines)
  }

  /// Sixteen lines in one record, read a KiB at a time: what is decrypted and not read yet shows on no socket.
  @Test(arguments: [Int.max, 0]) func `a record larger than a turn's reads is taken to its end`(
    room: Int
  ) throws {
    let harness = try harness(sink: MemorySink(room: room)) { $0.lineBytesMax = 1024 }
    let client = try TlsClient(port: harness.intake.tcpPort ?? 0)
    let lines = (10..<26).map { "{\"n\":\($0),\"pad\":\"\(String(repeating: "x", count: 980))\"}" }
    client.send(lines.joined(separator: "\n") + "\n")
    if room == 0 {
      #expect(eventually { harness.intake.snapshot.isPaused })
      harness.sink.setRoom(.max)
    }
    #expect(eventually { harness.intake.snapshot.accepted == 16 }, "the sender sends no more")
    #expect(harness.sink.frames == lines)
  }

  @Test func `many senders over TLS at once lose nothing`() throws {
    let harness = try harness()
    let port = harness.intake.tcpPort ?? 0
    let bytes = Array(
      (0..<3000).map { "{\"n\":\($0),\"pad\":\"\(String(repeating: "x", count: 300))\"}\n" }
        .joined().utf8)
    let threads = try (0..<4).map { number in
      try PosixThread("sender \(number)") {
        guard let client = try? TlsClient(port: port) else { return }
        client.send(bytes, recordBytes: 1000 + 7 * number)
        client.finish()
        _ = client.receiveAll()
      }
    }
    for thread in threads { thread.join() }
    #expect(eventually { harness.intake.snapshot.accepted == 12_000 })
    #expect(harness.sink.frameCount == 12_000)
  }

  @Test func `with client certificates asked for, only who has a good one gets in over TCP`() throws
  {
    let harness = try harness(tcp: .mutual)
    let port = harness.intake.tcpPort ?? 0
    let stranger = try certificates.otherAuthority()
    let bad: [(TestCertificates.Files?, TlsFailure.Kind)] = [
      (nil, .noCertificate),
      (try certificates.client("stranger", from: stranger), .untrustedCertificate),
      (try certificates.client("ended", days: -1), .untrustedCertificate),
      (try certificates.client("server", forServers: true), .untrustedCertificate),
    ]
    for version in ["1.2", "1.3"] {
      for (identity, kind) in bad {
        let before = harness.intake.snapshot.tcpTls.failed(kind)
        // In TLS 1.3 a client may send before the server has judged it.
        if let client = try? TlsClient(
          port: port, identity: identity, priorities: "NORMAL:-VERS-ALL:+VERS-TLS\(version)")
        {
          client.send("{\"n\":0}\n")
          #expect(client.receiveAll() == nil, "\(version) \(kind): an alert, no clean end")
        }
        #expect(
          eventually { harness.intake.snapshot.tcpTls.failed(kind) == before + 1 },
          "\(version) \(kind)")
      }
    }
    let good = try TlsClient(port: port, identity: try certificates.client("good"))
    good.send("{\"n\":1}\n")
    good.finish()
    #expect(good.receiveAll() == "")
    #expect(eventually { harness.intake.snapshot.accepted == 1 })
    #expect(harness.sink.frames == ["{\"n\":1}"])
    #expect(eventually { harness.intake.snapshot.tcpConnectionsOpen == 0 })
  }

  @Test func `the webhook answers over TLS, and 403 to a client without a good certificate`() throws
  {
    let harness = try harness(webhook: .mutual)
    let port = harness.intake.webhookPort ?? 0
    let good = try TlsClient(
      port: port, identity: try certificates.client("good"),
      trusting: certificates.authority.certificate)
    for number in 1...3 { #expect(post(good, "{\"n\":\(number)}")?.status == 200) }
    let none = try #require(post(try TlsClient(port: port), "{\"n\":0}"))
    #expect(none.status == 403)
    #expect(none.text.contains("asks for a client certificate"))
    let stranger = try certificates.client("stranger", from: try certificates.otherAuthority())
    let other = try #require(post(try TlsClient(port: port, identity: stranger), "{\"n\":0}"))
    #expect(other.status == 403)
    #expect(other.text.contains("does not count"), "\(other.text)")
    #expect(harness.sink.frames == ["{\"n\":1}", "{\"n\":2}", "{\"n\":3}"])
    #expect(eventually { harness.intake.snapshot.webhookCertificatesRefused == 2 })
    #expect(eventually { harness.intake.snapshot.webhookTls.established == 3 })
  }

  @Test func `one certificate may ask on one port alone`() throws {
    let harness = try harness(tcp: .mutual, webhook: .server)
    #expect(post(try TlsClient(port: harness.intake.webhookPort ?? 0), "{\"n\":1}")?.status == 200)
  }

  @Test func `plain bytes at a TLS port are named and counted, and not taken`() throws {
    let harness = try harness()
    let tcp = try harness.tcp()
    tcp.send("{\"n\":1}\n")
    #expect(tcp.readToEnd() == "")
    let http = try harness.tcp()
    http.send("GET / HTTP/1.1\r\n\r\n")
    #expect(http.readToEnd()?.contains("This port takes JSON lines over TLS") == true)
    #expect(eventually { harness.intake.snapshot.tcpTls.failed(.plain) == 2 })
    let webhook = try harness.http()
    webhook.send("POST /v1/events HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}")
    _ = webhook.readToEnd()
    #expect(eventually { harness.intake.snapshot.webhookTls.failed(.plain) == 1 })
    #expect(harness.intake.snapshot.offered == 0)
  }

  @Test func `a stalled handshake is given up, and holds up nobody`() throws {
    let harness = try harness {
      $0.tls?.handshakeMax = .seconds(2)
      $0.tls?.handshakesMax = 2
    }
    let stalled = try (0..<2).map { _ in
      let client = try harness.tcp()
      client.send([0x16, 0x03])
      return client
    }
    #expect(eventually { harness.intake.snapshot.tcpTls.pending == 2 })
    // It waits in the kernel's queue until one of the others is given up.
    let good = try TlsClient(port: harness.intake.tcpPort ?? 0)
    good.send("{\"n\":1}\n")
    #expect(eventually { harness.intake.snapshot.accepted == 1 })
    #expect(harness.intake.snapshot.tcpTls.overLimit >= 1)
    #expect(eventually { harness.intake.snapshot.tcpTls.failed(.timeout) == 2 })
    for client in stalled { _ = client.readToEnd() }
    let webhook = try harness.http()
    webhook.send([0x16, 0x03])
    #expect(eventually { harness.intake.snapshot.webhookTls.failed(.timeout) == 1 })
    #expect(eventually { harness.intake.snapshot.webhookTls.pending == 0 })
  }

  @Test func `a renewed certificate is shown from the next connection on, and open ones go on`()
    throws
  {
    let harness = try harness()
    let (tcp, webhook) = (harness.intake.tcpPort ?? 0, harness.intake.webhookPort ?? 0)
    let before = try TlsClient(port: tcp)
    before.send("{\"n\":1}\n")
    // One that clients do not take for "localhost" by its authority: it is signed by another.
    let other = try certificates.otherAuthority()
    let renewed = try certificates.client("localhost", from: other, forServers: true)
    try FileSystem.rename(renewed.key, to: certificates.server.key)
    try FileSystem.rename(renewed.certificate, to: certificates.server.certificate)
    for _ in 0..<2 { harness.intake.lookAtCertificate() }
    #expect(harness.intake.certificate?.renewals == 1)
    #expect(throws: TlsClient.HandshakeFailed.self) {
      _ = try TlsClient(port: tcp, trusting: certificates.authority.certificate)
    }
    let new = try TlsClient(port: tcp, trusting: other.certificate)
    new.send("{\"n\":2}\n")
    before.send("{\"n\":3}\n")
    #expect(post(try TlsClient(port: webhook, trusting: other.certificate), "{}")?.status == 200)
    #expect(eventually { harness.intake.snapshot.accepted == 4 })
    // Its reset may overtake its alert.
    let refused = eventually {
      let tls = harness.intake.snapshot.tcpTls
      return tls.failed(.refusedBySender) + tls.failed(.left) == 1
    }
    #expect(refused, "\(harness.intake.snapshot.tcpTls)")

    // A broken one is not taken.
    try FileSystem.replace(certificates.server.certificate, with: Array("no certificate".utf8))
    for _ in 0..<2 { harness.intake.lookAtCertificate() }
    #expect(harness.intake.certificate?.trouble?.contains("inputs.tls.cert") == true)
    #expect(harness.intake.certificate?.renewalsFailed == 1)
    _ = try TlsClient(port: tcp, trusting: other.certificate)
  }

  @Test func `a stop reads what was sent over TLS and says that it ends`() throws {
    let harness = try harness()
    let client = try TlsClient(port: harness.intake.tcpPort ?? 0)
    client.send("{\"n\":1}\n{\"n\":2}")
    #expect(harness.stop(reading: .milliseconds(300)))
    #expect(harness.sink.frames == ["{\"n\":1}", "{\"n\":2}"])
    #expect(client.receiveAll() == "", "close_notify and a FIN, no reset")
  }

  @Test func `the largest senders are shown by address and by connection`() throws {
    let harness = try harness(tcp: .off)
    let client = try harness.tcp()
    client.send("{\"n\":1}\nno\n{\"n\":2}\n")
    #expect(eventually { harness.intake.snapshot.tcpSenders.first?.taken == 2 })
    let address = try #require(harness.intake.snapshot.tcpAddresses.first)
    #expect(address.name == "127.0.0.1")
    #expect((address.connections, address.taken, address.refused) == (1, 2, 1))
    client.finishSending()
    #expect(client.readToEnd() == "")
    #expect(eventually { harness.intake.snapshot.tcpAddresses.first?.connections == 0 })
    #expect(harness.intake.snapshot.tcpAddresses.first?.bytes == 19)
    #expect(harness.intake.snapshot.tcpSenders.isEmpty)
  }
}
