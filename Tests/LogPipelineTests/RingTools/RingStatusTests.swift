import LogPipeline
import RingSimulation
import Testing

/// Goal: one screen says what waits, since when, for whom, and how long the space lasts.
/// Method: simulated rings in known states, compared with the whole screen.
@Suite struct RingStatusTests {
  @Test func `a ring that nobody has used`() throws {
    let ring = try RingHarness()
    let text = try ring.status().text
    #expect(
      text == """
        ring      simulated
        state     no agent runs; not closed in order; opened 1 time
        space     [------------------------------] 0 %, 740 KiB free of 1 MiB
        waiting   nothing
        lasts     idle: nothing came in the last minute that still waits
        for       delivery: 0 events from 1 on
                  delivered 0, duplicate 0, dead-lettered 0,
                  quarantined 0, dropped 0, erased 0
        ledger    accepted 0 = settled 0 + waiting 0; the log holds as many: the sum is
                  right

        """)
  }

  @Test func `a ring where some is settled and more waits`() throws {
    let ring = try RingHarness()
    ring.fill(groups: 40)
    for block in ring.lease(itemsMax: 30) { ring.settle(block) }
    ring.makeCursorDurable()
    let text = try ring.status(secondsLater: 3 * 3600 + 720).text
    #expect(
      text == """
        ring      simulated
        state     no agent runs; not closed in order; opened 1 time
        space     [####--------------------------] 13 %, 620 KiB free of 1 MiB
        waiting   90 events in 30 groups; 9.84 KiB raw, 120 KiB on disk
        since     2027-01-15 08:00:00 UTC, 3 h 12 min ago
        lasts     idle: nothing came in the last minute that still waits
        for       delivery: 90 events from 31 on
                  delivered 10, duplicate 10, dead-lettered 10,
                  quarantined 0, dropped 0, erased 0
        ledger    accepted 120 = settled 30 + waiting 90; the log holds as many: the sum
                  is right

        """)
  }

  @Test func `the space lasts at the rate of the last minute`() throws {
    let ring = try RingHarness()
    ring.fill(groups: 40)
    let status = try ring.status(secondsLater: 10)
    #expect(status.bytesPerSecond == 16_384)
    #expect(status.secondsLeft == status.freeBytes / 16_384)
    #expect(status.text.contains("s at 16 KiB/s, if nothing is delivered meanwhile"))
    // A clock that was set back says nothing about the rate.
    #expect(try ring.status(secondsLater: -10).bytesPerSecond == 163_840)
  }

  @Test func `an event of damaged headers is said, and the sum holds with it`() throws {
    let ring = try RingHarness()
    ring.fill(groups: 4)
    ring.disk.flipBit(at: RingLayout.dataStart + 4096 + 50)
    let status = try ring.status()
    #expect(status.unreadable == 3 && status.isBalanced)
    #expect(status.text.contains("; at least 3 of them can not be\n"))
  }

  @Test func `a counter that is wrong is not hidden`() throws {
    let ring = try RingHarness()
    ring.fill(groups: 2)
    ring.makeCursorDurable()
    for offset in RingLayout.superblockOffsets {
      let bytes = ring.disk.shown(Int(offset)..<Int(offset) + 4096)
      guard case .valid(var superblock) = Superblock.read(bytes) else { continue }
      superblock.accepted += 1
      ring.disk.overwrite(superblock.encoded(), at: offset)
    }
    let status = try ring.status()
    #expect(!status.isBalanced)
    #expect(status.text.contains("but the log holds 6 that wait"))
    #expect(status.json["balanced"]?.bool == false)
  }

  @Test func `every line fits 80 columns, also with large numbers and several consumers`() throws {
    let ring = try RingHarness()
    ring.fill(groups: 3)
    var status = try ring.status()
    for index in status.consumers.indices {
      status.consumers[index].waiting = 123_456_789_012
      status.consumers[index].found = 123_456_789_012
      status.consumers[index].record.delivered = 987_654_321_098
    }
    status.consumers.append(status.consumers[0])
    status.consumers[1].record.name = "archive"
    status.accepted = 987_654_321_098
    for line in status.text.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
    #expect(status.text.contains("\n          archive: 123,456,789,012 events"))
    #expect(status.json["consumers"]?[1]?["name"]?.string == "archive")
  }

  @Test func `each consumer has its own cursor and its own waiting events`() throws {
    let configuration = RingConfiguration(
      path: "simulated", sizeBytes: 1 << 20, consumers: ["delivery", "rollups"])
    let ring = try RingHarness(sizeBytes: 1 << 20)
    ring.fill(groups: 4)
    let state = try RingOpening.recover(configuration, on: ring.disk)
    let now = MonotonicTime(nanoseconds: 1_000_000_000_000)
    _ = RingWriter(state: state, configuration: configuration, disk: ring.disk, now: now)
    let status = try ring.status()
    #expect(status.consumers.map(\.record.name) == ["delivery", "rollups"])
    #expect(status.consumers.map(\.waiting) == [12, 0])
    #expect(status.consumers.map(\.found) == [12, 0])
  }
}
