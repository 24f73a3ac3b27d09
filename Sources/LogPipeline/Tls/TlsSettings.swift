/// What the inputs need for TLS: one certificate for TCP and the webhook alike.
package struct TlsSettings: Equatable, Sendable {
  /// The lowest version a sender may speak.
  package enum Version: String, CaseIterable, Sendable {
    case tls12 = "1.2"
    case tls13 = "1.3"
  }

  /// PEM: our certificate, then those between it and the authority.
  package var certificateFile: String
  /// PEM, without a passphrase; may be the same file.
  package var keyFile: String
  /// PEM: the authorities that senders' certificates must come from; nil: they need none.
  package var clientCaFile: String?
  package var versionMin = Version.tls12
  /// A handshake takes no longer.
  package var handshakeMax: Duration = .seconds(10)
  /// Of each input at a time.
  package var handshakesMax = 128

  package init(certificateFile: String, keyFile: String) {
    (self.certificateFile, self.keyFile) = (certificateFile, keyFile)
  }

  /// The files it names, by their settings.
  var files: [(setting: String, path: String)] {
    [
      ("inputs.tls.cert", certificateFile), ("inputs.tls.key", keyFile),
      ("inputs.tls.client_ca", clientCaFile),
    ].compactMap { setting, path in path.map { (setting, $0) } }
  }

  /// No key exchange that a key which leaks later undoes, and no tickets, see `cgnutls_start_server`.
  var priorities: String {
    let versions = versionMin == .tls13 ? "+VERS-TLS1.3" : "+VERS-TLS1.3:+VERS-TLS1.2"
    return "NORMAL:-VERS-ALL:\(versions):-RSA:%NO_TICKETS"
  }
}
