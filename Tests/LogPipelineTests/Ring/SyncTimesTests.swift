import LogPipeline
import Testing

@Suite struct SyncTimesTests {
  @Test func `percentiles are right to a fifteenth, from a microsecond to minutes`() {
    for nanoseconds: Int64 in [
      1000, 3000, 4000, 7000, 15_000, 900_000, 1_000_000, 12_345_678, 5_000_000_000,
    ] {
      var times = SyncTimes()
      times.add(.nanoseconds(nanoseconds))
      times.add(.seconds(200))
      let found = times.percentile(50)?.nanoseconds ?? 0
      #expect(
        abs(found - nanoseconds) * 15 <= nanoseconds + 7500, "\(nanoseconds) was shown as \(found)")
      #expect(times.longest == .seconds(200))
    }
    #expect(SyncTimes().percentile(50) == nil && SyncTimes().isEmpty)
    var none = SyncTimes()
    none.add(.zero)
    #expect(none.percentile(99) == .zero)
  }

  @Test func `the share counts, not the average`() {
    var times = SyncTimes()
    for _ in 0..<990 { times.add(.milliseconds(1)) }
    for _ in 0..<10 { times.add(.milliseconds(500)) }
    #expect((times.percentile(99) ?? .zero) < .milliseconds(2))
    #expect((times.percentile(100) ?? .zero) > .milliseconds(400))
  }

  @Test func `what is long ago is forgotten`() {
    var times = SyncTimes()
    for _ in 0..<1000 { times.add(.milliseconds(100)) }
    for _ in 0..<30_000 { times.add(.milliseconds(1)) }
    #expect((times.percentile(99) ?? .zero) < .milliseconds(2))
    #expect(times.longest == .milliseconds(100))
  }

  @Test func `times are shown with two figures that count`() {
    let shown = [
      (0, "0.000 ms"), (43, "0.043 ms"), (99, "0.099 ms"), (930, "0.9 ms"), (3149, "3.1 ms"),
      (9960, "10.0 ms"), (12_400, "12 ms"), (2_500_000, "2500 ms"),
    ]
    for (microseconds, text) in shown {
      #expect(RingFileState.shown(.microseconds(microseconds)) == text)
    }
  }
}
