/// The certificate with a configured fingerprint, asked of a host: it then is the authority that its connections are
/// checked against, as if `elasticsearch.tls.ca` named it.
///
/// The handshake that fetches it checks nothing and sends no request and no credentials; every later one is checked in full.
/// Elastic's own clients know this as `ca_trusted_fingerprint`.
enum PinnedCertificate {
  /// - Returns: its PEM text; or why it is not to be had.
  static func fetch(
    from host: String, _ fingerprint: CertificateFingerprint, proxy: String?, tls: ClientTls
  ) -> Result<[UInt8], TransportFailure> {
    PresentedCertificates.fetch(from: host, proxy: proxy, tls: tls).flatMap { certificates in
      var seen: [String] = []
      for pem in certificates {
        guard let found = CertificateFingerprint(pem: pem) else { continue }
        if found == fingerprint { return .success(pem) }
        seen.append(found.description)
      }
      return .failure(
        TransportFailure(
          kind: .tls,
          detail:
            "none of the \(seen.count) certificates presented has elasticsearch.tls.fingerprint; they have \(seen.joined(separator: ", "))",
          mayBeStored: false))
    }
  }
}
