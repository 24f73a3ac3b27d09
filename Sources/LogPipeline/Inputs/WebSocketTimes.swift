/// When a stream was last heard of, and since when it is made to wait, for its time limits. Pure.
struct WebSocketTimes {
  enum Life {
    case fine
    /// Silent for long: a ping is due.
    case askForIt
    /// The ping was not answered.
    case gone
  }

  private(set) var lastReceived: MonotonicTime
  private var pingedAt: MonotonicTime?
  private var messageSince: MonotonicTime
  /// While it is not read from its time stands still.
  private var pausedSince: MonotonicTime?
  /// Since when the socket takes nothing.
  private var unsentSince: MonotonicTime?

  init(now: MonotonicTime) { (lastReceived, messageSince) = (now, now) }

  mutating func didReceive(at now: MonotonicTime) {
    lastReceived = now
    pingedAt = nil
  }

  mutating func didPing(at now: MonotonicTime) { pingedAt = now }
  mutating func messageBegan(at now: MonotonicTime) { messageSince = now }

  mutating func pause(at now: MonotonicTime) { pausedSince = now }

  mutating func resume(at now: MonotonicTime) {
    guard let since = pausedSince else { return }
    pausedSince = nil
    messageSince = messageSince + now.since(since)
    didReceive(at: now)
  }

  mutating func didSend() { unsentSince = nil }
  mutating func couldNotSend(at now: MonotonicTime) { unsentSince = unsentSince ?? now }

  func isUnread(at now: MonotonicTime, longerThan span: Duration) -> Bool {
    unsentSince.map { now.since($0) >= span } ?? false
  }

  /// Whether the message that has begun comes slower than a body may.
  func isSlow(at now: MonotonicTime, bytes: Int, _ limits: WebhookConfiguration) -> Bool {
    guard limits.bodyBytesPerSecondMin > 0 else { return false }
    let earned = Duration.seconds(bytes) / limits.bodyBytesPerSecondMin
    return now.since(messageSince) > limits.bodyGrace + earned
  }

  func life(at now: MonotonicTime, _ limits: WebSocketConfiguration) -> Life {
    if let pingedAt { return now.since(pingedAt) >= limits.pongTimeMax ? .gone : .fine }
    return now.since(lastReceived) >= limits.pingInterval ? .askForIt : .fine
  }
}
