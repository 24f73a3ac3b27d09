import CGnutls

/// Comparing secrets, and naming them without telling them.
package enum SecretBytes {
  /// Whether both are the same, in a time that does not tell how much of them is; two empty ones never are.
  package static func areEqual(_ one: [UInt8], _ other: [UInt8]) -> Bool {
    guard one.count == other.count, !one.isEmpty else { return false }
    return unsafe one.withUnsafeBytes { one in
      unsafe other.withUnsafeBytes { other in
        unsafe gnutls_memcmp(one.baseAddress, other.baseAddress, one.count) == 0
      }
    }
  }

  /// SHA-256, so that what belongs to a secret can be told apart without keeping it.
  package static func fingerprint(of bytes: [UInt8]) -> [UInt8] {
    var digest = [UInt8](repeating: 0, count: 32)
    let status = unsafe gnutls_hash_fast(GNUTLS_DIG_SHA256, bytes, bytes.count, &digest)
    invariant(status == 0, "SHA-256 takes any bytes, but answered \(status)")
    return digest
  }
}
