import LogPipeline
import TestSupport
import Testing

/// Plays one row against an intake with the real processor, while a good sender beside it goes on.
final class HostileTcpStage {
  private let row: HostileTcpRow
  private let harness: IntakeHarness
  private let certificates: TestCertificates?
  private let good: any GoodSender
  private var goodSent: UInt64 = 0

  protocol GoodSender {
    func sendLine(_ text: String) -> Bool
  }

  init(_ row: HostileTcpRow) throws {
    self.row = row
    let certificates: TestCertificates?
    let use: TlsUse
    switch row.port {
    case .plain: (certificates, use) = (nil, .off)
    case .rawAtTls, .tls: (certificates, use) = (try TestCertificates(), .server)
    case .mutualTls: (certificates, use) = (try TestCertificates(), .mutual)
    }
    self.certificates = certificates
    var rules = try EventBench.rules()
    rules.lineBytesMax = row.lineBytesMax
    let processor = try EventProcessor(
      rules: rules, prices: try #require(EventBench.prices), clock: SystemClock(), intake: 0)
    harness = try IntakeHarness(processor: processor) {
      $0.lineBytesMax = row.lineBytesMax
      $0.tcp?.connectionsPerAddressMax = row.connectionsPerAddressMax
      $0.tcp?.lingerMax = .milliseconds(300)
      if let certificates { $0.useTls(certificates, tcp: use, webhook: .off) }
      $0.tls?.handshakeMax = row.handshakeMax
    }
    let port = harness.intake.tcpPort ?? 0
    if let certificates {
      good = try TlsClient(port: port, identity: try certificates.client("good"))
    } else {
      good = try LoopbackClient(port: port)
    }
  }

  func play() throws {
    try serveGoodSender()
    switch row.port {
    case .plain, .rawAtTls: try playPlain()
    case .tls(let doing), .mutualTls(let doing): try playTls(doing)
    }
    try serveGoodSender()
    let expected = row.accepted + goodSent
    #expect(
      eventually { harness.intake.snapshot.accepted == expected }, "\(harness.intake.snapshot)")
    let refusals = row.refused.values.reduce(0, +)
    #expect(
      eventually { harness.intake.snapshot.refused == refusals }, "\(harness.intake.snapshot)")
    for (index, reason) in Refusal.Reason.allCases.enumerated() {
      #expect(
        harness.intake.snapshot.refusedByReason[index] == row.refused[reason] ?? 0, "\(reason)")
    }
    for (name, value, expected) in row.counters {
      #expect(
        eventually { value(harness.intake.snapshot) == expected },
        "\(name): \(value(harness.intake.snapshot)), not \(expected)")
    }
    // Whatever it did, nothing of it stays.
    #expect(eventually { harness.intake.snapshot.partialBytes == 0 })
    #expect(harness.intake.snapshot.inHand == 0)
    #expect(harness.stop(reading: .milliseconds(20)))
  }

  /// The good sender is served at once, whatever goes on beside it.
  private func serveGoodSender() throws {
    goodSent += 1
    let before = harness.intake.snapshot.accepted
    #expect(good.sendLine("{\"good\":\(goodSent)}\n"))
    #expect(eventually { harness.intake.snapshot.accepted > before }, "the good sender waits")
  }

  private func playPlain() throws {
    let client = try harness.tcp()
    let flood = try (0..<row.flood).map { _ in try harness.tcp() }
    for piece in row.pieces { client.send(piece) }
    switch row.ending {
    case .finished:
      client.finishSending()
      expectAnswer(client.readToEnd())
    case .closedByAgent:
      expectAnswer(client.readToEnd())
    case .reset:
      // What the kernel still has would go with the reset.
      let bytes = UInt64(row.pieces.joined().count)
      _ = eventually { harness.intake.snapshot.tcpBytes >= bytes }
      client.reset()
    case .open:
      break
    }
    for one in flood.dropFirst(max(0, (row.connectionsPerAddressMax ?? .max) - 2)) {
      #expect(one.readToEnd() == "")
    }
    if row.ending == .open {
      let expected = row.accepted + goodSent
      #expect(eventually { harness.intake.snapshot.accepted == expected })
      client.finishSending()
      _ = client.readToEnd()
    }
  }

  private func playTls(_ doing: HostileTcpRow.TlsDoing) throws {
    let client: TlsClient
    do {
      client = try TlsClient(
        port: harness.intake.tcpPort ?? 0, identity: try identity(doing.identity),
        priorities: doing.priorities)
    } catch let error as TlsClient.HandshakeFailed {
      #expect(doing.handshakeFails, "\(error)")
      return
    }
    for (index, piece) in row.pieces.enumerated() {
      client.send(piece, recordBytes: doing.recordBytes)
      if index == 0, doing.renewsKeys { _ = client.renewKeys() }
    }
    if !doing.past.isEmpty { try client.sendPast(doing.past) }
    if doing.endsWithoutNotice { client.endWithoutNotice() } else { client.finish() }
    expectAnswer(client.receiveAll())
  }

  private func expectAnswer(_ answer: String?) {
    guard let expected = row.answer else { return }
    #expect(answer?.hasPrefix(expected) == true, "\(answer ?? "a reset or an alert")")
  }

  private func identity(
    _ wanted: HostileTcpRow.TlsDoing.Identity?
  ) throws -> TestCertificates.Files? {
    guard let certificates, let wanted else { return nil }
    return switch wanted {
    case .good: try certificates.client("also-good")
    case .stranger: try certificates.client("stranger", from: try certificates.otherAuthority())
    case .ended: try certificates.client("ended", days: -1)
    case .forServers: try certificates.client("server-only", forServers: true)
    }
  }
}

extension LoopbackClient: HostileTcpStage.GoodSender {
  func sendLine(_ text: String) -> Bool { send(text) }
}

extension TlsClient: HostileTcpStage.GoodSender {
  func sendLine(_ text: String) -> Bool { send(text) }
}
