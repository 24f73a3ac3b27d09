/// A circuit breaker before one host, and how fast that host answers. Pure.
struct HostBreaker: Sendable {
  enum State: Equatable {
    case closed
    /// It failed: nothing is sent before this moment.
    case open(until: MonotonicTime)
    /// It had its rest, and one request is under way to find out.
    case halfOpen
  }
  let url: String
  private(set) var state = State.closed
  private(set) var failures = 0
  private(set) var inFlight = 0
  private(set) var requests: UInt64 = 0
  /// Seconds for a mebibyte of lines, smoothed; nil: not known since it last failed.
  private(set) var slowness: Double?
  /// When it last answered, and how long that took.
  private var answeredAt = MonotonicTime(nanoseconds: 0)
  private var took = Duration.zero

  /// What the newest answer counts for in ``slowness``.
  private static let newestWeight = 0.3
  /// A host much slower than others is asked again after this time, or after so many times what its last answer took.
  private static let slowPause = Duration.seconds(30)
  private static let slowPauseFactor = 20.0

  init(_ url: String) { self.url = url }

  func isUsable(at now: MonotonicTime) -> Bool {
    switch state {
    case .closed: true
    case .open(let until): until <= now
    case .halfOpen: false
    }
  }

  /// Nothing is under way there, and long enough ago it was asked: time to see whether it is fast again.
  func isDueAlthoughSlow(at now: MonotonicTime) -> Bool {
    inFlight == 0 && now.since(answeredAt) >= max(Self.slowPause, took * Self.slowPauseFactor)
  }

  /// - Returns: whether this request is the one that finds out if the host is back.
  mutating func begin() -> Bool {
    requests += 1
    inFlight += 1
    guard case .open = state else { return false }
    state = .halfOpen
    return true
  }

  mutating func succeed(took: Duration, rawBytes: Int, at now: MonotonicTime) {
    inFlight -= 1
    (state, failures) = (.closed, 0)
    (answeredAt, self.took) = (now, took)
    guard rawBytes > 0 else { return }
    let seconds = took.inSeconds / max(1, Double(rawBytes) / Double(1 << 20))
    slowness = slowness.map { $0 + (seconds - $0) * Self.newestWeight } ?? seconds
  }

  mutating func fail(until: MonotonicTime) {
    inFlight -= 1
    failures += 1
    state = .open(until: until)
    slowness = nil
  }

  /// The request came to no answer for a reason of ours: the breaker is as before, and a probe may be tried again.
  mutating func withdraw(at now: MonotonicTime) {
    inFlight -= 1
    requests -= 1
    if state == .halfOpen { state = .open(until: now) }
  }
}
