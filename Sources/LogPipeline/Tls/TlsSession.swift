import CGnutls

/// TLS over one accepted TCP connection. Confined to the intake's thread.
@safe final class TlsSession {
  enum Progress: Equatable {
    case done
    /// More must come first.
    case unfinished
    case failed(TlsFailure)
  }

  /// Why its last bytes came, or no more do, once that is known.
  private(set) var ended: TcpSocket.Received?
  /// What GnuTLS says of a connection that broke.
  private(set) var fault: String?
  /// Whether it ended for a second handshake that was asked for: 1 or 0.
  private(set) var renegotiations: UInt64 = 0

  /// Kept while the session uses it.
  private let credentials: TlsCredentials
  private let session: gnutls_session_t
  /// A read was cut short though more may be there.
  private var isInterrupted = false
  /// Records without data, one after the other, before others get their turn.
  private static let emptyRecordsMax = 64

  /// nil: there is no memory.
  init?(_ raw: Int32, _ credentials: TlsCredentials, requiresClient: Bool) {
    var made: gnutls_session_t?
    guard unsafe cgnutls_start_server(&made, raw) == GNUTLS_E_SUCCESS, let made = unsafe made else {
      return nil
    }
    self.credentials = credentials
    unsafe session = made
    unsafe gnutls_priority_set(session, credentials.priorities)
    let request = requiresClient ? GNUTLS_CERT_REQUIRE : GNUTLS_CERT_IGNORE
    unsafe cgnutls_give_credentials(session, credentials.raw, request)
    if requiresClient { unsafe cgnutls_require_client(session) }
  }

  deinit { unsafe gnutls_deinit(session) }

  /// Whether there is something to read, or to learn, that the socket does not show.
  var hasMore: Bool {
    unsafe ended != nil || isInterrupted || gnutls_record_check_pending(session) > 0
  }

  /// Whether the handshake waits for room in the socket, which a poller for reading does not report.
  var wantsToWrite: Bool { unsafe gnutls_record_get_direction(session) == 1 }

  /// Goes on with the handshake as far as it can.
  func shakeHands() -> Progress {
    for _ in 0..<Self.emptyRecordsMax {
      let status = unsafe gnutls_handshake(session)
      if status == GNUTLS_E_SUCCESS { return .done }
      if status == GNUTLS_E_AGAIN { return .unfinished }
      guard gnutls_error_is_fatal(status) == 0 else {
        let failure = failure(status)
        // So that the sender can tell, too.
        unsafe _ = gnutls_alert_send_appropriate(session, status)
        return .failed(failure)
      }
    }
    return .failed(TlsFailure(.broken, "too many alerts"))
  }

  /// Decrypts what is there, at most the buffer: record after record, so that a read brings as much as without TLS.
  func receive(into buffer: UnsafeMutableRawBufferPointer) -> TcpSocket.Received {
    var count = 0
    var empty = 0
    isInterrupted = false
    while count < buffer.count, ended == nil {
      let received = unsafe gnutls_record_recv(
        session, buffer.baseAddress.map { unsafe $0 + count }, buffer.count - count)
      if received > 0 {
        count += received
        continue
      }
      if received == 0 {
        ended = .end
      } else if received == Int(GNUTLS_E_AGAIN) {
        break
      } else {
        note(Int32(clamping: received))
      }
      empty += 1
      if empty >= Self.emptyRecordsMax {
        isInterrupted = true
        break
      }
    }
    return count > 0 ? .bytes(count) : ended ?? .nothing
  }

  /// Sends what the socket takes at once.
  func sendAtOnce(_ bytes: [UInt8]) {
    unsafe bytes.withUnsafeBytes {
      unsafe _ = gnutls_record_send(session, $0.baseAddress, $0.count)
    }
  }

  /// Tells the peer that nothing more will come from us.
  func finishSending() { unsafe _ = gnutls_bye(session, GNUTLS_SHUT_WR) }

  /// A read that brought no data and is no matter of waiting.
  private func note(_ status: Int32) {
    switch status {
    case GNUTLS_E_PREMATURE_TERMINATION:
      // Many senders just close. What came is authentic as far as it goes.
      ended = .end
    case GNUTLS_E_REHANDSHAKE:
      // The library reads on only after it has shaken hands again, which costs us more than the sender.
      renegotiations &+= 1
      fault = "it asks for a second handshake on the same connection, which is refused"
      ended = .failed(status)
      unsafe _ = gnutls_alert_send(session, GNUTLS_AL_WARNING, GNUTLS_A_NO_RENEGOTIATION)
    case _ where gnutls_error_is_fatal(status) == 0:
      break
    default:
      fault = TlsCredentials.text(of: status)
      ended = .failed(status)
      unsafe _ = gnutls_alert_send_appropriate(session, status)
    }
  }

  private func failure(_ status: Int32) -> TlsFailure {
    let text = TlsCredentials.text(of: status)
    switch status {
    case GNUTLS_E_NO_CERTIFICATE_FOUND, GNUTLS_E_CERTIFICATE_REQUIRED:
      return TlsFailure(.noCertificate, text)
    case GNUTLS_E_CERTIFICATE_ERROR, GNUTLS_E_CERTIFICATE_VERIFICATION_ERROR:
      return TlsFailure(
        .untrustedCertificate,
        Self.explain(unsafe gnutls_session_get_verify_cert_status(session)) ?? text)
    case GNUTLS_E_FATAL_ALERT_RECEIVED:
      let name = unsafe gnutls_alert_get_name(gnutls_alert_get(session))
      return TlsFailure(.refusedBySender, unsafe name.map { unsafe String(cString: $0) } ?? text)
    case GNUTLS_E_PREMATURE_TERMINATION, GNUTLS_E_PULL_ERROR, GNUTLS_E_PUSH_ERROR:
      return TlsFailure(.left, text)
    case GNUTLS_E_UNSUPPORTED_VERSION_PACKET, GNUTLS_E_NO_CIPHER_SUITES,
      GNUTLS_E_INSUFFICIENT_SECURITY, GNUTLS_E_NO_COMMON_KEY_SHARE,
      GNUTLS_E_UNSUPPORTED_SIGNATURE_ALGORITHM, GNUTLS_E_INAPPROPRIATE_FALLBACK:
      return TlsFailure(.parameters, text)
    default:
      return TlsFailure(.broken, text)
    }
  }

  /// What is wrong with a certificate, by the bits of its check.
  static func explain(_ status: UInt32) -> String? {
    guard let text = unsafe cgnutls_explain_status(status) else { return nil }
    defer { unsafe cgnutls_free(text) }
    return unsafe String(cString: text)
  }
}
