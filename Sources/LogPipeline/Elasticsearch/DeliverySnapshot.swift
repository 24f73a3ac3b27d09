/// How delivery stands: for metrics and the status page. Counts are since the start.
package struct DeliverySnapshot: Sendable, Equatable {
  /// What a sender is doing.
  package enum State: Sendable, Equatable {
    case starting
    case ok
    /// All hosts rest after failures.
    case backingOff(reason: String)
    /// Nobody but the operator can mend it; tried again slowly.
    case paused(reason: String)
    case stopped

    /// For the label of a metric.
    package var name: String {
      switch self {
      case .starting: "starting"
      case .ok: "ok"
      case .backingOff: "backing_off"
      case .paused: "paused"
      case .stopped: "stopped"
      }
    }
  }
  /// A host and the breaker before it.
  package struct Host: Sendable, Equatable {
    package enum State: String, Sendable { case closed, open, halfOpen = "half_open" }
    package let url: String
    package let state: State
    package let requests: UInt64
    package let failuresInARow: Int
  }
  package var hosts: [Host] = []
  package var requests: UInt64 = 0
  /// Lines before compression, and bytes of bodies as sent.
  package var rawBytes: UInt64 = 0
  package var wireBytes: UInt64 = 0
  package var delivered: UInt64 = 0
  package var duplicates: UInt64 = 0
  package var deadLettered: UInt64 = 0
  /// Items that were sent again, by cause.
  package var retries: [RetryCause: UInt64] = [:]
  /// Seconds all requests took together.
  package var requestSeconds: Double = 0
  package var lastErrorText: String?
  package var lastErrorMilliseconds: Int64?
  package var lastSuccessMilliseconds: Int64?
  /// One a sender.
  package var states: [State] = []
  /// Indices that take nothing now, with the reason: items for them are kept.
  package var parkedIndices: [String: String] = [:]
  /// Items leased and failed, waiting for another try.
  package var heldItems = 0
  /// e.g. "installed", "already there", "drift: …"; nil until it was looked at.
  package var template: String?

  package init() {}
}
