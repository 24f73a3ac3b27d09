import LogPipeline
import RingSimulation
import Testing

/// Goal: `ring verify` finds every fault, says where and what it costs, and calls nothing a fault that is none.
/// Method: rings over the simulated disk, damaged at known places; what it says beforehand is compared with what the ring
/// itself gives up when it is opened and read.
@Suite struct RingVerifierTests {
  private static let data = RingLayout.dataStart

  @Test func `a whole ring, as the screen shows it`() throws {
    let ring = try RingHarness()
    ring.fill(groups: 4)
    let found = try ring.verified()
    #expect(found.isWhole && !found.isTailTorn)
    #expect(
      found.text == """
        ring         simulated, 1 MiB
        superblocks  A whole (generation 3), B whole (generation 2)
        log          positions 0 to 16,384
        checked      4 groups, 4 blocks, 12 events
        end          Not closed in order; 4 groups behind the newest superblock were
                     found, nothing is cut off.

        The ring is whole.

        """)
  }

  @Test func `faults, as the screen shows them`() throws {
    let ring = try RingHarness()
    ring.fill(groups: 4)
    ring.disk.flipBit(at: 100)
    ring.disk.flipBit(at: Self.data + 4096 + 200)
    let found = try ring.verified()
    #expect(
      found.text.contains(
        """

        fault 1      file offset 0
                     Superblock A: its checksum is wrong; the other one counts.
                     No event is touched by it.

        fault 2      file offset 135,304 (log position 4,096), group 2
                     Block 1 of 1: the checksum of its stored bytes is wrong.
                     Events 4 to 6 (3): would be quarantined.

        2 faults. 3 waiting events can not be read any more; the agent counts them as
        quarantined when it comes to them, and delivers the rest. The ring was not
        changed. Save what is whole with sheepshipper ring export, and check the disk.

        """), "\(found.text)")
  }

  struct Damage: CustomTestStringConvertible {
    let testDescription: String
    let says: String
    /// Lost of twelve, in groups of three.
    let lost: UInt64
    let make: @Sendable (RingHarness) -> Void

    init(
      _ name: String, _ says: String, lost: UInt64,
      _ make: @escaping @Sendable (RingHarness) -> Void
    ) {
      (testDescription, self.says, self.lost, self.make) = (name, says, lost, make)
    }
  }

  /// Of the second of four groups; the header is 136 bytes, the block 306, then one row and three items.
  static let damages = [
    Damage("header", "the checksum of the group's header is wrong", lost: 3) {
      $0.disk.flipBit(at: data + 4096 + 50)
    },
    Damage("mark", "there is no group header where one belongs", lost: 3) {
      $0.disk.flipBit(at: data + 4096)
    },
    Damage("other file", "belongs to another file", lost: 3) {
      let header = $0.disk.shown(Int(data)..<Int(data) + 136)
      let own = GroupHeader(
        header, fileId: number(header, at: 8), dataSize: UInt64($0.disk.sizeBytes) - data)
      guard var group = own else { return }
      group.fileId ^= 1
      (group.position, group.group) = (4096, 2)
      $0.disk.overwrite(group.encoded(), at: data + 4096)
    },
    Damage("missing page", "there are zeros where the group's header belongs", lost: 3) {
      $0.disk.overwrite([UInt8](repeating: 0, count: 4096), at: data + 4096)
    },
    Damage("misdirected", "belongs to log position 0", lost: 3) {
      $0.disk.overwrite($0.disk.shown(Int(data)..<Int(data) + 4096), at: data + 4096)
    },
    Damage("unreadable header", "the disk can not read the group's header", lost: 3) {
      $0.disk.unreadable = data + 4096..<data + 4096 + 512
    },
    Damage("block", "block 1 of 1: the checksum of its stored bytes is wrong", lost: 3) {
      $0.disk.flipBit(at: data + 4096 + 140)
    },
    Damage("tables", "the checksum of the group's tables is wrong", lost: 3) {
      $0.disk.flipBit(at: data + 4096 + 500)
    },
    Damage("padding", "the checksum of the group's tables is wrong", lost: 3) {
      $0.disk.flipBit(at: data + 4096 + 4000)
    },
    Damage("slot B", "superblock B: its checksum is wrong", lost: 0) {
      $0.disk.flipBit(at: 65_536 + 300)
    },
    Damage("slot A without a mark", "superblock A: its checksum is wrong", lost: 0) {
      $0.disk.overwrite([UInt8](repeating: 0, count: 4096), at: 0)
    },
    Damage("slot A unreadable", "superblock A: the disk can not read it", lost: 0) {
      $0.disk.unreadable = 0..<512
    },
    Damage("slot B of another version", "superblock B: it has format version 7", lost: 0) {
      var slot = $0.disk.shown(65_536..<65_536 + 4096)
      slot[4] = 7
      let crc = Crc32c.of(Array(slot[4...]))
      slot.replaceSubrange(0..<4, with: (0..<4).map { UInt8(truncatingIfNeeded: crc >> ($0 * 8)) })
      $0.disk.overwrite(slot, at: 65_536)
    },
  ]

  private static func number(_ bytes: [UInt8], at offset: Int) -> UInt64 {
    (0..<8).reduce(0) { $0 | UInt64(bytes[offset + $1]) << UInt64(8 * $1) }
  }

  @Test(arguments: damages)
  func `each kind of damage is named, with what it costs`(damage: Damage) throws {
    let ring = try RingHarness()
    ring.fill(groups: 4)
    damage.make(ring)
    let found = try ring.verified()
    #expect(found.faultCount == 1, "\(found.text)")
    #expect(found.faults.first?.text.contains(damage.says) == true, "\(found.text)")
    #expect(found.eventsLost == damage.lost)
    let first = found.faults.first?.firstSequence
    #expect(first == (damage.lost > 0 ? 4 : nil))
  }

  @Test func `with both superblocks gone the log is found by its groups, and resize refuses`()
    throws
  {
    let ring = try RingHarness()
    ring.fill(groups: 4)
    for slot in RingLayout.superblockOffsets { ring.disk.flipBit(at: slot + 100) }
    let found = try ring.verified()
    #expect(found.faultCount == 2 && found.eventsLost == 0 && found.events == 12)
    #expect(found.faults.allSatisfy { $0.text.contains("the log was found again by its groups") })
    #expect(try ring.status().consumers.map(\.waiting) == [12])
    #expect(throws: RingToolError.staleSuperblock(path: "simulated")) {
      try RingResize.copy(ring.view, to: SimulatedDisk(sizeBytes: 2 << 20), sizeBytes: 2 << 20)
    }
  }

  @Test func `what is no ring is none`() throws {
    for byte in [0, 7] as [UInt8] {
      let ring = try RingHarness()
      ring.disk.overwrite([UInt8](repeating: byte, count: ring.disk.sizeBytes), at: 0)
      #expect(throws: RingToolError.notARing(path: "simulated")) { try ring.verified() }
    }
    let empty = RingView(path: "empty", sizeBytes: 0, disk: SimulatedDisk(sizeBytes: 0))
    #expect(throws: RingToolError.notARing(path: "empty")) {
      try RingVerifier.verify(empty) { _, _ in }
    }
  }

  @Test func `a torn tail is said, and is no fault`() throws {
    let ring = try RingHarness()
    ring.fill(groups: 3)
    var random = SeededRandom(seed: 2)
    ring.append([100], random: &random)
    ring.closeGroup()
    ring.disk.flipBit(at: Self.data + 3 * 4096 + 200)
    let found = try ring.verified()
    #expect(found.isWhole && found.isTailTorn)
    #expect(found.events == 9)
    #expect(found.text.contains("cut short (a torn tail)"))
  }

  @Test func `what it says is lost is what the ring gives up, whichever bit is flipped`() throws {
    for offset in stride(from: Self.data, to: Self.data + 3 * 4096, by: 61) {
      let ring = try RingHarness()
      ring.fill(groups: 4)
      ring.disk.flipBit(at: offset, bit: UInt8(offset % 8))
      let before = ring.disk.content
      let found = try ring.verified()
      #expect(ring.disk.content == before, "a look changes nothing")
      #expect(try ring.status().isBalanced)
      try ring.reopen()
      let delivered = ring.deliverAll()
      #expect(found.faultCount == 1, "offset \(offset)\n\(found.text)")
      #expect(found.eventsLost == ring.writer.ledger.quarantined, "offset \(offset)")
      #expect(found.eventsLost == 12 - UInt64(delivered.count), "offset \(offset)")
    }
  }

  @Test func `events that are settled before are not lost`() throws {
    let ring = try RingHarness()
    ring.fill(groups: 4)
    let blocks = ring.lease()
    // The first is open, so nothing is free; the second is settled all the same.
    ring.settle(blocks[1])
    ring.settle(blocks[0], where: { $0 == 0 })
    ring.makeCursorDurable()
    ring.disk.flipBit(at: Self.data + 4096 + 140)
    #expect(try ring.verified().eventsLost == 3, "the cursor is before it: sent again, so lost")
    ring.disk.flipBit(at: Self.data + 4096 + 140)
    ring.settle(blocks[0], where: { $0 > 0 })
    ring.makeCursorDurable()
    ring.disk.flipBit(at: Self.data + 4096 + 140)
    #expect(try ring.verified().isWhole, "the place is free already")
  }

  @Test(arguments: SimulationSeeds.from(71, count: 3))
  func `rings of many laps, burned ranges and copies are whole, and their sums are right`(
    seed: UInt64
  ) throws {
    let ring = try RingToolsWorkload.run(seed: seed) { ring in
      let found = try ring.verified()
      // A power cut may have torn the slot that was being written: the other one counts.
      #expect(
        found.faults.allSatisfy { $0.position == nil } && found.faultCount <= 1
          && found.eventsLost == 0, "seed \(seed)\n\(found.text)")
      let status = try ring.status()
      #expect(status.isBalanced, "seed \(seed)\n\(status.text)")
    }
    try ring.reopen()
    #expect(try ring.verified().isWhole)
    let status = try ring.status()
    #expect(status.consumers.first?.waiting == UInt64(ring.deliverAll().count))
  }

  @Test func `space that is freed and written over during the look is no fault`() throws {
    let ring = try RingHarness()
    ring.fill(groups: 60)
    for readsBefore in stride(from: 3, to: 120, by: 13) {
      let moving = MovingDisk(ring.disk, readsBefore: readsBefore) {
        // More than a lap.
        for _ in 0..<4 {
          _ = ring.deliverAll()
          ring.makeCursorDurable()
          ring.fill(groups: 60, seed: UInt64(readsBefore))
        }
      }
      let view = RingView(
        path: "simulated", sizeBytes: UInt64(ring.disk.sizeBytes), disk: moving,
        isInUse: { true })
      let found = try RingVerifier.verify(view) { _, _ in }
      #expect(found.isWhole, "after \(readsBefore) reads\n\(found.text)")
      #expect(found.text.contains("In use by a running agent"))
    }
  }
}
