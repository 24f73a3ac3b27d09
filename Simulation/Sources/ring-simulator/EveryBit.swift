import LogPipeline
import Synchronization

/// Flips each bit of a ring of 64 KiB, one at a time, opens it and delivers all: no wrong bytes, nothing lost but the
/// block or group that holds the bit, and the sums exact. Twice: with the last superblock before and behind what waits.
final class EveryBit: Sendable {
  private static let failuresShown = 10
  private let failures = Mutex<[String]>([])
  /// How many flips cost events.
  private let costly = Atomic<Int>(0)

  /// True when every flip was survived.
  func run(jobs: Int) throws -> Bool {
    let clock = SystemClock()
    let began = clock.now()
    var count = 0
    for isHintLast in [false, true] {
      let image = try BitImage(isHintLast: isHintLast)
      if let fault = fault(in: image, on: MemoryDisk(image.bytes), flipped: nil) {
        failures.withLock { $0.append("without a wrong bit: \(fault)") }
        break
      }
      let places = Self.places
      count += places.count * 8
      let threads = try (0..<jobs).map { job in
        try PosixThread("bits \(job)") {
          let disk = MemoryDisk(image.bytes)
          for index in stride(from: job, to: places.count, by: jobs) {
            for bit in 0..<8 { self.flip(bit, at: places[index], image, disk) }
          }
        }
      }
      for thread in threads { thread.join() }
    }
    let found = failures.withLock { $0 }
    for failure in found.prefix(Self.failuresShown) { StandardStreams.write("\(failure)\n") }
    let seconds = Int(clock.now().since(began).inSeconds)
    StandardStreams.write(
      "\(count) flipped bits in \(seconds) s, \(costly.load(ordering: .relaxed)) of them cost events, \(found.count) failed\n"
    )
    return found.isEmpty
  }

  /// Both superblocks, and all groups: 64 KiB.
  private static var places: [Int] {
    let page = RingLayout.pageBytes
    let slots = RingLayout.superblockOffsets.flatMap { Int($0)..<Int($0) + page }
    let start = Int(RingLayout.dataStart)
    return slots + Array(start..<start + BitImage.dataPages * page)
  }

  private func flip(_ bit: Int, at offset: Int, _ image: BitImage, _ disk: MemoryDisk) {
    disk.restore()
    disk.flip(bit: bit, at: offset)
    if let fault = fault(in: image, on: disk, flipped: offset) {
      failures.withLock {
        $0.append(
          "byte \(offset), bit \(bit), hint \(image.isHintLast ? "behind" : "before") what waits: \(fault)"
        )
      }
    }
  }

  /// nil: all that is promised holds.
  private func fault(in image: BitImage, on disk: MemoryDisk, flipped offset: Int?) -> String? {
    let state: RingState
    do throws(RingError) { state = try RingOpening.recover(BitImage.configuration, on: disk) } catch
    {
      return "it does not open: \(error)"
    }
    let writer = RingWriter(
      state: state, configuration: BitImage.configuration, disk: disk, now: BitImage.now)
    var lost = image.waiting
    if let fault = deliver(writer, image, disk, lost: &lost) { return fault }
    if !lost.isEmpty { costly.add(1, ordering: .relaxed) }
    let allowed = offset.map { image.cost(at: $0) } ?? []
    guard lost.isSubset(of: allowed) else {
      return "events \(lost.sorted()) are gone, allowed are \(allowed.sorted())"
    }
    let ledger = writer.ledger
    guard ledger.waiting == 0, ledger.isAcceptedBalanced else { return "the sum: \(ledger)" }
    // What nothing witnesses can not be told from a torn tail, which was never accepted.
    let isTorn = !lost.isEmpty && lost == image.unwitnessed
    let accepted = image.accepted - (isTorn ? UInt64(lost.count) : 0)
    let quarantined = isTorn ? 0 : UInt64(lost.count)
    guard ledger.accepted == accepted, ledger.quarantined == quarantined else {
      return
        "\(ledger.accepted) accepted and \(ledger.quarantined) quarantined, not \(accepted) and \(quarantined)"
    }
    return nil
  }

  /// Takes out of `lost` what comes.
  private func deliver(
    _ writer: RingWriter, _ image: BitImage, _ disk: MemoryDisk, lost: inout Set<UInt64>
  ) -> String? {
    while true {
      let leased = writer.lease(rawBytesMax: 1 << 20, itemsMax: 10_000, now: BitImage.now)
      if leased.isEmpty { return nil }
      for place in leased {
        guard let block = LeasedBlockReader.read(place, on: disk) else {
          writer.quarantine(place.place.firstSequence)
          continue
        }
        guard let first = block.items.first, let known = image.blocks[first.fingerprint],
          known.stored == block.stored, known.items == block.items, known.codec == block.codec,
          known.rawLengthBytes == block.rawLengthBytes, known.rawCrc32 == block.rawCrc32
        else { return "block \(block.id) is none that was written" }
        for item in block.items {
          guard lost.remove(item.fingerprint) != nil else {
            return "event \(item.fingerprint) came twice"
          }
        }
        writer.settle(.whole(block, .delivered))
      }
    }
  }
}
