import CGnutls

/// What we know of TLS on one connection of the webhook, whose handshake libmicrohttpd drives.
@safe final class WebhookTls {
  let handshakeMax: Duration
  /// Set when it was we who ended it.
  var failure: TlsFailure?
  /// Kept until the library has ended the session.
  private let credentials: TlsCredentials
  private let source: UnsafeMutablePointer<cgnutls_source>
  private let isMutual: Bool
  /// Of the client's certificate, once a request has asked: empty when it is fine.
  private var verdict: WebhookAnswer??

  /// Gives the session, whose handshake has not begun, our certificate.
  init(_ session: OpaquePointer, raw: Int32, _ identity: TlsIdentity, isMutual: Bool) {
    handshakeMax = identity.settings.handshakeMax
    credentials = identity.current
    self.isMutual = isMutual
    unsafe source = .allocate(capacity: 1)
    unsafe source.initialize(to: cgnutls_source())
    unsafe source.pointee.socket = raw
    unsafe cgnutls_watch(session, source)
    unsafe cgnutls_give_credentials(
      session, credentials.raw, isMutual ? GNUTLS_CERT_REQUEST : GNUTLS_CERT_IGNORE)
  }

  deinit { unsafe source.deallocate() }

  /// Whether the handshake is over.
  var isEstablished: Bool { unsafe source.pointee.is_established != 0 }

  /// Why a connection that has ended was never established.
  var failureAtEnd: TlsFailure {
    if let failure { return failure }
    let count = unsafe Int(source.pointee.first_count)
    let first = unsafe withUnsafeBytes(of: source.pointee.first) { unsafe Array($0.prefix(count)) }
    if let start = first.first, start != TcpStream.helloStart {
      var what = "plain bytes"
      if case .other(let stranger) = ProtocolSniffer.judge(first) {
        what = "plain \(stranger.rawValue)"
      }
      return TlsFailure(.plain, what)
    }
    if unsafe source.pointee.is_ended != 0 {
      return TlsFailure(.left, count == 0 ? "it sent nothing" : "within the handshake")
    }
    return TlsFailure(
      .broken,
      "the sender does not trust inputs.tls.cert, or has no TLS version or cipher in common")
  }

  /// The answer to a client without a certificate that counts; nil: it may go on.
  func refusal(_ session: OpaquePointer) -> WebhookAnswer? {
    guard isMutual else { return nil }
    if let verdict { return verdict }
    let found = unsafe check(session)
    verdict = .some(found)
    return found
  }

  private func check(_ session: OpaquePointer) -> WebhookAnswer? {
    let remedy =
      "Send a certificate that counts now, is meant for clients, and comes from an authority in the receiver's inputs.tls.client_ca."
    var status: UInt32 = 0
    guard unsafe cgnutls_verify_client(session, &status) == GNUTLS_E_SUCCESS else {
      return refused("This receiver asks for a client certificate, and none was sent. \(remedy)")
    }
    guard status != 0 else { return nil }
    let why = TlsSession.explain(status) ?? "The certificate is not to be trusted."
    return refused("The client certificate does not count. \(why) \(remedy)")
  }

  private func refused(_ message: String) -> WebhookAnswer {
    var answer = WebhookAnswer(403, message, .certificate)
    // Another certificate needs another handshake.
    answer.headers = [("Connection", "close")]
    return answer
  }
}
