import LogPipeline
import Testing

@Suite struct HostsTests {
  private let start = MonotonicTime(nanoseconds: 1_000_000_000)
  private let backoff = Backoff(base: .seconds(1), longest: .seconds(60))
  private var random = SeededRandom(seed: 1)

  private func begin(_ hosts: inout Hosts, at now: MonotonicTime) throws -> Hosts.Choice {
    let choice = hosts.begin(at: now)
    return try #require(choice)
  }

  @Test func `hosts are taken in turn, and one that failed rests`() throws {
    var (hosts, random) = (Hosts(["a", "b", "c"], first: 1, backoff: backoff), random)
    var order: [Int] = []
    for _ in 0..<4 {
      let choice = try begin(&hosts, at: start)
      order.append(choice.host)
      hosts.succeed(choice, took: .milliseconds(10), rawBytes: 1, at: start)
    }
    #expect(order == [1, 2, 0, 1])
    for atLeast in [5, 6, 7] {
      hosts.fail(
        try begin(&hosts, at: start), at: start, atLeast: .seconds(atLeast), using: &random)
    }
    let none = hosts.begin(at: start)
    #expect(none == nil)
    #expect(hosts.earliest(at: start) == start + .seconds(5))
    let rested = hosts.begin(at: start + .seconds(5))
    #expect(rested == Hosts.Choice(host: 2, isProbe: true))
  }

  @Test func `a host that rested is asked by one request alone, and rests longer each time`() throws
  {
    var (hosts, random) = (Hosts(["a", "b"], backoff: backoff), random)
    var now = start
    var probes = 0
    // An hour in which a fails, and 100 requests a second go to b.
    for _ in 0..<360_000 {
      now = now + .milliseconds(10)
      let choice = try begin(&hosts, at: now)
      if choice.host == 0 {
        probes += 1
        if choice.isProbe {
          let other = hosts.begin(at: now)
          #expect(other?.host == 1, "no second request beside the probe")
          hosts.succeed(
            Hosts.Choice(host: 1, isProbe: false), took: .milliseconds(5), rawBytes: 1, at: now)
        }
        hosts.fail(choice, at: now, atLeast: nil, using: &random)
      } else {
        hosts.succeed(choice, took: .milliseconds(5), rawBytes: 1, at: now)
      }
    }
    #expect(probes >= 60 && probes <= 200, "\(probes) probes in an hour")
    #expect(hosts.snapshot[0].state == .open)
    #expect(hosts.snapshot[0].requests == UInt64(probes))
  }

  @Test func `a host that is much slower than another gets few requests, and is not forgotten`()
    throws
  {
    var hosts = Hosts(["fast", "slow"], backoff: backoff)
    var now = start
    var counts = [0, 0]
    var slowTime = Duration.zero
    let end = start + .seconds(600)
    while now < end {
      let choice = try begin(&hosts, at: now)
      counts[choice.host] += 1
      let took: Duration = choice.host == 0 ? .milliseconds(100) : .seconds(2)
      if choice.host == 1 { slowTime += took }
      now = now + took
      hosts.succeed(choice, took: took, rawBytes: 5 << 20, at: now)
    }
    #expect(counts[1] >= 5, "it is asked now and then")
    #expect(slowTime.inSeconds < 60, "at most a tenth of the time goes to it, with one sender")
  }

  @Test func `a request that was never sent changes nothing`() throws {
    var (hosts, random) = (Hosts(["a"], backoff: backoff), random)
    hosts.fail(try begin(&hosts, at: start), at: start, atLeast: .seconds(5), using: &random)
    let later = start + .seconds(5)
    let probe = try begin(&hosts, at: later)
    #expect(probe.isProbe)
    hosts.withdraw(probe, at: later)
    let again = try begin(&hosts, at: later)
    #expect(again.isProbe)
    #expect(hosts.snapshot[0].requests == 2)
  }

  @Test func `fewer requests at a time when the server can not keep up, slowly more again`() {
    var limit = ConcurrencyLimit(most: 3)
    #expect(limit.allowed == 3)
    limit.shrink()
    #expect(limit.allowed == 1)
    for _ in 0..<2 { limit.grow() }
    #expect(limit.allowed == 2)
    for _ in 0..<100 { limit.grow() }
    #expect(limit.allowed == 3)
    for _ in 0..<100 { limit.shrink() }
    #expect(limit.allowed == 1)
  }
}
