import LogPipeline
import TestSupport

/// What senders do at a port that takes TLS alone.
enum HostileTlsRows {
  private typealias Doing = HostileTcpRow.TlsDoing
  private static let tls12 = "NORMAL:-VERS-ALL:+VERS-TLS1.2"
  private static let tls13 = "NORMAL:-VERS-ALL:+VERS-TLS1.3"

  private static func failed(_ kind: TlsFailure.Kind) -> @Sendable (IntakeSnapshot) -> UInt64 {
    { $0.tcpTls.failed(kind) }
  }

  private static func tls(
    _ name: String, mutual: Bool = false, accepted: UInt64 = 0, _ texts: [String] = [],
    answer: String? = "", _ change: (inout Doing) -> Void = { _ in }
  ) -> HostileTcpRow {
    var doing = Doing()
    change(&doing)
    return HostileTcpRow(name, accepted: accepted).with {
      $0.port = mutual ? .mutualTls(doing) : .tls(doing)
      $0.pieces = texts.map { Array($0.utf8) }
      $0.answer = answer
    }
  }

  static let rows: [HostileTcpRow] = [
    tls("records of one byte", accepted: 2, ["{\"n\":1}\r\n{\"n\":2}"]) { $0.recordBytes = 1 },
    tls(
      "a line over many records", accepted: 1,
      ["{\"v\":\"\(String(repeating: "x", count: 50_000))\"}\n"]
    ) {
      $0.recordBytes = 777
    },
    tls("no close_notify", accepted: 2, ["{\"n\":1}\n{\"n\":2}"], answer: nil) {
      $0.endsWithoutNotice = true
    },
    tls("TLS 1.0 is offered", answer: nil) {
      $0.priorities = "NORMAL:-VERS-ALL:+VERS-TLS1.0:%COMPAT"
      $0.handshakeFails = true
    }.counting("parameters", failed(.parameters), is: 1),
    tls("TLS 1.1 is offered", answer: nil) {
      $0.priorities = "NORMAL:-VERS-ALL:+VERS-TLS1.1:%COMPAT"
      $0.handshakeFails = true
    }.counting("parameters", failed(.parameters), is: 1),
    tls("a cipher without forward secrecy", answer: nil) {
      $0.priorities = "NORMAL:-VERS-ALL:+VERS-TLS1.2:-KX-ALL:+RSA"
      $0.handshakeFails = true
    }.counting("parameters", failed(.parameters), is: 1),
    tls("a second handshake in TLS 1.2", accepted: 1, ["{\"n\":1}\n", "{\"n\":2}\n"], answer: nil) {
      $0.priorities = tls12
      $0.renewsKeys = true
    }.counting("renegotiations", { $0.tcpTls.renegotiations }, is: 1),
    tls("new keys in TLS 1.3", accepted: 2, ["{\"n\":1}\n", "{\"n\":2}\n"]) {
      $0.priorities = tls13
      $0.renewsKeys = true
    },
    tls("garbage between records", accepted: 1, ["{\"n\":1}\n"], answer: nil) {
      $0.past = [UInt8](repeating: 0xAA, count: 64)
      $0.endsWithoutNotice = true
    }.counting("broken", { $0.tcpTls.broken }, is: 1),
    tls("a record with a wrong checksum", accepted: 1, ["{\"n\":1}\n"], answer: nil) {
      $0.past = [0x17, 0x03, 0x03, 0x00, 0x30] + [UInt8](repeating: 0x55, count: 0x30)
      $0.endsWithoutNotice = true
    }.counting("broken", { $0.tcpTls.broken }, is: 1),
    tls("a record cut short", accepted: 1, ["{\"n\":1}\n"], answer: nil) {
      $0.past = [0x17, 0x03, 0x03, 0x01, 0x00, 0x01, 0x02]
      $0.endsWithoutNotice = true
    },
    tls("HTTP within TLS", ["GET / HTTP/1.1\r\n\r\n"], answer: "HTTP/1.1 400")
      .counting("wrong protocol", { $0.tcpWrongProtocol }, is: 1),
    tls("Beats within TLS", ["2W\u{0}\u{0}\u{0}\u{1}"])
      .counting("wrong protocol", { $0.tcpWrongProtocol }, is: 1),
    tls("no client certificate where one is asked for", mutual: true, ["{\"n\":1}\n"], answer: nil)
      .counting("no certificate", failed(.noCertificate), is: 1),
    tls("a client certificate from a wrong authority", mutual: true, ["{\"n\":1}\n"], answer: nil) {
      $0.identity = .stranger
    }.counting("untrusted", failed(.untrustedCertificate), is: 1),
    tls("a client certificate that has ended", mutual: true, ["{\"n\":1}\n"], answer: nil) {
      $0.identity = .ended
    }.counting("untrusted", failed(.untrustedCertificate), is: 1),
    tls("a server's certificate shown by a client", mutual: true, ["{\"n\":1}\n"], answer: nil) {
      $0.identity = .forServers
    }.counting("untrusted", failed(.untrustedCertificate), is: 1),
    tls("a good client certificate", mutual: true, accepted: 1, ["{\"n\":1}\n"]) {
      $0.identity = .good
    },
    HostileTcpRow("plain lines at a TLS port", "{\"n\":1}\n").with { $0.port = .rawAtTls }
      .counting("plain", failed(.plain), is: 1),
    HostileTcpRow("HTTP at a TLS port", "GET / HTTP/1.1\r\n\r\n").with {
      $0.port = .rawAtTls
      $0.answer = "HTTP/1.1 400"
    }.counting("plain", failed(.plain), is: 1),
    HostileTcpRow("a handshake that stops after its first byte").with {
      $0.port = .rawAtTls
      $0.handshakeMax = .seconds(3)
      $0.pieces = [[0x16]]
      $0.ending = .closedByAgent
    }.counting("timeout", failed(.timeout), is: 1),
    HostileTcpRow("a connection without a byte at a TLS port").with {
      $0.port = .rawAtTls
      $0.handshakeMax = .seconds(3)
      $0.ending = .closedByAgent
    }.counting("timeout", failed(.timeout), is: 1),
    HostileTcpRow("a record of the handshake with nonsense in it").with {
      $0.port = .rawAtTls
      $0.pieces = [[0x16, 0x03, 0x01, 0x00, 0x20] + [UInt8](repeating: 0xEE, count: 0x20)]
      $0.answer = nil
    }.counting("left", failed(.left), is: 1),
    HostileTcpRow("a hello with nonsense in it").with {
      $0.port = .rawAtTls
      $0.pieces = [
        [0x16, 0x03, 0x01, 0x00, 0x20, 0x01, 0x00, 0x00, 0x1C]
          + [UInt8](repeating: 0xEE, count: 0x1C)
      ]
      $0.answer = nil
    }.counting(
      "no TLS came of it", { $0.tcpTls.failed(.broken) + $0.tcpTls.failed(.parameters) }, is: 1),
    HostileTcpRow("it leaves within the handshake").with {
      $0.port = .rawAtTls
      $0.pieces = [[0x16, 0x03, 0x01]]
    }.counting("left", failed(.left), is: 1),
  ]
}
