import LogPipeline
import RingSimulation
import Testing

/// A ring over a simulated disk, driven step by step, with a book of what was promised.
final class RingHarness {
  private(set) var configuration: RingConfiguration
  let disk: SimulatedDisk
  private(set) var writer: RingWriter
  private(set) var report = RecoveryReport()
  private(set) var now = MonotonicTime(nanoseconds: 1_000_000_000_000)
  private var nextFingerprint: UInt64 = 1
  private var nextTicket: UInt64 = 1
  private var isSyncing = false

  /// By fingerprint: the lines of every event ever offered.
  private(set) var offered: [UInt64: [UInt8]] = [:]
  /// Fingerprints by ticket, until they are acknowledged.
  private var unacknowledged: [UInt64: [UInt64]] = [:]
  private(set) var acknowledged: Set<UInt64> = []
  private(set) var settled: Set<UInt64> = []

  init(
    sizeBytes: UInt64 = 1 << 20, consumers: [String] = ["delivery"], whenFull: WhenFull = .block
  ) throws {
    configuration = RingConfiguration(
      path: "simulated", sizeBytes: sizeBytes, consumers: consumers, whenFull: whenFull)
    disk = SimulatedDisk(sizeBytes: sizeBytes)
    disk.overwrite(RingOpening.newSuperblock(configuration).encoded(), at: 0)
    let state = try RingOpening.recover(configuration, on: disk)
    writer = RingWriter(state: state, configuration: configuration, disk: disk, now: now)
  }

  /// Opens what is on the disk, as after a restart.
  func reopen(consumers: [String]? = nil, lastKnownSequence: UInt64 = 0) throws {
    configuration.lastKnownSequence = { _ in lastKnownSequence }
    if let consumers { configuration.consumers = consumers }
    #expect(disk.violation == nil)
    isSyncing = false
    unacknowledged = [:]
    let state = try RingOpening.recover(configuration, on: disk)
    report = state.report
    writer = RingWriter(state: state, configuration: configuration, disk: disk, now: now)
  }

  func pass(_ span: Duration) { now = now + span }

  /// One block of events of the given lengths. - Returns: false when there is no room.
  @discardableResult
  func append(_ lengths: [Int], isAwaited: Bool = true, random: inout SeededRandom) -> Bool {
    var block = RawBlock(bytes: [], items: [], intake: 0, ticket: nextTicket)
    block.isAwaited = isAwaited
    var lines: [(UInt64, [UInt8])] = []
    for length in lengths {
      let fingerprint = nextFingerprint + UInt64(lines.count)
      var line = Array("{\"create\":\(fingerprint)}\n".utf8)
      let filler = UInt64.random(in: 0 ... .max, using: &random)
      while line.count < length { line += Array("\(filler &* UInt64(line.count))".utf8) }
      line.append(0x0A)
      block.bytes += line
      block.items.append(
        BlockItem(
          fingerprint: fingerprint, rawLengthBytes: UInt32(line.count), day: 20_000, flags: 7))
      lines.append((fingerprint, line))
    }
    guard writer.append(block, now: now) else { return false }
    nextFingerprint += UInt64(lines.count)
    nextTicket += 1
    unacknowledged[block.ticket] = lines.map(\.0)
    for (fingerprint, line) in lines { offered[fingerprint] = line }
    return true
  }

  func closeGroup() { writer.closeGroup(wallMilliseconds: 1_800_000_000_000) }

  func housekeep(isStarved: Bool = false) {
    writer.housekeep(now: now, wallMilliseconds: 1_800_000_000_000, isStarved: isStarved)
  }

  /// A commit fails: its groups are written again, and a sync of that has begun.
  func failCommit() {
    disk.nextSyncFault = .fails(.staysDirty, isOutOfSpace: false)
    beginSync()
    endSync()
    beginSync()
  }

  func beginSync(isStarved: Bool = false, isClosing: Bool = false) {
    guard !isSyncing else { return }
    isSyncing = writer.beginSync(now: now, isStarved: isStarved, isClosing: isClosing)
    if isSyncing { disk.beginSync() }
  }

  func endSync() {
    guard isSyncing else { return }
    isSyncing = false
    var failure: SystemError?
    do throws(SystemError) { try disk.syncData() } catch { failure = error }
    for moved in writer.endSync(error: failure, took: .milliseconds(1), now: now) {
      for (ticket, events) in unacknowledged where ticket <= moved.ticket {
        acknowledged.formUnion(events)
        unacknowledged[ticket] = nil
      }
    }
  }

