import LogPipeline
import Testing

@Suite struct RetryTimingTests {
  @Test func `Retry-After is seconds or a date, and never more than a minute`() {
    let sunday: Int64 = 784_111_777_000  // Sun, 06 Nov 1994 08:49:37 GMT
    func wait(_ text: String?, at now: Int64 = 0) -> Duration? {
      RetryAfter.wait(text, wallMilliseconds: now)
    }
    #expect(wait("1") == .seconds(1))
    #expect(wait("60") == .seconds(60))
    #expect(wait("3600") == .seconds(60))
    #expect(wait("99999999999999999999999") == .seconds(60))
    #expect(wait("Sun, 06 Nov 1994 08:49:37 GMT", at: sunday - 2500) == .milliseconds(2500))
    #expect(wait("Sun, 06 Nov 1994 08:49:37 GMT", at: sunday) == nil)
    #expect(wait("Sun, 06 Nov 1994 08:49:37 GMT", at: 0) == .seconds(60))
    for odd in [
      nil, "", "0", "-1", "1.5", "soon", "Sun, 06 Nov 1994", "Sun, 99 Nov 1994 08:49:37 GMT",
    ] {
      #expect(wait(odd) == nil, "\(odd ?? "nil")")
    }
  }

  @Test func `backoff stays between nothing and a ceiling that doubles up to its end`() {
    let backoff = Backoff(base: .milliseconds(500), longest: .seconds(60))
    var random = SeededRandom(seed: 42)
    for failures in 1...40 {
      let ceiling = backoff.ceiling(failures: failures)
      #expect(ceiling == min(.milliseconds(500) * (1 << min(failures - 1, 20)), .seconds(60)))
      var longest = Duration.zero
      for _ in 0..<200 {
        let wait = backoff.wait(failures: failures, using: &random)
        #expect(wait >= .zero && wait <= ceiling)
        longest = max(longest, wait)
      }
      // Full jitter uses the whole span.
      #expect(longest > ceiling * 0.8)
    }
  }

  @Test func `hosts that are no addresses are refused without showing a password`() throws {
    #expect(
      try Hosts.checked(["https://es:9200/", "http://h/x//"]) == ["https://es:9200", "http://h/x"])
    for odd in ["es:9200", "ftp://es", "http://", "http://a b", "https://es/?x=1"] {
      #expect(throws: DeliveryError.badHost(odd)) { try Hosts.checked([odd]) }
    }
    #expect(throws: DeliveryError.noHosts) { try Hosts.checked([]) }
    do {
      _ = try Hosts.checked(["https://elastic:hunter2@es:9200"])
      Issue.record("taken")
    } catch { #expect(!error.description.contains("hunter2")) }
  }

  @Test func `bodies shrink, grow slowly, and never pass a limit the server has shown`() {
    var size = BodySize(bytesMax: 4 << 20)
    size.shrink()
    #expect(size.targetBytes == 2 << 20)
    let start = MonotonicTime(nanoseconds: 1)
    for _ in 0..<100 { size.noteSuccess(took: .zero, at: start) }
    #expect(size.targetBytes == 4 << 20)
    size.noteTooLarge(rawBytes: 2 << 20, at: start)
    for _ in 0..<100 { size.noteSuccess(took: .zero, at: start) }
    #expect(size.targetBytes == 1 << 20)
    for _ in 0..<100 { size.shrink() }
    #expect(size.targetBytes == 256 << 10)
    size.noteTooLarge(rawBytes: 1000, at: start)
    #expect(size.targetBytes == 500)
    // The limit may have been raised: one larger body finds out, a quarter of an hour later.
    size.noteSuccess(took: .zero, at: start + BodySize.ceilingAge)
    #expect(size.targetBytes == 1000)
    size.noteSuccess(took: .zero, at: start + BodySize.ceilingAge + .seconds(1))
    #expect(size.targetBytes == 1000)
  }

  @Test func `many dead letters at once trip the guard, a good request opens it again`() {
    var share = DeadShare(shareMax: 0.01)
    share.note(judged: 5000, dead: 100)
    #expect(!share.isTripped)
    share.note(judged: 5000, dead: 1)
    #expect(share.isTripped)
    share.note(judged: 100, dead: 50)
    #expect(share.isTripped)
    share.note(judged: 1000, dead: 3)
    #expect(!share.isTripped)
  }
}
