import LogPipeline
import RingSimulation
import Testing

/// When groups close and commits begin: as soon as it brings anything, and never after what is promised.
@Suite struct RingCommitTimeTests {
  private let ring: RingHarness
  private let configuration = RingConfiguration(path: "simulated")

  init() throws {
    ring = try RingHarness()
    ring.pass(.seconds(1))
  }

  private var due: MonotonicTime? { ring.writer.nextSyncDue(isStarved: false) }
  private var isDue: Bool { due.map { $0 <= ring.now } ?? false }

  /// One group, written.
  private func write(isAwaited: Bool, _ random: inout SeededRandom) {
    ring.append([100], isAwaited: isAwaited, random: &random)
    ring.closeGroup()
  }

  private func sync() {
    ring.beginSync()
    ring.endSync()
  }

  /// Groups that nobody waits for have come one after another; all are durable.
  private func flow(_ random: inout SeededRandom) {
    for _ in 0..<2 {
      write(isAwaited: false, &random)
      sync()
      ring.pass(.milliseconds(9))
    }
  }

  @Test func `a group closes at once when its commit may begin, else after its delay`() {
    var random = SeededRandom(seed: 31)
    ring.append([100], random: &random)
    #expect(ring.writer.groupDeadline == ring.now)
    ring.closeGroup()
    #expect(ring.writer.groupDeadline == nil)
    ring.beginSync()
    ring.append([100], random: &random)
    #expect(ring.writer.groupDeadline == ring.now + configuration.groupDelay, "a commit runs")
    ring.pass(.milliseconds(1))
    ring.endSync()
    #expect(ring.writer.groupDeadline == ring.now + .milliseconds(1), "the next is not due yet")
    ring.closeGroup()
    ring.pass(.milliseconds(3))
    ring.append([100], random: &random)
    #expect(ring.writer.groupDeadline == ring.now + .milliseconds(1), "with the commit of both")
  }

  @Test func `a group that comes alone is committed at once`() {
    var random = SeededRandom(seed: 32)
    write(isAwaited: false, &random)
    #expect(isDue)
  }

  @Test func `groups in a row share a commit, which begins within twice the interval`() throws {
    var random = SeededRandom(seed: 33)
    flow(&random)
    write(isAwaited: false, &random)
    let first = ring.now
    #expect(due == first + configuration.commitInterval * 2)
    ring.pass(.milliseconds(1))
    ring.append([100], isAwaited: false, random: &random)
    #expect(ring.writer.groupDeadline == ring.now + configuration.groupDelay)
    ring.closeGroup()
    #expect(due == first + configuration.commitInterval)
    ring.pass(.milliseconds(8))
    ring.append([100], isAwaited: false, random: &random)
    #expect(ring.writer.groupDeadline == ring.now, "the commit waits for this one alone")
    ring.closeGroup()
    #expect(isDue)
    sync()
    #expect(ring.writer.isAllDurable)
  }

  @Test func `nothing waits for company that somebody waits for, or that a full ring needs`() {
    var random = SeededRandom(seed: 34)
    flow(&random)
    write(isAwaited: false, &random)
    #expect(!isDue)
    #expect(ring.writer.nextSyncDue(isStarved: true).map { $0 <= ring.now } == true)
    write(isAwaited: true, &random)
    #expect(isDue)
  }

  @Test func `a commit that failed is repeated as soon as one may begin`() {
    var random = SeededRandom(seed: 35)
    flow(&random)
    write(isAwaited: false, &random)
    ring.disk.failingSyncs = [ring.disk.syncs + 1]
    sync()
    #expect(due == ring.now + configuration.commitInterval)
  }
}
