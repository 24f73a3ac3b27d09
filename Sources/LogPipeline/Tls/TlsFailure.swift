/// Why a sender's TLS came to nothing. Nothing of what it sent was taken.
package struct TlsFailure: Equatable, Sendable {
  /// The values of a metric's label.
  package enum Kind: String, CaseIterable, Sendable {
    /// The first bytes are no TLS.
    case plain
    /// The handshake was not over in time.
    case timeout
    /// Neither version nor cipher in common.
    case parameters
    case noCertificate = "no_certificate"
    case untrustedCertificate = "untrusted_certificate"
    /// The sender ended it with an alert: mostly it does not trust our certificate.
    case refusedBySender = "refused_by_sender"
    /// The sender closed the connection: also what is left of an alert that its reset overtook.
    case left
    case broken
  }

  package let kind: Kind
  /// For the log: what GnuTLS or the sender said.
  package let detail: String

  package init(_ kind: Kind, _ detail: String) { (self.kind, self.detail) = (kind, detail) }

  /// What is wrong and what to do about it; `input` is "tcp" or "webhook".
  func explanation(input: String) -> String {
    let port = input == "tcp" ? "TCP" : "webhook"
    return switch kind {
    case .plain:
      "A sender speaks without TLS to the \(port) port, which takes TLS alone; nothing of it was taken. Turn TLS on in the sender, or set inputs.\(input).tls: off."
    case .timeout:
      "A sender did not finish its TLS handshake in time (inputs.tls.handshake_time); its connection was closed."
    case .parameters:
      "A sender has no TLS version or cipher in common with the \(port) port; nothing of it was taken. Let it speak TLS 1.2 or later (inputs.tls.version_min)."
    case .noCertificate:
      "A sender shows no client certificate, and inputs.tls.client_ca asks for one; nothing of it was taken. Give it a certificate from that authority, or set inputs.\(input).tls: on."
    case .untrustedCertificate:
      "A sender's client certificate is not to be trusted; nothing of it was taken. Give it one that counts now, is meant for clients, and comes from an authority in inputs.tls.client_ca."
    case .refusedBySender:
      "A sender broke the TLS handshake off; mostly it does not trust our certificate. Give it the authority of inputs.tls.cert, and let that file hold the certificates in between, too."
    case .left:
      "A sender closed its connection within the TLS handshake: it was stopped, or it does not trust our certificate. Then give it the authority of inputs.tls.cert."
    case .broken:
      "A sender's TLS handshake failed; nothing of it was taken."
    }
  }
}
