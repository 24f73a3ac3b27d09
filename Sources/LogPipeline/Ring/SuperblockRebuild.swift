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
    guard let log = rebuild.log(of: newest) else { return nil }
    next.fileId = newest.fileId
    next.openNumber = newest.openNumber
    next.tail = log.tail
    next.tail.chain = nil
    next.hint = log.hint
    next.hint.chain = nil
    next.durableGroup = log.hint.group - 1
    next.accepted = log.hint.accepted(since: log.tail) + log.liveCopies
    next.refused = newest.refusedTotal
    next.burns = log.burns
    next.consumers = configuration.consumers.map { name in
      var record = ConsumerRecord(name: name)
      record.sequence = log.tail.sequence
      record.position = log.tail.position
      record.group = log.tail.group
      record.relocated = log.tail.relocated
      return record
    }
    Log.error(
      "Both superblocks of the ring are lost; they were made anew from its groups. What it holds is delivered again, under the same ids; the counts start over",
      ("path", configuration.path), ("events", "\(next.accepted)"))
    return next
  }

  private struct Found {
    var tail: RingAnchor
    var hint: RingAnchor
    var liveCopies: UInt64 = 0
    var burns: [BurnedRange] = []
  }

  private func newest() -> GroupHeader? {
    var newest: GroupHeader?
    var isMixed = false
    forEachHeader(from: 0) { header in
      if let known = newest, known.fileId != header.fileId { isMixed = true }
      if header.group > newest?.group ?? 0 { newest = header }
    }
    return isMixed ? nil : newest
  }

  /// From the tail that the newest group names to the first group that was not known durable then.
  private func log(of newest: GroupHeader) -> Found? {
    var tail: GroupHeader?
    var hint = newest
    var burns: [BurnedRange] = []
    var copies: [GroupHeader] = []
    forEachHeader(from: newest.tailPosition) { header in
      guard header.position >= newest.tailPosition, header.group >= newest.tailGroup,
        header.group <= newest.group
      else { return }
      if tail == nil { tail = header }
      if header.group > newest.durableGroup, header.group < hint.group { hint = header }
      if header.flags.contains(.burn) {
        burns.append(
          BurnedRange(
            fromPosition: header.burnFrom, toPosition: header.position, toGroup: header.group))
      }
      if header.flags.contains(.relocated) { copies.append(header) }
    }
    guard let tail, burns.count <= RingLayout.burnsMax else { return nil }
    var found = Found(tail: tail.start, hint: hint.start, burns: burns)
    for header in copies where header.position < hint.position {
      found.liveCopies += liveCopies(of: header, tail: tail.firstSequence)
    }
    return found
  }

  /// Copies whose originals lie before the tail; of the others the originals are delivered again.
  private func liveCopies(of header: GroupHeader, tail: UInt64) -> UInt64 {
    let tables = disk.readableBytes(
      at: RingLayout.dataStart + header.position % dataSize + UInt64(header.tablesAt),
      count: Int(header.lengthBytes - header.tablesAt))
    guard let parsed = GroupTables(tables, of: header) else { return 0 }
    return parsed.origins.reduce(0) { $0 + ($1 < tail ? 1 : 0) }
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
