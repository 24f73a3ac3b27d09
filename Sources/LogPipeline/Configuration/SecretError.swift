/// Why a secret could not be used. Never holds the secret.
package enum SecretError: Error, Equatable, CustomStringConvertible {
  case unreadable(secret: String, reason: String)
  case empty(secret: String)
  case notText(secret: String)

  package var description: String {
    switch self {
    case .unreadable(let secret, let reason):
      "The secret from \(secret) can not be read (\(reason)). Put it there, or name another place."
    case .empty(let secret):
      "The secret from \(secret) is empty. Put it there; leave the setting out when none is needed."
    case .notText(let secret):
      "The secret from \(secret) holds bytes that are no text, or a line end inside. "
        + "It must be one line of UTF-8."
    }
  }
}
