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
  /// Which intake this is: its number stands in each of its blocks.
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

  package init(tcp: TcpInputConfiguration? = nil, webhook: WebhookConfiguration? = nil) {
    self.tcp = tcp
    self.webhook = webhook
  }
}
