import CXxhash

/// A signed request as its repeat is known by: its webhook-id under its key, and its body.
///
/// The body counts, since ids are not always ids: a sender that gives every request the same one would lose all but the
/// first.
struct WebhookMessage: Hashable, Sendable {
  struct Id: Hashable, Sendable {
    let high: UInt64
    let low: UInt64
  }
  let id: Id
  let body: Id

  /// `keyFingerprint` keeps the ids of different senders apart.
  init(id: String, keyFingerprint: [UInt8], body: UnsafeRawBufferPointer) {
    let name = SecretBytes.fingerprint(of: keyFingerprint + Array(id.utf8))
    self.id = unsafe name.withUnsafeBytes {
      unsafe Id(
        high: $0.loadUnaligned(fromByteOffset: 0, as: UInt64.self),
        low: $0.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
    }
    let hash = unsafe cxxhash_128(body.baseAddress, body.count, 0)
    self.body = Id(high: hash.high64, low: hash.low64)
  }
}
