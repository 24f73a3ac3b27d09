import Synchronization

/// Streams of one intake whose sender has opened another one, maybe on another intake. Safe from any thread.
final class ReplacedStreams: Sendable {
  private let claims = Mutex<[WebSocketSenders.Claim]>([])
  private let wakeup: Wakeup

  /// `wakeup` is that of the intake's loop.
  init(wakeup: Wakeup) { self.wakeup = wakeup }

  func add(_ claim: WebSocketSenders.Claim) {
    claims.withLock { $0.append(claim) }
    wakeup.signal()
  }

  /// Takes all out.
  func take() -> [WebSocketSenders.Claim] {
    claims.withLock { claims in
      defer { claims = [] }
      return claims
    }
  }
}
