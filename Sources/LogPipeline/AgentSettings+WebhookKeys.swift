// The webhook's keys, read once so that a start fails for one that is missing, and again whenever their files change.
extension AgentSettings {
  package func bearerKeys() throws(AgentError) -> [WebhookKey] {
    try keys(configuration.inputs.webhook.bearer, "inputs.webhook.bearer") {
      Array(try $0.resolveText().utf8)
    }
  }

  package func signingKeys() throws(AgentError) -> [WebhookKey] {
    try keys(configuration.inputs.webhook.hmac, "inputs.webhook.hmac") { secret in
      guard let key = SigningSecret.key(of: try secret.resolveText()) else {
        throw AgentError(
          "The secret from \(secret) is no signing secret. It must be \(SigningSecret.form), as the sender has it.",
          isConfiguration: true)
      }
      return key
    }
  }

  private func keys(
    _ given: [SenderKey], _ setting: String, read: @escaping @Sendable (Secret) throws -> [UInt8]
  ) throws(AgentError) -> [WebhookKey] {
    var keys: [WebhookKey] = []
    for (index, sender) in given.enumerated() {
      let secret = sender.secret
      let name = "\(setting)[\(index)] (\(secret))"
      do {
        var key = WebhookKey(name: name, secret: try read(secret))
        (key.team, key.source, key.endDay) = (sender.team, sender.source, sender.endDay)
        if case .file(let path) = secret.source {
          key.file = WebhookKey.File(path: path) { try read(secret) }
        }
        keys.append(key)
      } catch {
        throw AgentError("\(setting)[\(index)]: \(error)", isConfiguration: true)
      }
    }
    return keys
  }

  /// Finds out whether every credential and key can be read now.
  func readCredentials() throws(AgentError) {
    _ = try bearerKeys()
    _ = try signingKeys()
    try readElasticsearchSecrets()
  }

  /// Finds out, before anything is made that takes long, whether delivery has all it needs to start.
  func checkDelivery() throws {
    guard deliversToElasticsearch else { return }
    try readElasticsearchSecrets()
    try Delivery.check(elasticsearch())
  }

  private func readElasticsearchSecrets() throws(AgentError) {
    let given = configuration.elasticsearch
    let secrets: [(key: String, secret: Secret)] =
      switch given.credentials {
      case .none: []
      case .apiKey(let secret): [("api_key", secret)]
      case .bearer(let secret): [("bearer", secret)]
      case .basic(let user, let password): [("user", user), ("password", password)]
      }
    for (key, secret) in secrets {
      do { _ = try secret.resolveText() } catch {
        throw AgentError("elasticsearch.\(key): \(error)", isConfiguration: true)
      }
    }
  }
}
