import CGnutls

/// HMAC-SHA-256 of one message that comes in pieces, as base64 text.
@safe package final class MessageSigner {
  private let handle: gnutls_hmac_hd_t

  /// nil when the library has no memory for it.
  package init?(key: [UInt8]) {
    var made: gnutls_hmac_hd_t?
    let status = unsafe gnutls_hmac_init(&made, GNUTLS_MAC_SHA256, key, key.count)
    guard status == 0, let made = unsafe made else { return nil }
    unsafe handle = made
  }

  deinit { unsafe gnutls_hmac_deinit(handle, nil) }

  package func update(_ bytes: UnsafeRawBufferPointer) {
    guard let start = bytes.baseAddress else { return }
    let status = unsafe gnutls_hmac(handle, start, bytes.count)
    invariant(status == 0, "HMAC-SHA-256 takes any bytes, but answered \(status)")
  }

  /// The signature of all that came, 44 characters.
  package func finish() -> [UInt8] {
    var digest = [UInt8](repeating: 0, count: 32)
    unsafe gnutls_hmac_output(handle, &digest)
    var text = unsafe gnutls_datum_t()
    let status = unsafe digest.withUnsafeMutableBufferPointer { bytes in
      var input = unsafe gnutls_datum_t(data: bytes.baseAddress, size: UInt32(bytes.count))
      return unsafe gnutls_base64_encode2(&input, &text)
    }
    guard status == 0, let start = unsafe text.data else { return [] }
    defer { unsafe cgnutls_free(start) }
    return unsafe Array(UnsafeBufferPointer(start: start, count: Int(text.size)))
  }
}
