/// How an input uses TLS.
package enum TlsUse: Sendable {
  case off
  /// We show our certificate; senders need none.
  case server
  /// Senders must show one, too.
  case mutual
}
