/// The signature a request came with, under Standard Webhooks: "v1," and the HMAC-SHA-256 of `id.timestamp.body` in
/// base64. The body is hashed as it comes, with every key, so that its end costs nothing more.
final class WebhookSignature {
  /// `webhook-id` of the request.
  let id: String
  /// Its signatures of version 1 as they were given.
  private let given: [[UInt8]]
  private let signers: [(key: HeldWebhookKey, signer: MessageSigner)]

  /// More of them are not looked at.
  private static let givenMax = 32
  private static let version = "v1,"

  /// - Parameters:
  ///   - id: `webhook-id`.
  ///   - timestamp: as it stands in `webhook-timestamp`.
  ///   - signatures: `webhook-signature`: several, with blanks between them.
  ///   - keys: those that may have made one of them.
  init(id: String, timestamp: String, signatures: String, keys: [HeldWebhookKey]) {
    self.id = id
    given = signatures.split(separator: " ").filter { $0.hasPrefix(Self.version) }
      .prefix(Self.givenMax).map { Array($0.dropFirst(Self.version.count).utf8) }
    signers = keys.compactMap { key in MessageSigner(key: key.secret).map { (key, $0) } }
    let start = Array("\(id).\(timestamp).".utf8)
    unsafe start.withUnsafeBytes { unsafe update($0) }
  }

  /// Whether there is anything to check.
  var isOfKnownVersion: Bool { !given.isEmpty }

  func update(_ bytes: UnsafeRawBufferPointer) {
    for (_, signer) in signers { unsafe signer.update(bytes) }
  }

  /// The body is over: the key that one of the signatures was made with, one that has not ended first. Call it once.
  func signer(atWallMilliseconds wall: Int64) -> HeldWebhookKey? {
    var found: [HeldWebhookKey] = []
    for (key, signer) in signers {
      let expected = signer.finish()
      // All are compared, so that the time tells nothing.
      let isRight = given.map { SecretBytes.areEqual($0, expected) }.contains(true)
      if isRight { found.append(key) }
    }
    return found.first { !$0.hasEnded(atWallMilliseconds: wall) } ?? found.first
  }
}
