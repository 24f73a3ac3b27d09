import LogPipeline
import RingSimulation
import Testing

/// Goal: a resized ring delivers the same events with the same ledger, and a stop at any moment leaves a whole ring.
/// Method: simulated rings with everything in them that a log can hold, copied to another size and read; the copy stopped
/// at each of its steps; then real files.
@Suite struct RingResizeTests {
  @Test(arguments: SimulationSeeds.from(81, count: 3))
  func `the same is delivered afterwards, larger or smaller`(seed: UInt64) throws {
    for sizeBytes in [2 << 20, 1 << 20, (1 << 20) + 12_345] as [UInt64] {
      let ring = try RingToolsWorkload.run(seed: seed) { _ in }
      let target = SimulatedDisk(sizeBytes: sizeBytes)
      try RingResize.copy(ring.view, to: target, sizeBytes: sizeBytes)
      let made = RingView(path: "made", sizeBytes: sizeBytes, disk: target)
      let found = try RingVerifier.verify(made) { _, _ in }
      #expect(found.isWhole, "seed \(seed)\n\(found.text)")
      try expectEqual(target, ring, "seed \(seed), size \(sizeBytes)")
    }
  }

  private func expectEqual(_ target: SimulatedDisk, _ ring: RingHarness, _ replay: String) throws {
    // What a restart of the old one would give.
    let old = try RingHarness.contents(of: ring.disk)
    let new = try RingHarness.contents(of: target)
    #expect(new.events == old.events, "\(replay)")
    #expect(new.ledger == old.ledger, "\(replay)")
    let (oldBlock, newBlock) = (try superblock(ring.disk), try superblock(target))
    #expect(newBlock.ringId == oldBlock.ringId && newBlock.fileId != oldBlock.fileId)
    #expect(newBlock.hint.sequence == oldBlock.hint.sequence, "sequences go on where they were")
  }

  private func superblock(_ disk: SimulatedDisk) throws -> Superblock {
    let found = RingLayout.superblockOffsets.compactMap { offset -> Superblock? in
      let bytes = disk.shown(Int(offset)..<Int(offset) + RingLayout.pageBytes)
      if case .valid(let superblock) = Superblock.read(bytes) { return superblock }
      return nil
    }
    return try #require(found.max { $0.generation < $1.generation })
  }

  @Test func `an empty ring and a settled one can be resized`() throws {
    let empty = try RingHarness()
    let settled = try RingHarness()
    settled.fill(groups: 5)
    _ = settled.deliverAll()
    settled.makeCursorDurable()
    for ring in [empty, settled] {
      let target = SimulatedDisk(sizeBytes: 2 << 20)
      try RingResize.copy(ring.view, to: target, sizeBytes: 2 << 20)
      try expectEqual(target, ring, "")
    }
  }

