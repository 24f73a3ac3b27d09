// Who may post. What a request presents is checked: a signature where it has one, else its token.
extension WebhookGate {
  func admit(
    _ head: WebhookHead, peer: String, at now: MonotonicTime, wallMilliseconds wall: Int64
  ) -> WebhookJudgement {
    if keys.isEmpty { return .admitted(.open) }
    if !keys.hmac.isEmpty, head.headers["webhook-signature"] != nil {
      return signed(head, wallMilliseconds: wall)
    }
    guard let header = head.headers["authorization"], !keys.bearer.isEmpty else {
      return .refused(unauthorized("No key came with the request. \(wanted)", .keyMissing))
    }
    guard let key = keyOf(header, wallMilliseconds: wall) else {
      return .refused(unauthorized("The bearer token is wrong. \(wanted)", .keyWrong))
    }
    if key.hasEnded(atWallMilliseconds: wall) {
      key.tellExpiry(peer: peer, at: now)
      return .refused(expired)
    }
    return .admitted(.key(key))
  }

  /// What the sender is told whose key was right once.
  var expired: WebhookAnswer {
    unauthorized("The key has ended. Ask for a new one.", .keyExpired)
  }

  var wronglySigned: WebhookAnswer {
    unauthorized(
      "The signature is wrong. It is v1, and the base64 of the HMAC-SHA-256 of webhook-id.webhook-timestamp.body, over the body's bytes as they are sent.",
      .signatureWrong)
  }

  private func signed(_ head: WebhookHead, wallMilliseconds wall: Int64) -> WebhookJudgement {
    guard let id = head.headers["webhook-id"], !id.isEmpty,
      let timestamp = head.headers["webhook-timestamp"],
      let signatures = head.headers["webhook-signature"]
    else {
      return .refused(unauthorized("A part of the signature is missing. \(wanted)", .keyMissing))
    }
    guard let seconds = Self.seconds(timestamp) else {
      return .refused(
        unauthorized(
          "webhook-timestamp is no number of seconds since 1970.", .signedAge))
    }
    let ageSeconds = wall / 1000 - seconds
    if Duration.seconds(abs(ageSeconds)) > configuration.signedAgeMax {
      return .refused(
        unauthorized(
          "webhook-timestamp is \(abs(ageSeconds)) s \(ageSeconds > 0 ? "old" : "ahead"); \(configuration.signedAgeMax) are allowed (inputs.webhook.signed_age_max). Sign each attempt anew, and set the clocks.",
          .signedAge))
    }
    let signature = WebhookSignature(
      id: id, timestamp: timestamp, signatures: signatures, keys: keys.hmac)
    guard signature.isOfKnownVersion else { return .refused(wronglySigned) }
    return .admitted(.signed(signature))
  }

  /// Digits alone, few enough for a date of any calendar.
  private static func seconds(_ text: String) -> Int64? {
    guard (1...12).contains(text.utf8.count),
      text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
    else { return nil }
    return Int64(text)
  }

  /// The key of an Authorization header. All are compared, so that the time tells nothing.
  private func keyOf(_ header: String, wallMilliseconds wall: Int64) -> HeldWebhookKey? {
    guard header.utf8.count > 7, header.prefix(7).lowercased() == "bearer " else { return nil }
    let given = Array(header.dropFirst(7).drop { $0 == " " }.utf8)
    let found = keys.bearer.filter { SecretBytes.areEqual($0.secret, given) }
    return found.first { !$0.hasEnded(atWallMilliseconds: wall) } ?? found.first
  }

  private var wanted: String {
    let bearer = "Authorization: Bearer and a token of inputs.webhook.bearer"
    let hmac =
      "webhook-id, webhook-timestamp and webhook-signature (Standard Webhooks) with a key of inputs.webhook.hmac"
    if keys.hmac.isEmpty { return "Send \(bearer)." }
    return keys.bearer.isEmpty ? "Send \(hmac)." : "Send \(bearer), or \(hmac)."
  }

  func unauthorized(_ why: String, _ fault: WebhookFault) -> WebhookAnswer {
    var answer = WebhookAnswer(401, why, fault)
    answer.headers = [("WWW-Authenticate", keys.bearer.isEmpty ? "StandardWebhooks" : "Bearer")]
    return answer
  }
}
