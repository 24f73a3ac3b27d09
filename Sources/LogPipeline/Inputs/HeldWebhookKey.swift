/// One key as it is now: the secret that was read last. Confined to the intake's thread.
final class HeldWebhookKey {
  let key: WebhookKey
  private(set) var secret: [UInt8]
  /// Tells what was sent under this key from what was sent under others.
  private(set) var fingerprint: [UInt8]
  private var mark: FileStatus?
  private var expiryPace = LogPace()
  private var failurePace = LogPace()

  init(_ key: WebhookKey) {
    self.key = key
    secret = key.secret
    fingerprint = SecretBytes.fingerprint(of: key.secret)
  }

  func hasEnded(atWallMilliseconds wall: Int64) -> Bool {
    key.endDay.map { wall >= Int64($0) * 86_400_000 } ?? false
  }

  /// Reads the file again if it is another one than last time, or in any case. What can not be read leaves the secret
  /// that was read before in use: a file that is just being written must not shut its senders out.
  func refresh(inAnyCase: Bool, at now: MonotonicTime) {
    guard let file = key.file else { return }
    do {
      let found = try FileSystem.status(of: file.path)
      guard inAnyCase || found != mark else { return }
      let read = try file.read()
      mark = found
      guard read != secret else { return }
      (secret, fingerprint) = (read, SecretBytes.fingerprint(of: read))
      Log.info("A key of the webhook was read anew.", ("key", key.name))
    } catch {
      guard failurePace.isDue(at: now) else { return }
      Log.warning(
        "A key of the webhook can not be read again; the one read before stays in use. Mend the file, or take the key out of the configuration and restart.",
        ("key", key.name), ("why", "\(error)"))
    }
  }

  /// A request came with this key, which has ended.
  func tellExpiry(peer: String, at now: MonotonicTime) {
    guard expiryPace.isDue(at: now) else { return }
    Log.warning(
      "A webhook request was refused, its key has ended. Give the sender a new one, or move the key's end.",
      ("key", key.name), ("until", endText), ("peer", peer))
  }

  private var endText: String {
    key.endDay.map { String(UtcTime(milliseconds: Int64($0) * 86_400_000).text.prefix(10)) } ?? ""
  }
}
