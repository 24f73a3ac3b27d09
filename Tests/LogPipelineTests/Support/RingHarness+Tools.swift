import LogPipeline
import RingSimulation

/// A clock that stands still.
struct StandingClock: Clock {
  let milliseconds: Int64
  func now() -> MonotonicTime { MonotonicTime(nanoseconds: 1) }
  func wallMilliseconds() -> Int64 { milliseconds }
}

/// What the ring tools see of a simulated ring.
extension RingHarness {
  static let writtenAt: Int64 = 1_800_000_000_000

  var view: RingView { view(isInUse: false) }

  func view(isInUse: Bool) -> RingView {
    RingView(
      path: "simulated", sizeBytes: UInt64(disk.sizeBytes), disk: disk, isInUse: { isInUse })
  }

  func verified() throws -> RingVerification { try RingVerifier.verify(view) { _, _ in } }

  func status(secondsLater: Int64 = 10) throws -> RingStatus {
    try RingStatusReader.read(
      view, clock: StandingClock(milliseconds: Self.writtenAt + secondsLater * 1000))
  }

  /// Groups of one block with so many events of 100 bytes each, all durable.
  func fill(groups: Int, events: Int = 3, seed: UInt64 = 1) {
    var random = SeededRandom(seed: seed)
    for _ in 0..<groups {
      append([Int](repeating: 100, count: events), random: &random)
      commit()
    }
  }

  /// The next superblock carries what is settled.
  func makeCursorDurable() {
    pass(.seconds(2))
    commit()
    commit()
  }

  /// What another ring on a disk would deliver, by fingerprint, and its ledger before that.
  static func contents(
    of disk: SimulatedDisk, consumers: [String] = ["delivery"]
  ) throws -> (events: [UInt64], ledger: Ledger) {
    let configuration = RingConfiguration(
      path: "other", sizeBytes: UInt64(disk.sizeBytes), consumers: consumers)
    let state = try RingOpening.recover(configuration, on: disk)
    let now = MonotonicTime(nanoseconds: 1_000_000_000_000)
    let writer = RingWriter(state: state, configuration: configuration, disk: disk, now: now)
    let ledger = writer.ledger
    var events: [UInt64] = []
    while true {
      let leased = writer.lease(rawBytesMax: 1 << 20, itemsMax: 10_000, now: now)
      if leased.isEmpty { return (events, ledger) }
      for block in leased {
        guard let stored = LeasedBlockReader.read(block, on: disk) else {
          writer.quarantine(block.place.firstSequence)
          continue
        }
        let owed = stored.items.indices.filter { stored.settled?[$0] != true }
        events += owed.map { stored.items[$0].fingerprint }
        writer.settle(
          Settlement(
            block: stored.id, items: owed.map { Settlement.Item(index: $0, outcome: .delivered) }))
      }
    }
  }
}
