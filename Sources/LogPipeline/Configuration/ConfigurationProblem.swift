/// One thing that is wrong with what the operator set. Never holds a secret.
package struct ConfigurationProblem: Equatable, Sendable, CustomStringConvertible {
  /// "file:line:column", the variable, or the argument.
  package let place: String
  /// The setting's path; empty when a whole source is wrong.
  package let key: String
  /// What is wrong, a sentence without its full stop; names the value given.
  package let reason: String
  /// What would be right.
  package let allowed: String?
  /// The nearest thing that exists.
  package let suggestion: String?

  package init(
    place: String, key: String, reason: String, allowed: String? = nil, suggestion: String? = nil
  ) {
    self.place = place
    self.key = key
    self.reason = reason
    self.allowed = allowed
    self.suggestion = suggestion
  }

  /// Two or three lines: where and what, what is allowed, what was probably meant.
  package var description: String {
    var text = key.isEmpty ? "\(place): \(reason)." : "\(place): \(key): \(reason)."
    if let allowed { text += "\n    Allowed: \(allowed)." }
    if let suggestion { text += "\n    Did you mean \(suggestion)?" }
    return text
  }
}