  @Test func `stopped at any step, the new file is no ring or a whole one`() throws {
    let ring = try RingHarness()
    ring.fill(groups: 6)
    let waiting = try ring.status().consumers[0].waiting
    for step in 1... {
      let target = SimulatedDisk(sizeBytes: 2 << 20)
      target.stopAtStep = step
      let stopped = (try? RingResize.copy(ring.view, to: target, sizeBytes: 2 << 20)) == nil
      target.losePower(seed: UInt64(step))
      let view = RingView(path: "made", sizeBytes: 2 << 20, disk: target)
      if let found = try? RingVerifier.verify(view, onProgress: { _, _ in }) {
        // Without any superblock it only ever had the temporary name.
        if found.faultCount == 2 { continue }
        let faults = found.faults.filter { $0.position != nil }
        #expect(faults.isEmpty, "step \(step)\n\(found.text)")
        #expect(try RingHarness.contents(of: target).events.count == Int(waiting))
      }
      if !stopped { return #expect(step == 12, "6 groups, 1 sync, 2 superblocks with theirs") }
    }
  }

  @Test func `the least size is enough and one mebibyte less is not`() {
    for live in [0, 4096, 700_000, 5 << 20, 900 << 20, (1 << 30) - 4096] as [UInt64] {
      let least = RingResize.leastBytes(live: live)
      func isEnough(_ size: UInt64) -> Bool {
        let dataSize = size - RingLayout.dataStart
        guard live <= dataSize else { return false }
        let space = RingSpace(
          dataSize: dataSize, groupBytesMax: RingLayout.groupBytesMax(fileBytes: size), head: live,
          durableTail: 0)
        return live + space.reserveBytes <= dataSize
      }
      #expect(isEnough(least), "\(live)")
      #expect(least == 1 << 20 || !isEnough(least - (1 << 20)), "\(live)")
    }
  }

  // MARK: real files

  @Test func `a real ring is replaced whole, at every moment, and an agent finds it`() throws {
    let folder = try FilesFolder()
    let path = "\(folder.path)/ring"
    try RealRing.fill(path, sizeBytes: 16 << 20, blocks: 50, ofBytes: 100_000)
    let before = try RingStatusReader.read(.look(at: path), clock: SystemClock())
    var sizes: Set<UInt64> = []
    var looks = 0
    let report = try RingResize.resize(.hold(path), to: 24 << 20) { _, _, _ in
      looks += 1
      guard looks % 10 == 0 else { return }
      // What a kill at this moment would leave.
      let now = try? RingStatusReader.read(.look(at: path), clock: SystemClock())
      #expect(now?.consumers == before.consumers && now?.isBalanced == true)
      sizes.insert(now?.sizeBytes ?? 0)
    }
    #expect(sizes == [16 << 20], "the old one stays until the new one is whole")
    #expect(looks > 50)
    #expect(report.events == 50 && report.groups == 50)
    #expect(
      report.text == """
        Resized \(path)
        from 16 MiB to 24 MiB. Copied and checked: 50 events in 50 groups.
        Cursors, counters and ids are the same. Now set ring.size to 24MiB in the
        configuration; the agent does not start while it says otherwise.

        """)
    #expect(try FileSystem.names(in: folder.path) == ["ring"])
    #expect(throws: RingError.self) { try RealRing.fill(path, sizeBytes: 16 << 20, blocks: 0) }
    try RealRing.fill(path, sizeBytes: 24 << 20, blocks: 1)
    let after = try RingStatusReader.read(.look(at: path), clock: SystemClock())
    #expect(after.consumers[0].waiting == 51 && after.isBalanced && after.openings == 2)
  }

  @Test func `too small is refused with the least size that works, and that one works`() throws {
    let folder = try FilesFolder()
    let path = "\(folder.path)/ring"
    try RealRing.fill(path, sizeBytes: 32 << 20, blocks: 100, ofBytes: 200_000)
    let status = try RingStatusReader.read(.look(at: path), clock: SystemClock())
    let least = RingResize.leastBytes(live: status.usedBytes)
    #expect(least > 16 << 20)
    do {
      _ = try RingResize.resize(.hold(path), to: least - (1 << 20)) { _, _, _ in }
      Issue.record("it did not fit")
    } catch {
      #expect(error.description.contains("The least size that works now is \(least >> 20)MiB"))
    }
    #expect(try RingStatusReader.read(.look(at: path), clock: SystemClock()).sizeBytes == 32 << 20)
    let report = try RingResize.resize(.hold(path), to: least) { _, _, _ in }
    #expect(report.events == 100)
    try RealRing.fill(path, sizeBytes: least, blocks: 0)
    #expect(
      try RingStatusReader.read(.look(at: path), clock: SystemClock()).consumers[0].waiting == 100)
  }

  @Test func `a ring in use, a damaged one and the same size are left as they are`() throws {
    let folder = try FilesFolder()
    let path = "\(folder.path)/ring"
    try RealRing.fill(path, sizeBytes: 16 << 20, blocks: 3)
    do {
      let held = try RingView.hold(path)
      #expect(throws: RingToolError.inUse(path: path)) { try RingView.hold(path) }
      #expect(try RingStatusReader.read(.look(at: path), clock: SystemClock()).isInUse)
      let same = try RingResize.resize(held, to: 16 << 20) { _, _, _ in }
      #expect(same.text.contains("has 16 MiB already; nothing was done"))
    }
    var bytes = try FileSystem.read(path)
    bytes[Int(RingLayout.dataStart) + 200] ^= 1
    try FileSystem.replace(path, with: bytes)
    #expect(throws: RingToolError.damagedRing(path: path, faults: 1)) {
      try RingResize.resize(.hold(path), to: 24 << 20) { _, _, _ in }
    }
    #expect(try FileSystem.read(path) == bytes)
    #expect(try FileSystem.names(in: folder.path) == ["ring"])
  }
}
