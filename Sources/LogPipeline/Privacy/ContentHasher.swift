import CGnutls

/// Keyed fingerprints (HMAC-SHA-256) of content. One per thread: it reuses one handle and remembers the newest user ids.
@safe package final class ContentHasher {
  private let handle: gnutls_hmac_hd_t
  private var digest = [UInt8](repeating: 0, count: 32)
  /// Fingerprints of short values met before; emptied when full, because senders choose the values.
  private var known: [[UInt8]: [UInt8]] = [:]

  private static let knownMax = 4096
  private static let knownBytesMax = 128

  /// Bytes of a fingerprint's text: 16 bytes of the HMAC in hexadecimal.
  package static let textBytes = 32

  package init(key: ContentKey) throws(PrivacyError) {
    var made: gnutls_hmac_hd_t?
    let status = unsafe gnutls_hmac_init(&made, GNUTLS_MAC_SHA256, key.secret, key.secret.count)
    guard status == 0, let made = unsafe made else {
      throw PrivacyError.library(operation: "HMAC-SHA-256", status: status)
    }
    unsafe handle = made
  }

  deinit { unsafe gnutls_hmac_deinit(handle, nil) }

  /// Adds bytes to the fingerprint that ``finish()`` will give.
  package func update(_ bytes: UnsafeRawBufferPointer) {
    let status = unsafe gnutls_hmac(handle, bytes.baseAddress, bytes.count)
    invariant(status == 0, "HMAC-SHA-256 takes any bytes, but answered \(status)")
  }

  /// The 32 bytes of the HMAC over all updates since the last one; the next starts anew.
  package func finish() -> [UInt8] {
    unsafe gnutls_hmac_output(handle, &digest)
    return digest
  }

  /// Appends the fingerprint over all updates as ``textBytes`` hexadecimal digits; the next starts anew.
  package func finishText(into text: inout [UInt8]) {
    unsafe withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Self.textBytes) { digits in
      guard let start = digits.baseAddress else { return }
      unsafe finishText(to: start)
      unsafe text.append(contentsOf: UnsafeBufferPointer(digits))
    }
  }

  /// Writes the fingerprint over all updates as ``textBytes`` hexadecimal digits; the next starts anew.
  package func finishText(to text: UnsafeMutablePointer<UInt8>) {
    unsafe withUnsafeTemporaryAllocation(of: UInt64.self, capacity: 4) { digest in
      unsafe gnutls_hmac_output(handle, digest.baseAddress)
      for index in 0..<2 { unsafe HexText.write(digest[index], to: text + index * 16) }
    }
  }

  /// The fingerprint of a short value, as text; those met lately are remembered. Only between fingerprints, not within one.
  package func hash(_ value: UnsafeRawBufferPointer) -> [UInt8] {
    let key = unsafe Array(value)
    if let found = known[key] { return found }
    unsafe update(value)
    var text: [UInt8] = []
    finishText(into: &text)
    guard key.count <= Self.knownBytesMax else { return text }
    if known.count == Self.knownMax { known.removeAll(keepingCapacity: true) }
    known[key] = text
    return text
  }
}
