/// The bytes of one TCP connection: as they come, or out of TLS.
final class TcpStream {
  private let descriptor: FileDescriptor
  private var session: TlsSession?
  private var isBegun = false
  /// A TLS record of the handshake begins with it.
  static let helloStart: UInt8 = 0x16

  /// Without a session it is without TLS.
  init(_ descriptor: consuming FileDescriptor, session: TlsSession? = nil) {
    self.descriptor = descriptor
    self.session = session
  }

  var raw: Int32 { descriptor.raw }
  var isTls: Bool { session != nil }
  /// Whether there is something to read, or to learn, that the socket does not show: then nobody reports it as ready.
  var hasMore: Bool { session?.hasMore ?? false }
  /// The handshake waits for the peer to read.
  var wantsToWrite: Bool { session?.wantsToWrite ?? false }
  /// What broke TLS, if that was it.
  var fault: String? { session?.fault }
  var renegotiations: UInt64 { session?.renegotiations ?? 0 }

  /// Goes on with the handshake. Once it has failed, the stream is without TLS: what comes can only be thrown away.
  func shakeHands() -> TlsSession.Progress {
    guard let session else { return .done }
    if !isBegun {
      let (found, bytes) = TcpSocket.peek(raw, count: ProtocolSniffer.bytesMax)
      switch found {
      case .nothing: return .unfinished
      case .end, .failed: return fail(TlsFailure(.left, "it sent nothing"))
      case .bytes: isBegun = true
      }
      if bytes.first != Self.helloStart {
        var what = "plain bytes"
        if case .other(let stranger) = ProtocolSniffer.judge(bytes) { what = stranger.rawValue }
        return fail(TlsFailure(.plain, what))
      }
    }
    let progress = session.shakeHands()
    if case .failed = progress { self.session = nil }
    return progress
  }

  /// What still comes is no more than bytes to throw away.
  func giveUpTls() { session = nil }

  func receive(into buffer: UnsafeMutableRawBufferPointer) -> TcpSocket.Received {
    guard let session else { return unsafe TcpSocket.receive(raw, into: buffer) }
    return unsafe session.receive(into: buffer)
  }

  /// Sends what the socket takes at once.
  func sendAtOnce(_ bytes: [UInt8]) {
    if let session { session.sendAtOnce(bytes) } else { TcpSocket.sendAtOnce(raw, bytes) }
  }

  /// The peer sees the end of our side; reading goes on.
  func finishSending() {
    session?.finishSending()
    TcpSocket.finishSending(raw)
  }

  private func fail(_ failure: TlsFailure) -> TlsSession.Progress {
    session = nil
    return .failed(failure)
  }
}
