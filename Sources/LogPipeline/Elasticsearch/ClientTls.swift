import CCurl

/// What this side needs for TLS: whom to trust, and who we are. libcurl reads the files at each handshake, so renewed ones
/// count from the next connection on. There is no way to trust everybody.
package struct ClientTls: Sendable {
  /// PEM file of the authorities to trust; nil: the system's.
  package var caFile: String?
  /// Trust the certificate with this fingerprint, and what it signed, alone.
  package var fingerprint: CertificateFingerprint?
  /// PEM files of a client certificate and its key.
  package var certificateFile: String?
  package var keyFile: String?

  package init() {}

  /// Who we are.
  func apply(_ set: (CURLoption, String) -> Void) {
    if let certificateFile { set(CURLOPT_SSLCERT, certificateFile) }
    if let keyFile { set(CURLOPT_SSLKEY, keyFile) }
  }

  /// The files it names, by their settings.
  var files: [(setting: String, path: String)] {
    [
      ("elasticsearch.tls.ca", caFile), ("elasticsearch.tls.cert", certificateFile),
      ("elasticsearch.tls.key", keyFile),
    ].compactMap { setting, path in path.map { (setting, $0) } }
  }
}
