import LogPipeline
import RingSimulation
import Testing

/// Every later version must read a ring of format 1 as this one does. The file was written once and stays as it is.
///
/// In it: a lap and a half with a SKIP, two consumers, a compressed block, a burned range, a copy that took over (of
/// event 274), a void one (of event 312), a group behind the last superblock, and a torn one.
@Suite struct RingFixtureTests {
  @Test func `a ring of format 1 opens with all it held`() throws {
    let disk = SimulatedDisk(sizeBytes: 512 << 10)
    let folder = #filePath.split(separator: "/").dropLast(2).joined(separator: "/")
    let packed = try FileSystem.read("/\(folder)/Fixtures/ring/format-1.ring.gz")
    disk.overwrite(try #require(GunzipSupport.gunzip(packed)), at: 0)
    let configuration = RingConfiguration(
      path: "format-1.ring", sizeBytes: 512 << 10, consumers: ["delivery", "archive"])
    let state = try RingOpening.recover(configuration, on: disk)
    #expect(state.report.groupsFound == 2 && state.report.eventsFound == 3)
    #expect(state.report.isTailTorn && state.report.eventsQuarantined == 0)
    let writer = RingWriter(
      state: state, configuration: configuration, disk: disk, now: MonotonicTime(nanoseconds: 1))
    var ledger = Ledger()
    (ledger.accepted, ledger.refused, ledger.waiting) = (315, 5, 6)
    (ledger.delivered, ledger.duplicate, ledger.deadLettered) = (103, 103, 103)
    #expect(writer.ledger == ledger)
    #expect(writer.ledger(of: 1).waiting == 45)
    #expect(
      try waiting(of: 0, writer, disk) == [
        311: [311, 312], 313: [274], 315: [313], 316: [314, 315],
      ]
    )
    #expect(
      try waiting(of: 1, writer, disk) == [
        271: Array(271...310), 311: [311, 312], 315: [313], 316: [314, 315],
      ])
  }

  /// Fingerprints by block; each line was written as `{"create":fingerprint}` and filler.
  private func waiting(
    of consumer: Int, _ writer: RingWriter, _ disk: SimulatedDisk
  ) throws -> [UInt64: [UInt64]] {
    var found: [UInt64: [UInt64]] = [:]
    for leased in writer.lease(
      consumer: consumer, rawBytesMax: .max, itemsMax: .max, now: MonotonicTime(nanoseconds: 2))
    {
      let block = try #require(LeasedBlockReader.read(leased, on: disk))
      let raw = try #require(block.rawBytes)
      var offset = 0
      for (index, item) in block.items.enumerated() {
        let line = raw[offset..<offset + Int(item.rawLengthBytes)]
        #expect(line.starts(with: Array("{\"create\":\(item.fingerprint)}\n".utf8)))
        offset += Int(item.rawLengthBytes)
        if block.settled?[index] != true {
          found[block.firstSequence, default: []].append(item.fingerprint)
        }
      }
    }
    return found
  }
}
