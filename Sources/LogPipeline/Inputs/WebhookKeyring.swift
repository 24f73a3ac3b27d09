/// The keys that open the webhook, as their files say now. Confined to the intake's thread.
final class WebhookKeyring {
  let bearer: [HeldWebhookKey]
  let hmac: [HeldWebhookKey]
  private var lookedAt: MonotonicTime?
  private var reloadsSeen = 0

  /// How often files are looked at while requests come.
  private static let lookInterval: Duration = .seconds(1)

  init(bearer: [WebhookKey], hmac: [WebhookKey]) {
    self.bearer = bearer.map(HeldWebhookKey.init)
    self.hmac = hmac.map(HeldWebhookKey.init)
    for (later, key) in self.bearer.enumerated() {
      if let first = self.bearer[..<later].first(where: { $0.secret == key.secret }) {
        Log.warning(
          "Two keys of the webhook are the same token: the first counts.",
          ("key", first.key.name), ("same", key.key.name))
      }
    }
  }

  /// Whether anybody may post.
  var isEmpty: Bool { bearer.isEmpty && hmac.isEmpty }

  /// Call it before keys are used. `reloads` counts what the operator asked for: then every file is read.
  func refresh(at now: MonotonicTime, reloads: Int) {
    let isAsked = reloads != reloadsSeen
    guard isAsked || now.since(lookedAt ?? MonotonicTime(nanoseconds: 0)) >= Self.lookInterval
    else { return }
    (lookedAt, reloadsSeen) = (now, reloads)
    for key in bearer + hmac { key.refresh(inAnyCase: isAsked, at: now) }
  }
}
