/// Makes a superblock from the groups alone, when both slots are lost: two passes over the file, fixed memory.
///
/// The newest header names the tail. Everything from there on is delivered again, the ids make that harmless; the
/// counts of before, and the ring's id, are gone.
struct SuperblockRebuild {
  private static let readBytes = 256 << 10

  private let disk: any Disk
  private let dataSize: UInt64

  /// nil when there is no group, or groups of more than one file.
  static func superblock(from disk: any Disk, _ configuration: RingConfiguration) -> Superblock? {
    var next = RingOpening.newSuperblock(configuration)
    let rebuild = SuperblockRebuild(disk: disk, dataSize: next.dataSize)
    guard let newest = rebuild.newest() else { return nil }
    let log = rebuild.log(of: newest)
    guard let tail = log.tail, let hint = log.hint, log.burns.count <= RingLayout.burnsMax else {
      return nil
    }
    next.fileId = newest.fileId
    next.openNumber = newest.openNumber
    next.tail = tail
    next.tail.chain = nil
    next.hint = hint
    next.durableGroup = hint.group - 1
    next.refused = newest.refusedTotal
    next.burns = log.burns
    next.openings = log.openings
    let copies = rebuild.liveCopies(in: log, tail: tail.sequence)
    next.accepted = hint.accepted(since: tail) + copies.reduce(0) { $0 + $1.events }
    next.consumers = configuration.consumers.enumerated().map { index, name in
      var record = ConsumerRecord(name: name)
      record.sequence = tail.sequence
      record.position = tail.position
      record.group = tail.group
      record.relocated = tail.relocated
      if index > 0 {
        // Copies are the primary's.
        record.base = next.accepted - hint.accepted(since: tail)
      } else if copies.contains(where: { $0.position >= hint.position }) {
        // The opening may cut them off.
        record.flags |= ConsumerRecord.flagUncertain
      }
      return record
    }
    Log.error(
      "Both superblocks of the ring are lost; they were made anew from its groups. What it holds is delivered again, under the same ids; the counts start over",
      ("path", configuration.path), ("events", "\(next.accepted)"))
    return next
  }

  /// Of the newest opening the newest group: what earlier ones left behind may have higher numbers.
  private func newest() -> GroupHeader? {
    var newest: GroupHeader?
    var isMixed = false
    forEachHeader(from: 0) { header in
      if let known = newest, known.fileId != header.fileId { isMixed = true }
      let isNewer = newest.map {
        ($0.openNumber, $0.group) < (header.openNumber, header.group)
      }
      if isNewer ?? true { newest = header }
    }
    return isMixed ? nil : newest
  }

  private func log(of newest: GroupHeader) -> RebuiltLog {
    var log = RebuiltLog(newest: newest)
    forEachHeader(from: newest.tailPosition) { log.see($0) }
    return log
  }

  /// Copies whose originals lie before the tail, by group; of the others the originals are delivered again.
  private func liveCopies(in log: RebuiltLog, tail: UInt64) -> [(position: UInt64, events: UInt64)]
  {
    log.copies.compactMap { header in
      let tables = disk.readableBytes(
        at: RingLayout.dataStart + header.position % dataSize + UInt64(header.tablesAt),
        count: Int(header.lengthBytes - header.tablesAt))
      guard let parsed = GroupTables(tables, of: header) else { return nil }
      let live = parsed.origins.count { $0 < tail }
      return live == 0 ? nil : (header.position, UInt64(live))
    }
  }

  /// All good headers in the order of the file, beginning where the position lies and ending there.
  private func forEachHeader(
    from position: UInt64, _ body: (GroupHeader) -> Void
  ) {
    let start = position % dataSize
    var passed: UInt64 = 0
    while passed < dataSize {
      let inDisk = (start + passed) % dataSize
      let count = Int(min(UInt64(Self.readBytes), dataSize - passed, dataSize - inDisk))
      let bytes = disk.readableBytes(at: RingLayout.dataStart + inDisk, count: count)
      for offset in stride(from: 0, to: count, by: RingLayout.pageBytes)
      where bytes.load(UInt32.self, at: offset) == RingLayout.groupMagic {
        let page = Array(bytes[offset..<offset + RingLayout.groupHeaderBytes])
        let fileId = page.load(UInt64.self, at: 8)
        guard let header = GroupHeader(page, fileId: fileId, dataSize: dataSize),
          header.position % dataSize == inDisk + UInt64(offset)
        else { continue }
        body(header)
      }
      passed += UInt64(count)
    }
  }
}