  /// Closes the group and commits until nothing is left to do.
  func commit(isStarved: Bool = false) {
    closeGroup()
    for _ in 0..<4 {
      beginSync(isStarved: isStarved)
      endSync()
    }
  }

  /// Leases and reads; a block that can not be read is quarantined and left out.
  func lease(
    consumer: Int = 0, rawBytesMax: Int = 1 << 20, itemsMax: Int = 10_000
  ) -> [StoredBlock] {
    let leased = writer.lease(
      consumer: consumer, rawBytesMax: rawBytesMax, itemsMax: itemsMax, now: now)
    return leased.compactMap { leased in
      let read = LeasedBlockReader.read(leased, on: disk)
      if read == nil, !disk.hasStopped {
        writer.quarantine(leased.place.firstSequence, consumer: consumer)
      }
      return read
    }
  }

  /// All that can be leased now.
  func leaseAll() -> [StoredBlock] {
    var all: [StoredBlock] = []
    while true {
      let more = lease(rawBytesMax: .max, itemsMax: .max)
      if more.isEmpty { return all }
      all += more
    }
  }

  func settle(
    _ block: StoredBlock, consumer: Int = 0, where isChosen: (Int) -> Bool = { _ in true }
  ) {
    let chosen = block.items.indices.filter { isChosen($0) && block.settled?[$0] != true }
    if consumer == 0 { for index in chosen { settled.insert(block.items[index].fingerprint) } }
    writer.settle(
      Settlement(
        block: block.id,
        items: chosen.map {
          Settlement.Item(index: $0, outcome: [.delivered, .duplicate, .deadLettered][$0 % 3])
        }), consumer: consumer)
  }

  /// Where the newest group lies in the file.
  var lastGroupPosition: UInt64? {
    var found: UInt64?
    var last: UInt64 = 0
    let size = configuration.sizeBytes - RingLayout.dataStart
    for offset in stride(from: RingLayout.dataStart, to: configuration.sizeBytes, by: 4096) {
      let page = disk.shown(Int(offset)..<Int(offset) + RingLayout.groupHeaderBytes)
      guard
        let header = GroupHeader(page, fileId: writer.fileId, dataSize: size), header.group > last
      else { continue }
      (found, last) = (offset, header.group)
    }
    return found
  }

  /// Delivers all that waits. - Returns: fingerprints in order.
  func deliverAll(consumer: Int = 0) -> [UInt64] {
    writer.recall()
    var found: [UInt64] = []
    while true {
      let blocks = lease(consumer: consumer)
      if blocks.isEmpty,
        writer.lease(consumer: consumer, rawBytesMax: 1, itemsMax: 1, now: now).isEmpty
      {
        return found
      }
      for block in blocks {
        found += block.items.indices.filter { block.settled?[$0] != true }.map {
          block.items[$0].fingerprint
        }
        check(block)
        settle(block, consumer: consumer)
      }
    }
  }

  /// Each of the block's events is one that was offered, byte for byte.
  private func check(_ block: StoredBlock) {
    let raw = block.codec == .raw ? block.stored : Inflate.pieces([block.stored])
    var offset = 0
    for item in block.items {
      let line = Array(raw[offset..<offset + Int(item.rawLengthBytes)])
      #expect(offered[item.fingerprint] == line, "an event that nobody offered, or other bytes")
      offset += Int(item.rawLengthBytes)
    }
    #expect(offset == raw.count)
  }

  /// After a restart: what was acknowledged is there unless it was settled, nothing is invented, the sums hold.
  func checkPromises(_ replay: String, inOrder: Bool = true) {
    #expect(disk.violation == nil, "\(replay)")
    let before = writer.ledger
    let found = deliverAll()
    let missing = acknowledged.subtracting(found).subtracting(settled)
    #expect(missing.isEmpty, "\(missing.count) acknowledged events are gone; \(replay)")
    #expect(Set(found).count == found.count, "an event came twice; \(replay)")
    #expect(!inOrder || found == found.sorted(), "events came out of order; \(replay)")
    #expect(before.waiting == UInt64(found.count), "waiting is what can be leased; \(replay)")
    let after = writer.ledger
    #expect(after.isAcceptedBalanced && before.isAcceptedBalanced, "\(replay)")
    #expect(after.waiting == 0 && after.quarantined == 0, "\(replay)")
  }
}
