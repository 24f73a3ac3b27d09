/// One connection of the webhook: what it is doing, and since when, for the time limits libmicrohttpd has not.
final class WebhookConnection {
  enum Stage: Equatable {
    /// TLS begins.
    case handshake
    /// From the connection's start or a request line to the end of the headers.
    case headers
    case body
    /// The request is whole; its answer is waited for or on its way.
    case answer
    /// The next request is awaited.
    case idle
    /// It has become an event stream, which has limits of its own.
    case stream
  }
  enum Overdue { case handshake, headers, body, idle }

  let raw: Int32
  let peer: String
  let host: String
  /// False: over the limit of its address, and shut down already.
  let isAdmitted: Bool
  /// nil: without TLS.
  var tls: WebhookTls?
  private(set) var stage = Stage.headers
  /// Of the newest request's target.
  var targetHoldsNul = false
  /// We have ended it for a limit.
  var isEnded = false
  private var stageSince: MonotonicTime
  private var bodyBytes = 0
  private var stallWatch = StallWatch()
  /// While we let it wait, the client's time stands still.
  private var suspendedSince: MonotonicTime?

  init(raw: Int32, peer: String, isAdmitted: Bool, now: MonotonicTime) {
    self.raw = raw
    self.peer = peer
    self.isAdmitted = isAdmitted
    host = TcpSocket.host(ofPeer: peer)
    stageSince = now
  }

  func enter(_ stage: Stage, at now: MonotonicTime) {
    self.stage = stage
    stageSince = now
    bodyBytes = 0
    stallWatch.reset()
  }

  func didReceive(_ count: Int) { bodyBytes += count }

  func suspend(at now: MonotonicTime) { suspendedSince = now }

  func resume(at now: MonotonicTime) {
    guard let since = suspendedSince else { return }
    suspendedSince = nil
    stageSince = stageSince + now.since(since)
  }

  /// Its body holds the spent input budget: whether it goes on too slowly for the others' sake.
  func isStalled(at now: MonotonicTime, _ limits: WebhookConfiguration) -> Bool {
    stallWatch.isStalled(
      at: now, bytes: bodyBytes, span: limits.stallMax,
      bytesPerSecondMin: limits.bodyBytesPerSecondMin)
  }

  func holdsNobodyUp() { stallWatch.reset() }

  /// Which limit it has broken.
  func overdue(at now: MonotonicTime, _ limits: WebhookConfiguration) -> Overdue? {
    guard suspendedSince == nil else { return nil }
    let elapsed = now.since(stageSince)
    switch stage {
    case .handshake:
      return elapsed > (tls?.handshakeMax ?? .zero) ? .handshake : nil
    case .headers:
      return elapsed > limits.headerTimeMax ? .headers : nil
    case .body:
      let earned = Duration.seconds(bodyBytes) / max(1, limits.bodyBytesPerSecondMin)
      return elapsed > limits.bodyGrace + earned ? .body : nil
    case .answer, .idle:
      return elapsed > limits.idleMax ? .idle : nil
    case .stream:
      return nil
    }
  }
}
