/// Whether it pays to wait a little before the next look for input: when many senders write one event at a time, a look for
/// each costs more than the event. Pure.
///
/// 256 connections that send 5,000 events a second together cost half as much with it. Each 100 ms are judged by the 100 ms
/// before, so that a single sender, or a fast one, never waits.
package struct TricklePace {
  /// What an event waits at most.
  package static let pauseMax: Duration = .milliseconds(10)
  private static let span: Duration = .milliseconds(100)
  /// A look in ten milliseconds should find some.
  private static let readsMin = 40
  /// Whoever sends more at a time is no trickle.
  private static let bytesAReadMax: UInt64 = 4 << 10
  /// The kernel wakes a sleeper a little late, and the last of what is ready waits for the others.
  private static let lateness: Duration = .microseconds(750)

  package private(set) var isTrickle = false
  private var spanBegan: MonotonicTime?
  private var reads = 0
  private var bytes: UInt64 = 0
  private var lookedAt: MonotonicTime?

  package init() {}

  /// A turn has ended.
  /// - Parameters:
  ///   - reads: descriptors that had something.
  ///   - bytes: what was read of them.
  ///   - isBusy: somebody waits for an answer.
  ///   - now: when the turn ended.
  package mutating func note(reads: Int, bytes: UInt64, isBusy: Bool, at now: MonotonicTime) {
    if isBusy {
      self = TricklePace()
      return
    }
    self.reads += reads
    self.bytes &+= bytes
    guard let began = spanBegan else {
      spanBegan = now
      return
    }
    let passed = now.since(began)
    guard passed >= Self.span else { return }
    // Nothing for long: what came before says nothing about now.
    isTrickle =
      passed < Self.span * 2 && self.reads >= Self.readsMin
      && self.bytes / UInt64(max(1, self.reads)) < Self.bytesAReadMax
    (spanBegan, self.reads, self.bytes) = (now, 0, 0)
  }

  /// How long to wait before looking again; `now` becomes the time of that look.
  package mutating func pause(at now: MonotonicTime) -> Duration {
    guard isTrickle else { return .zero }
    let wanted = Self.pauseMax - Self.lateness
    let passed = lookedAt.map { now.since($0) } ?? wanted
    let pause = passed < wanted ? wanted - passed : .zero
    lookedAt = now + pause
    return pause
  }
}
