/// Says once that the ring is full, and once that it takes events again. Pure: what is seen and the time in, lines out.
///
/// Delivery that is slower than the senders has room and none by turns: only a ring that was not seen full for a while is
/// said to take events again. So there are two lines in that while at most.
package struct FullRingNotice {
  package enum Line: Equatable, Sendable {
    case full
    /// It was full for so long.
    case room(after: Duration)
  }
  private var since: MonotonicTime?
  private var lastSeenFull = MonotonicTime(nanoseconds: 0)
  private static let quiet: Duration = .seconds(10)

  package init() {}

  /// What is to be said now; nil: nothing new. Once a second.
  package mutating func look(isFull: Bool, at now: MonotonicTime) -> Line? {
    if isFull {
      lastSeenFull = now
      guard since == nil else { return nil }
      since = now
      return .full
    }
    guard let began = since, now.since(lastSeenFull) >= Self.quiet else { return nil }
    since = nil
    return .room(after: lastSeenFull.since(began))
  }
}
