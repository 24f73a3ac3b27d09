import LogPipeline
import Testing

/// Goal: a ring that is full is told of once, and once when that is over, also when it is full by turns.
/// Method: looks at made-up times.
@Suite struct FullRingNoticeTests {
  private let start = MonotonicTime(nanoseconds: 1_000_000_000)

  @Test func `one line when it becomes full and one when it takes events again`() {
    var notice = FullRingNotice()
    var lines: [FullRingNotice.Line] = []
    for second in 0..<100 {
      let isFull = (20...50).contains(second)
      let line = notice.look(isFull: isFull, at: start + .seconds(second))
      if second == 20 { #expect(line == .full) }
      if let line { lines.append(line) }
    }
    #expect(lines == [.full, .room(after: .seconds(30))])
  }

  @Test func `full by turns is full all the time`() {
    var notice = FullRingNotice()
    var lines: [FullRingNotice.Line] = []
    for second in 0..<600 {
      let line = notice.look(isFull: second % 7 == 0, at: start + .seconds(second))
      if let line { lines.append(line) }
    }
    #expect(lines == [.full])
  }
}
