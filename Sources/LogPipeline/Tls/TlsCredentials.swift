import CGnutls

/// A certificate chain with its key, and the authorities that senders' certificates come from: read once, never changed.
/// A renewed certificate is a new object; sessions keep theirs.
@safe package final class TlsCredentials: @unchecked Sendable {
  // @unchecked Sendable: nothing changes after init, and GnuTLS lets sessions of several threads share both handles.
  let raw: gnutls_certificate_credentials_t
  let priorities: gnutls_priority_t
  /// The certificate's subject, "CN=shipper.example".
  let subject: String
  /// When the first certificate of the chain ends, in seconds since 1970.
  let endSeconds: Int64
  /// How long that one counts in all.
  let lifetimeSeconds: Int64
  /// Whether there are authorities to check senders by.
  let hasAuthorities: Bool

  /// A larger file is no certificate.
  private static let fileBytesMax = 1 << 20
  private static let chainMax: UInt32 = 16

  /// Reads the files.
  init(_ settings: TlsSettings) throws(TlsError) {
    let (key, certificate) = (
      try Self.read("inputs.tls.key", settings.keyFile),
      try Self.read("inputs.tls.cert", settings.certificateFile)
    )
    try Self.check(certificate, key, settings)
    var made: gnutls_certificate_credentials_t?
    var order: gnutls_priority_t?
    let isMade =
      unsafe gnutls_certificate_allocate_credentials(&made) == GNUTLS_E_SUCCESS
      && gnutls_priority_init(&order, settings.priorities, nil) == GNUTLS_E_SUCCESS
    guard isMade, let credentials = unsafe made, let priorities = unsafe order else {
      unsafe made.map { unsafe gnutls_certificate_free_credentials($0) }
      throw TlsError(
        setting: "inputs.tls.cert", path: settings.certificateFile,
        reason: "GnuTLS has no memory, or not the ciphers it needs",
        remedy: "Start the agent again; mind the system's settings for GnuTLS.")
    }
    do throws(TlsError) {
      unsafe try Self.fill(credentials, certificate, key, settings)
    } catch {
      unsafe gnutls_certificate_free_credentials(credentials)
      unsafe gnutls_priority_deinit(priorities)
      throw error
    }
    unsafe (raw, self.priorities) = (credentials, priorities)
    hasAuthorities = settings.clientCaFile != nil
    subject = unsafe Self.subject(of: credentials)
    unsafe (endSeconds, lifetimeSeconds) = Self.end(of: credentials)
  }

  deinit {
    unsafe gnutls_certificate_free_credentials(raw)
    unsafe gnutls_priority_deinit(priorities)
  }

  private static func read(_ setting: String, _ path: String) throws(TlsError) -> [UInt8] {
    do throws(SystemError) {
      return try FileSystem.read(path, limitBytes: fileBytesMax)
    } catch {
      throw TlsError(
        setting: setting, path: path, reason: "it can not be read: \(error)",
        remedy: "Let the agent's user read it, or correct \(setting).")
    }
  }

  private static func check(
    _ certificate: [UInt8], _ key: [UInt8], _ settings: TlsSettings
  ) throws(TlsError) {
    let (certificateText, keyText) = (
      String(decoding: certificate, as: UTF8.self), String(decoding: key, as: UTF8.self)
    )
    guard certificateText.contains("-----BEGIN CERTIFICATE") else {
      throw TlsError(
        setting: "inputs.tls.cert", path: settings.certificateFile,
        reason: "there is no PEM certificate in it",
        remedy: "Write the certificate there in PEM (-----BEGIN CERTIFICATE-----).")
    }
    guard keyText.contains("PRIVATE KEY-----") else {
      throw TlsError(
        setting: "inputs.tls.key", path: settings.keyFile,
        reason: "there is no PEM private key in it",
        remedy: "Write the key there in PEM (-----BEGIN PRIVATE KEY-----).")
    }
    guard !keyText.contains("ENCRYPTED") else {
      throw TlsError(
        setting: "inputs.tls.key", path: settings.keyFile, reason: "the key has a passphrase",
        remedy:
          "Write it without one (openssl pkey -in KEY -out NEW), readable by the agent's user alone."
      )
    }
  }

  private static func fill(
    _ credentials: gnutls_certificate_credentials_t, _ certificate: [UInt8], _ key: [UInt8],
    _ settings: TlsSettings
  ) throws(TlsError) {
    let status = unsafe withDatum(certificate) { certificate in
      unsafe withDatum(key) { key in
        unsafe gnutls_certificate_set_x509_key_mem2(
          credentials, &certificate, &key, GNUTLS_X509_FMT_PEM, nil, 0)
      }
    }
    guard status >= 0 else {
      let isMismatch = status == GNUTLS_E_CERTIFICATE_KEY_MISMATCH
      throw TlsError(
        setting: "inputs.tls.cert", path: settings.certificateFile,
        reason: isMismatch
          ? "its first certificate does not belong to the key in \(settings.keyFile)"
          : "GnuTLS can not use it with the key in \(settings.keyFile): \(text(of: status))",
        remedy:
          "Put our own certificate first, then those between it and the authority, and its key into inputs.tls.key."
      )
    }
    guard let path = settings.clientCaFile else { return }
    let authorities = try read("inputs.tls.client_ca", path)
    let count = unsafe withDatum(authorities) {
      unsafe gnutls_certificate_set_x509_trust_mem(credentials, &$0, GNUTLS_X509_FMT_PEM)
    }
    guard count > 0 else {
      throw TlsError(
        setting: "inputs.tls.client_ca", path: path,
        reason: "there is no PEM certificate in it that GnuTLS can use",
        remedy: "Write the authority's certificate there in PEM.")
    }
  }

  /// What GnuTLS calls an error of its own.
  static func text(of status: Int32) -> String {
    unsafe gnutls_strerror(status).map { unsafe String(cString: $0) } ?? "error \(status)"
  }

  private static func subject(of credentials: gnutls_certificate_credentials_t) -> String {
    var text = [CChar](repeating: 0, count: 512)
    guard unsafe cgnutls_subject(credentials, &text, text.count) != 0 else { return "?" }
    return String(
      decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// Of the certificate in the chain that ends first.
  private static func end(of credentials: gnutls_certificate_credentials_t) -> (Int64, Int64) {
    var (end, lifetime) = (Int64.max, Int64.max)
    var (from, to): (Int64, Int64) = (0, 0)
    for number in 0..<chainMax {
      guard unsafe cgnutls_times(credentials, number, &from, &to) != 0 else { break }
      if to < end { (end, lifetime) = (to, to - from) }
    }
    return (end, lifetime)
  }

  private static func withDatum<Result>(
    _ bytes: [UInt8], _ body: (inout gnutls_datum_t) -> Result
  ) -> Result {
    unsafe bytes.withUnsafeBytes { bytes in
      var datum = unsafe gnutls_datum_t(
        data: UnsafeMutablePointer(
          mutating: bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)),
        size: UInt32(bytes.count))
      return unsafe body(&datum)
    }
  }
}
