import LogPipeline
import RingSimulation
import Testing

/// Goal: an export holds what waits, each event once and as the archive has it, and never costs a file or an event.
/// Method: simulated rings of proper bulk lines, exported into a folder and read back with what reads archives.
@Suite struct RingExportTests {
  /// Four blocks of three events, each in a group of its own.
  private func ring(clamped: Set<Int> = []) throws -> RingHarness {
    let ring = try RingHarness()
    for block in 0..<4 {
      let numbers = block * 3..<block * 3 + 3
      _ = ring.writer.append(
        RealRing.block(numbers, ticket: UInt64(block + 1), clamped: clamped), now: ring.now)
      ring.commit()
    }
    return ring
  }

  private func numbers(_ path: String) throws -> [Int] {
    try ArchiveLines.read(path).map { line in
      let document = try JsonValue.parse(line)
      #expect(document["_id"]?.string?.utf8.count == 26)
      return Int(document["number"]?.integer ?? -1)
    }
  }

  @Test func `what waits is in the file, and the screen says what next`() throws {
    let folder = try FilesFolder()
    let ring = try ring()
    let path = "\(folder.path)/w.ndjson.gz"
    let before = ring.disk.content
    let report = try RingExport.export(ring.view, to: path, isAll: false) { _, _ in }
    #expect(ring.disk.content == before, "the ring is as it was")
    #expect(try numbers(path) == Array(0..<12))
    #expect(report.isWhole)
    #expect(report.text.hasPrefix("Exported 12 events ("))
    #expect(report.text.contains("\n  sheepshipper replay \(path)\n"))
    #expect(try FileSystem.names(in: folder.path) == ["w.ndjson.gz"])
    let line = try #require(try ArchiveLines.read(path).first)
    #expect(
      String(decoding: line, as: UTF8.self)
        == "{\"_id\":\"00000000000000000000000000\",\"@timestamp\":\"2026-11-20T00:00:00.000Z\","
        + "\"schema_version\":1,\"number\":0,\"p\":\"\"}")
  }

  @Test func `what is settled is left out, unless all is asked for`() throws {
    let folder = try FilesFolder()
    let ring = try ring()
    let blocks = ring.lease()
    ring.settle(blocks[0])
    // Behind an open block: sent again after a restart, so it waits.
    ring.settle(blocks[2])
    ring.makeCursorDurable()
    _ = try RingExport.export(ring.view, to: "\(folder.path)/a.gz", isAll: false) { _, _ in }
    #expect(try numbers("\(folder.path)/a.gz") == Array(3..<12))
    // The first group is free already.
    _ = try RingExport.export(ring.view, to: "\(folder.path)/b.gz", isAll: true) { _, _ in }
    #expect(try numbers("\(folder.path)/b.gz") == Array(3..<12))
    ring.settle(blocks[1])
    ring.settle(blocks[3])
    ring.makeCursorDurable()
    let nothing = try RingExport.export(ring.view, to: "\(folder.path)/c.gz", isAll: false) {
      _, _ in
    }
    #expect(nothing.text == "There was nothing to export, so no file was made.\n")
    #expect(try FileSystem.names(in: folder.path) == ["a.gz", "b.gz"])
  }

  @Test func `damaged places are named and counted, all else is there`() throws {
    let folder = try FilesFolder()
    let ring = try ring()
    let path = "\(folder.path)/w.ndjson.gz"
    ring.disk.flipBit(at: RingLayout.dataStart + 4096 + 150)
    ring.disk.overwrite([UInt8](repeating: 0, count: 4096), at: RingLayout.dataStart + 2 * 4096)
    let report = try RingExport.export(ring.view, to: path, isAll: false) { _, _ in }
    #expect(try numbers(path) == [0, 1, 2, 9, 10, 11])
    #expect(!report.isWhole && report.eventsSkipped == 6)
    #expect(
      report.text.hasPrefix(
        """
        skipped  file offset 135,304 (log position 4,096), group 2
                 block 1 of 1: the checksum of its stored bytes is wrong: 3 events from
                 4 on
        skipped  file offset 139,264 (log position 8,192), group 3
                 there are zeros where the group's header belongs: 3 events from 7 on
        Exported 6 events (
        """), "\(report.text)")
  }

  @Test func `an event of another day's index goes to a file of that day`() throws {
    let folder = try FilesFolder()
    let ring = try ring(clamped: [4, 7])
    let path = "\(folder.path)/w.ndjson.gz"
    let report = try RingExport.export(ring.view, to: path, isAll: false) { _, _ in }
    #expect(try numbers(path) == [0, 1, 2, 3, 5, 6, 8, 9, 10, 11])
    #expect(try numbers("\(folder.path)/w-2026.11.22.ndjson.gz") == [4, 7])
    #expect(report.events == 12 && report.files.count == 2)
  }

  @Test func `no file is written over, and a name that replay would misread is refused`() throws {
    let folder = try FilesFolder()
    let ring = try ring()
    let path = try folder.write("w.ndjson.gz", "mine")
    #expect(throws: RingToolError.exportExists(path: path)) {
      try RingExport.export(ring.view, to: path, isAll: false) { _, _ in }
    }
    #expect(try FileSystem.read(path) == Array("mine".utf8))
    for name in ["w-2026.11.22.ndjson.gz", "2026.11.22.ndjson.gz"] {
      let dated = "\(folder.path)/\(name)"
      #expect(throws: RingToolError.exportName(path: dated, day: "2026.11.22")) {
        try RingExport.export(ring.view, to: dated, isAll: false) { _, _ in }
      }
    }
    let elsewhere = "\(folder.path)/none/w.gz"
    #expect {
      try RingExport.export(ring.view, to: elsewhere, isAll: false) { _, _ in }
    } throws: { "\($0)".contains("can not be written (No such file or directory)") }
    // The day's file is there, so neither gets its name.
    let clamped = try self.ring(clamped: [4])
    try folder.write("x-2026.11.22.ndjson.gz", "mine")
    #expect(throws: RingToolError.self) {
      try RingExport.export(clamped.view, to: "\(folder.path)/x.ndjson.gz", isAll: false) { _, _ in
      }
    }
    #expect(try FileSystem.names(in: folder.path) == ["w.ndjson.gz", "x-2026.11.22.ndjson.gz"])
  }

  @Test func `copies are exported in place of what they were copied from, once each`() throws {
    let folder = try FilesFolder()
    let ring = try ring()
    let blocks = ring.lease()
    ring.writer.relocate(block: blocks[0].id, items: [1], now: ring.now)
    ring.settle(blocks[0], where: { $0 != 1 })
    ring.settle(blocks[1])
    ring.pass(.seconds(1))
    ring.writer.housekeep(
      now: ring.now, wallMilliseconds: RingHarness.writtenAt, isStarved: false)
    ring.commit()
    _ = try RingExport.export(ring.view, to: "\(folder.path)/before.gz", isAll: false) { _, _ in }
    #expect(try numbers("\(folder.path)/before.gz") == Array(0..<12), "the durable cursor is at 0")
    ring.makeCursorDurable()
    #expect(try ring.status().isBalanced)
    _ = try RingExport.export(ring.view, to: "\(folder.path)/after.gz", isAll: false) { _, _ in }
    #expect(try numbers("\(folder.path)/after.gz") == [6, 7, 8, 9, 10, 11, 1])
  }
}
