import LogPipeline
import RingSimulation

/// A simulated day at 10 events a second while Elasticsearch is away, and on until the ring is full: what repacking keeps.
struct FullDay {
  private static let sizeBytes: UInt64 = 64 << 20
  private static let interval = Duration.milliseconds(100)
  private static let commitsAheadMax = 4

  private let disk = CountingDisk(SimulatedDisk(sizeBytes: sizeBytes))
  private var configuration: RingConfiguration {
    RingConfiguration(path: "simulated", sizeBytes: Self.sizeBytes)
  }

  /// True when nothing was lost and the ring refused only once no repacking helped any more.
  func run() throws(RingError) -> Bool {
    let start = MonotonicTime(nanoseconds: 1_000_000_000_000)
    var now = start
    disk.disk.overwrite(RingOpening.newSuperblock(configuration).encoded(), at: 0)
    var writer = try open(now)
    var random = SeededRandom(seed: 20_261_123)
    var kept: UInt64 = 0
    var rawBytes: UInt64 = 0
    var refusals = 0
    var dayTold = false
    // Full is when it refuses, with every commit and all repacking done.
    while refusals < 3 {
      let event = SampleEvent.bulkLines(kept, &random)
      let wall = Int64(clamping: kept * 100)
      writer.housekeep(now: now, wallMilliseconds: wall, isStarved: refusals > 0)
      if writer.append(block(event, kept), now: now) {
        kept += 1
        rawBytes += UInt64(event.count)
        refusals = 0
      } else {
        refusals += 1
      }
      // Each event's group closes and is committed long before the next one comes.
      writer.closeGroup(wallMilliseconds: wall)
      commit(writer, now, isStarved: refusals > 0)
      now = now + Self.interval
      if !dayTold, now.since(start) >= .seconds(86_400) {
        dayTold = true
        tell("after a day", writer, kept: kept, rawBytes: rawBytes, now.since(start))
      }
    }
    tell("full", writer, kept: kept, rawBytes: rawBytes, now.since(start))
    disk.disk.losePower(seed: 1)
    writer = try open(now)
    return deliver(writer, kept: kept, now)
  }

  private func open(_ now: MonotonicTime) throws(RingError) -> RingWriter {
    let state = try RingOpening.recover(configuration, on: disk)
    return RingWriter(state: state, configuration: configuration, disk: disk, now: now)
  }

  private func block(_ event: [UInt8], _ number: UInt64) -> RawBlock {
    RawBlock(
      bytes: event,
      items: [
        BlockItem(
          fingerprint: number + 1, rawLengthBytes: UInt32(event.count), day: 20_000, flags: 0)
      ], intake: 0, ticket: number + 1)
  }

  private func commit(_ writer: RingWriter, _ now: MonotonicTime, isStarved: Bool) {
    for _ in 0..<Self.commitsAheadMax {
      guard writer.beginSync(now: now, isStarved: isStarved) else { return }
      disk.disk.beginSync()
      var failure: SystemError?
      do throws(SystemError) { try disk.syncData() } catch { failure = error }
      _ = writer.endSync(error: failure, took: .milliseconds(2), now: now)
    }
  }

  /// Everything that was kept comes out again, once.
  private func deliver(_ writer: RingWriter, kept: UInt64, _ now: MonotonicTime) -> Bool {
    var found = Set<UInt64>()
    var twice = 0
    while true {
      let leased = writer.lease(rawBytesMax: 8 << 20, itemsMax: 20_000, now: now)
      if leased.isEmpty { break }
      for place in leased {
        guard let block = LeasedBlockReader.read(place, on: disk), block.rawBytes != nil else {
          StandardStreams.write("block \(place.place.firstSequence) can not be read\n")
          return false
        }
        for (index, item) in block.items.enumerated() where block.settled?[index] != true {
          if !found.insert(item.fingerprint).inserted { twice += 1 }
        }
        writer.settle(.whole(block, .delivered))
      }
    }
    let ledger = writer.ledger
    StandardStreams.write(
      "after a power cut: \(found.count) of \(kept) events delivered, \(twice) twice, \(ledger.waiting) wait, \(ledger.quarantined) quarantined\n"
    )
    return found.count == Int(kept) && twice == 0 && ledger.waiting == 0 && ledger.quarantined == 0
      && ledger.delivered == kept
  }

  private func tell(
    _ when: String, _ writer: RingWriter, kept: UInt64, rawBytes: UInt64, _ elapsed: Duration
  ) {
    let used = writer.snapshot(isStarved: false).usedBytes
    let hours = (elapsed.inSeconds / 360).rounded() / 10
    StandardStreams.write(
      """
      \(when): \(kept) events kept of \(rawBytes >> 20) MiB raw, \(hours) hours; \(used >> 20) MiB used, \(used / max(1, kept)) bytes an event
        written to the disk: \(disk.bytesWritten >> 20) MiB, \(disk.bytesWritten / max(1, kept)) bytes an event, \(Double(disk.bytesWritten * 10 / max(1, used)) / 10) times what is used

      """)
  }
}
