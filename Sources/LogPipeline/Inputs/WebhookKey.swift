/// A key of the webhook: its secret, and what whoever holds it is taken for.
package struct WebhookKey: Sendable {
  /// As messages call it: "inputs.webhook.hmac[1] (file /run/secrets/hook)"; never the secret.
  package let name: String
  /// The token itself, or the key that signatures are made with.
  package let secret: [UInt8]
  /// Its team; nil: the events say which.
  package var team: String?
  /// What `sources` rules know its events by; nil: the request's x-source.
  package var source: String?
  /// From this day on, in days since 1970 UTC, it opens nothing any more.
  package var endDay: Int32?
  /// Set when the secret lies in a file, which is looked at again while the agent runs.
  package var file: File?

  package struct File: Sendable {
    package let path: String
    package let read: @Sendable () throws -> [UInt8]

    package init(path: String, read: @escaping @Sendable () throws -> [UInt8]) {
      (self.path, self.read) = (path, read)
    }
  }

  package init(name: String, secret: [UInt8]) { (self.name, self.secret) = (name, secret) }
}

extension WebhookKey: CustomStringConvertible, CustomReflectable {
  package var description: String { name }
  package var customMirror: Mirror { Mirror(self, children: [:]) }
}
