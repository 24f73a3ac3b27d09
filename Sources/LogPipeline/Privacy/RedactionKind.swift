/// What a removed piece of text was; its name stands in the text's place, "[REDACTED:email]".
package enum RedactionKind: String, Sendable, CaseIterable {
  case email, card, iban, phone, ssn, jwt
  case apiKey = "api_key"
  case privateKey = "private_key"
  /// The value of a bearer header.
  case token
  /// The value of a password, key or token parameter.
  case secret

  /// What is written in its place.
  package var replacement: String { "[REDACTED:\(rawValue)]" }
}
