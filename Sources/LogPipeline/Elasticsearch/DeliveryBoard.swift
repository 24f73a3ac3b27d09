/// What all senders know of the cluster together: which hosts answer, how much it takes, what it takes nothing of. Pure.
package struct DeliveryBoard: Sendable {
  package var hosts: Hosts
  package var bodySize: BodySize
  package var concurrency: ConcurrencyLimit
  package var deadShare: DeadShare
  package var parked = ParkedIndices()
  package var random: SeededRandom
  package let backoff: Backoff
  /// The last time a request was taken by any sender; nil: not yet.
  package private(set) var lastSuccess: MonotonicTime?
  /// Requests refused whole with 400 since one was taken.
  package var refusalsInARow = 0
  /// Since when nothing is sent, because all hosts rest or delivery is paused; nil: it goes on.
  private var stoppedSince: MonotonicTime?
  private var isStopTold = false
  private var inFlight = 0
  private var pausedUntil = MonotonicTime(nanoseconds: 0)
  private var pausesInARow = 0

  /// Others pass if something was taken within this time.
  private static let passingLately = Duration.seconds(60)
  /// How long a sender waits for another's request to end before it looks again.
  private static let look = Duration.milliseconds(50)

  package init(_ settings: ElasticsearchConfiguration, hosts urls: [String], seed: UInt64) {
    backoff = Backoff(base: settings.retryBase, longest: settings.retryMax)
    hosts = Hosts(urls, backoff: backoff)
    bodySize = BodySize(bytesMax: settings.bodyBytesMax)
    concurrency = ConcurrencyLimit(most: settings.senders)
    deadShare = DeadShare(shareMax: settings.deadShareMax)
    random = SeededRandom(seed: seed)
  }

  /// When a request may go out; nil: now.
  package func resume(at now: MonotonicTime) -> MonotonicTime? {
    let earliest = max(pausedUntil, hosts.earliest(at: now))
    if earliest > now { return earliest }
    return inFlight < concurrency.allowed ? nil : now + Self.look
  }

  /// A host for a request, if one may go out now. The duty: ``end(_:)`` once it has come back, and the host's own.
  package mutating func begin(at now: MonotonicTime) -> Hosts.Choice? {
    guard resume(at: now) == nil, let choice = hosts.begin(at: now) else { return nil }
    inFlight += 1
    return choice
  }

  package mutating func end() { inFlight -= 1 }

  /// A request was taken, at least in part.
  package mutating func noteTaken(took: Duration, at now: MonotonicTime) {
    lastSuccess = now
    (refusalsInARow, pausesInARow) = (0, 0)
    bodySize.noteSuccess(took: took, at: now)
    if BodySize.isSlow(took) { concurrency.shrink() } else { concurrency.grow() }
  }

  /// Nothing goes out for a while, whatever a sender has.
  package mutating func noteStopped(at now: MonotonicTime) {
    if stoppedSince == nil { stoppedSince = now }
  }

  /// The operator was told that something is wrong: if that was of a stop, its end will be told too.
  package mutating func noteTold() { isStopTold = stoppedSince != nil }

  /// Events are taken. - Returns: for how long none were, if that is over only now and the operator was told.
  package mutating func endStop(at now: MonotonicTime) -> Duration? {
    defer { (stoppedSince, isStopTold) = (nil, false) }
    return isStopTold ? stoppedSince.map { now.since($0) } : nil
  }

  /// The server can not keep up.
  package mutating func noteOverload() {
    bodySize.shrink()
    concurrency.shrink()
  }

  package func isPassing(at now: MonotonicTime) -> Bool {
    lastSuccess.map { now.since($0) < Self.passingLately } ?? false
  }

  package func hasPassed(since moment: MonotonicTime) -> Bool {
    lastSuccess.map { $0 > moment } ?? false
  }

  /// Nobody but the operator can mend it. No jitter: a locked account must not be hammered.
  /// - Returns: how long nothing is sent.
  package mutating func pause(at now: MonotonicTime) -> Duration {
    pausesInARow += 1
    let wait = backoff.ceiling(failures: pausesInARow + 2)
    pausedUntil = now + wait
    return wait
  }
}
