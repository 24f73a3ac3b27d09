/// Why there was no answer, or none that can be used.
struct TransportFailure: Error, Equatable {
  enum Kind: String {
    case unresolved, refused, reset, timeout, tls, aborted, other
    /// What servers do with broken gzip, and with plain HTTP on a TLS port.
    case closedWithoutAnswer = "closed_without_answer"
    case answerTooLarge = "answer_too_large"
  }
  let kind: Kind
  /// libcurl's words.
  let detail: String
  /// The connection stood, so something of the request may have been taken.
  let mayBeStored: Bool
}
