/// One request of the webhook, from its headers to its answer.
@safe final class WebhookRequest {
  enum Phase {
    /// Its body is taken in.
    case receiving
    /// Its signature was found right; what it repeats is not on disk yet.
    case awaitingTwin
    /// Its kept body is taken in: its signature was found right, or it brings spans.
    case feeding
    /// A fault was found: the rest of the body is read and thrown away, then this is the answer.
    case discarding(WebhookAnswer)
    /// The body is over; its events are not on disk yet.
    case awaitingDurable(WebhookAnswer)
    /// It becomes an event stream.
    case upgrading(WebSocketOpening, WebhookHead, WebhookPass)
    /// To be closed without a word: the client has gone.
    case abandoned
    case answered
  }
  enum Wait { case room, durable, twin }

  let handle: OpaquePointer
  let connection: WebhookConnection
  let contentLength: Int?
  /// nil when the request was turned away by its head.
  let body: WebhookBody?
  /// Set for a request to take spans: its answer is the protocol's.
  let traces: TraceEncoding?
  var phase: Phase
  var discardedBytes = 0
  /// Set once the signature was found right.
  var message: WebhookMessage?
  /// Whether the message is this request's to settle or forget.
  var ownsMessage = false
  /// How long it waits at most for what it repeats.
  var twinUntil: MonotonicTime?
  /// Set while libmicrohttpd has it suspended.
  private(set) var waitsFor: Wait?
  private(set) var waitsSince = MonotonicTime(nanoseconds: 0)

  init(
    handle: OpaquePointer, connection: WebhookConnection, contentLength: Int?, body: WebhookBody?,
    traces: TraceEncoding? = nil, phase: Phase
  ) {
    unsafe self.handle = handle
    self.connection = connection
    self.contentLength = contentLength
    self.body = body
    self.traces = traces
    self.phase = phase
  }

  func startWaiting(for wait: Wait, at now: MonotonicTime) {
    waitsFor = wait
    waitsSince = now
    connection.suspend(at: now)
  }

  func stopWaiting(at now: MonotonicTime) {
    waitsFor = nil
    connection.resume(at: now)
  }

  /// The rest of the body is of no interest any more.
  func discard(_ answer: WebhookAnswer) {
    phase = .discarding(answer)
    body?.drop()
  }
}
