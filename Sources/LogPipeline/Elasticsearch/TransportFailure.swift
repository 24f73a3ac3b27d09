/// Why there was no answer, or none that can be used.
package struct TransportFailure: Error, Equatable {
  package enum Kind: String {
    case unresolved, refused, reset, timeout, tls, aborted, other
    /// What servers do with broken gzip, and with plain HTTP on a TLS port.
    case closedWithoutAnswer = "closed_without_answer"
    case answerTooLarge = "answer_too_large"
  }
  package let kind: Kind
  /// libcurl's words.
  package let detail: String
  /// The connection stood, so something of the request may have been taken.
  package let mayBeStored: Bool

  package init(kind: Kind, detail: String, mayBeStored: Bool) {
    self.kind = kind
    self.detail = detail
    self.mayBeStored = mayBeStored
  }
}
