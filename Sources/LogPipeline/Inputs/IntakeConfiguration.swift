/// Everything an intake can be told; the defaults are the documented ones.
package struct IntakeConfiguration: Sendable {
  /// nil: no TCP port.
  package var tcp: TcpInputConfiguration?
  /// nil: no webhook port.
  package var webhook: WebhookConfiguration?
  /// The longest line, array element or body object, in bytes.
  package var lineBytesMax = 4 << 20
  /// All partial lines, elements and objects of all connections together, in bytes.
  package var budgetBytes = 24 << 20
  /// The certificate of the inputs that use TLS.
  package var tls: TlsSettings?
  /// How many intakes listen on the same ports, a thread each.
  package var threads = 1
  /// Which of them this is, from 0: its number stands in each of its blocks.
  package var intake = 0

  /// What of the budget must be there for a body that is kept whole.
  var signedBytesMax: Int {
    guard let webhook, !webhook.hmac.isEmpty else { return 0 }
    return min(webhook.signedBytesMax, webhook.wireBytesMax)
  }

  /// What a body of spans may have: what the budget leaves beside one event and a read.
  var tracesBytesMax: Int {
    let room = budgetBytes - lineBytesMax - InputBudget.readBytesMax
    return min(webhook?.tracesBytesMax ?? 0, max(room, 64 << 10))
  }

  /// As its thread is called.
  var name: String { threads == 1 ? "intake" : "intake \(intake + 1)" }

  /// What one intake of several is told. It alone decides about these limits, so each has an even part of them.
  func part(_ number: Int, of threads: Int) -> IntakeConfiguration {
    var part = self
    (part.intake, part.threads) = (number, threads)
    part.budgetBytes /= threads
    part.webhook?.connectionsMax = max(1, (webhook?.connectionsMax ?? 0) / threads)
    part.tls?.handshakesMax = max(1, (tls?.handshakesMax ?? 0) / threads)
    return part
  }

  package init(tcp: TcpInputConfiguration? = nil, webhook: WebhookConfiguration? = nil) {
    self.tcp = tcp
    self.webhook = webhook
  }
}
