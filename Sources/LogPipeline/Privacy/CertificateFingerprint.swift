import CGnutls

/// The SHA-256 of a certificate (DER), as `openssl x509 -fingerprint -sha256` and Elasticsearch print it at its first start.
package struct CertificateFingerprint: Equatable, Sendable, CustomStringConvertible {
  private let digest: [UInt8]

  /// 64 hexadecimal digits, with or without colons between pairs; nil otherwise.
  package init?(_ text: String) {
    let parts =
      text.contains(":") ? text.split(separator: ":", omittingEmptySubsequences: false) : []
    guard parts.isEmpty || parts.count == 32 && parts.allSatisfy({ $0.utf8.count == 2 }) else {
      return nil
    }
    let digits = text.filter { $0 != ":" }
    guard digits.utf8.count == 64 else { return nil }
    var bytes: [UInt8] = []
    var rest = digits[...]
    while !rest.isEmpty {
      guard rest.first?.isHexDigit == true, let byte = UInt8(rest.prefix(2), radix: 16) else {
        return nil
      }
      bytes.append(byte)
      rest = rest.dropFirst(2)
    }
    digest = bytes
  }

  /// Of a certificate in PEM; nil when it is none.
  package init?(pem: [UInt8]) {
    var decoded = unsafe gnutls_datum_t()
    let status = unsafe pem.withUnsafeBytes { bytes in
      var encoded = unsafe gnutls_datum_t(
        data: UnsafeMutablePointer(
          mutating: bytes.baseAddress?.assumingMemoryBound(to: UInt8.self)),
        size: UInt32(bytes.count))
      return unsafe gnutls_pem_base64_decode2("CERTIFICATE", &encoded, &decoded)
    }
    guard status == 0, let der = unsafe decoded.data else { return nil }
    defer { unsafe cgnutls_free(der) }
    var digest = [UInt8](repeating: 0, count: 32)
    let hashed = unsafe gnutls_hash_fast(GNUTLS_DIG_SHA256, der, Int(decoded.size), &digest)
    guard hashed == 0 else { return nil }
    self.digest = digest
  }

  package var description: String {
    digest.map { byte in
      let digits = String(byte, radix: 16, uppercase: true)
      return digits.utf8.count == 1 ? "0\(digits)" : digits
    }.joined(separator: ":")
  }
}
