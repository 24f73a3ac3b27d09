import LogPipeline
import Testing

/// When the intake waits for company before it looks, and when not.
@Suite struct TricklePaceTests {
  /// Turns of one read each, so far apart, until it is a trickle.
  private func run(
    _ pace: inout TricklePace, from start: MonotonicTime, every gap: Duration, bytes: UInt64 = 900,
    isBusy: Bool = false, turns: Int
  ) -> MonotonicTime {
    var now = start
    for _ in 0..<turns where !pace.isTrickle {
      now = now + gap
      pace.note(reads: 1, bytes: bytes, isBusy: isBusy, at: now)
    }
    return now
  }
  private let start = MonotonicTime(nanoseconds: 1_000_000_000)

  @Test func `many small reads make it wait, and never over ten milliseconds`() {
    var pace = TricklePace()
    var now = run(&pace, from: start, every: .microseconds(200), turns: 1000)
    #expect(pace.isTrickle)
    for _ in 0..<100 {
      let pause = pace.pause(at: now)
      #expect(pause <= TricklePace.pauseMax)
      now = now + pause
      pace.note(reads: 50, bytes: 45_000, isBusy: false, at: now)
    }
    #expect(pace.isTrickle, "what comes together in a pause is a trickle still")
    #expect(now.since(start) > .milliseconds(900))
  }

  @Test(arguments: [
    (Duration.milliseconds(5), UInt64(900), false), (.microseconds(200), 100_000, false),
    (.microseconds(200), 900, true),
  ]) func `few reads, large ones, and senders that wait for an answer make it not wait`(
    gap: Duration, bytes: UInt64, isBusy: Bool
  ) {
    var pace = TricklePace()
    let now = run(&pace, from: start, every: gap, bytes: bytes, isBusy: isBusy, turns: 1000)
    #expect(!pace.isTrickle && pace.pause(at: now) == .zero)
  }

  @Test func `it ends with silence, and with a sender that waits for an answer`() {
    var pace = TricklePace()
    var now = run(&pace, from: start, every: .microseconds(200), turns: 1000)
    pace.note(reads: 1, bytes: 900, isBusy: false, at: now + .seconds(1))
    #expect(!pace.isTrickle)
    now = run(&pace, from: now + .seconds(1), every: .microseconds(200), turns: 1000)
    #expect(pace.isTrickle)
    pace.note(reads: 1, bytes: 900, isBusy: true, at: now)
    #expect(!pace.isTrickle)
  }
}
