import CGnutls

/// What a sender under Standard Webhooks signs with: "whsec_" and a key in base64.
package enum SigningSecret {
  /// The specification's least, 192 bits.
  package static let keyBytesMin = 24
  private static let prefix = "whsec_"

  /// What such a secret must look like, for messages.
  package static let form = "whsec_ and at least \(keyBytesMin) bytes in base64"

  /// The key itself; nil when the text is no such secret. The prefix may be missing.
  package static func key(of text: String) -> [UInt8]? {
    var encoded = Array((text.hasPrefix(prefix) ? text.dropFirst(prefix.count) : text[...]).utf8)
    var decoded = unsafe gnutls_datum_t()
    let status = unsafe encoded.withUnsafeMutableBufferPointer { bytes in
      var input = unsafe gnutls_datum_t(data: bytes.baseAddress, size: UInt32(bytes.count))
      return unsafe gnutls_base64_decode2(&input, &decoded)
    }
    guard status == 0, let bytes = unsafe decoded.data else { return nil }
    defer { unsafe cgnutls_free(bytes) }
    let key = unsafe Array(UnsafeBufferPointer(start: bytes, count: Int(decoded.size)))
    return key.count >= keyBytesMin ? key : nil
  }
}
