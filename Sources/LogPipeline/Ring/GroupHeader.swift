import CXxhash

/// The first 136 bytes of a group: what it holds, where it belongs, and what it proves about the groups before it.
package struct GroupHeader: Equatable, Sendable {
  package struct Flags: OptionSet, Sendable {
    package let rawValue: UInt16
    package init(rawValue: UInt16) { self.rawValue = rawValue }
    package static let data = Flags(rawValue: 1)
    /// Nothing but a jump to the start of the data area.
    package static let skip = Flags(rawValue: 2)
    /// The groups from `burnFrom` up to here failed to commit; their events follow again.
    package static let burn = Flags(rawValue: 4)
    /// Its events are copies of events further back, whose duty they take over.
    package static let relocated = Flags(rawValue: 8)
    /// With `relocated`: copied to save space, not because something held them up.
    package static let repacked = Flags(rawValue: 16)
    static let known: Flags = [.data, .skip, .burn, .relocated, .repacked]
  }

  package var fileId: UInt64
  /// Of the opening that wrote it: groups of an earlier life of the file can not pass for this one's.
  package var openNumber: UInt32
  package var flags: Flags
  package var blockCount: UInt16 = 0
  package var position: UInt64
  package var group: UInt64
  package var previousChain: UInt64
  package var firstSequence: UInt64
  package var eventCount: UInt32 = 0
  /// Whole, a multiple of a page; a SKIP's reaches to the end of the data area.
  package var lengthBytes: UInt32
  /// Where the tables start, from the group's start; they reach to its end.
  package var tablesAt: UInt32 = 0
  /// CRC32C from `tablesAt` to the group's end.
  package var tablesCrc: UInt32 = 0
  /// All groups up to this number were durable when this header was written: the witness against torn-tail verdicts.
  package var durableGroup: UInt64
  package var tailPosition: UInt64
  package var tailGroup: UInt64
  package var burnFrom: UInt64 = 0
  /// Wall clock, since 1970.
  package var writtenMilliseconds: UInt64
  package var rawBytes: UInt64 = 0
  /// Frames refused at the inputs since the ring was made.
  package var refusedTotal: UInt64 = 0
  /// Copies written before this group since the ring was made.
  package var relocatedTotal: UInt64

  package init(
    fileId: UInt64, openNumber: UInt32, flags: Flags, at anchor: RingAnchor, lengthBytes: UInt32,
    durableGroup: UInt64, tailPosition: UInt64, tailGroup: UInt64, writtenMilliseconds: UInt64
  ) {
    self.fileId = fileId
    self.openNumber = openNumber
    self.flags = flags
    self.position = anchor.position
    self.group = anchor.group
    self.previousChain = anchor.chain ?? 0
    self.firstSequence = anchor.sequence
    self.relocatedTotal = anchor.relocated
    self.lengthBytes = lengthBytes
    self.durableGroup = durableGroup
    self.tailPosition = tailPosition
    self.tailGroup = tailGroup
    self.writtenMilliseconds = writtenMilliseconds
  }

  /// The place right behind this group.
  package var end: RingAnchor {
    RingAnchor(
      position: position + UInt64(lengthBytes), group: group + 1,
      sequence: firstSequence + UInt64(eventCount),
      relocated: relocatedTotal + (flags.contains(.relocated) ? UInt64(eventCount) : 0),
      chain: chain)
  }

  /// The place right before this group.
  package var start: RingAnchor {
    RingAnchor(
      position: position, group: group, sequence: firstSequence, relocated: relocatedTotal,
      chain: previousChain)
  }

  /// Of the tables, at least: what they hold besides the rows of blocks and items.
  static func sectionBytes(eventCount: Int, isRelocated: Bool) -> Int {
    RingLayout.sectionLengthsBytes + (isRelocated ? eventCount * RingLayout.originBytes : 0)
  }

  /// What the next header must name: XXH3-64 of this one, seeded with the file's id.
  package var chain: UInt64 {
    let bytes = encoded()
    return unsafe bytes.withUnsafeBytes { buffer in
      unsafe XXH3_64bits_withSeed(buffer.baseAddress, buffer.count, fileId)
    }
  }

  package func encoded() -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: RingLayout.groupHeaderBytes)
    bytes.store(RingLayout.groupMagic, at: 0)
    bytes.store(fileId, at: 8)
    bytes.store(openNumber, at: 16)
    bytes.store(flags.rawValue, at: 20)
    bytes.store(blockCount, at: 22)
    bytes.store(position, at: 24)
    bytes.store(group, at: 32)
    bytes.store(previousChain, at: 40)
    bytes.store(firstSequence, at: 48)
    bytes.store(eventCount, at: 56)
    bytes.store(lengthBytes, at: 60)
    bytes.store(tablesAt, at: 64)
    bytes.store(tablesCrc, at: 68)
    bytes.store(durableGroup, at: 72)
    bytes.store(tailPosition, at: 80)
    bytes.store(tailGroup, at: 88)
    bytes.store(burnFrom, at: 96)
    bytes.store(writtenMilliseconds, at: 104)
    bytes.store(rawBytes, at: 112)
    bytes.store(refusedTotal, at: 120)
    bytes.store(relocatedTotal, at: 128)
    bytes.store(Crc32c.of(bytes[8...]), at: 4)
    return bytes
  }

  /// nil unless mark, checksum, file and bounds hold; whether it belongs where it was found, the caller judges.
  package init?(_ bytes: [UInt8], fileId: UInt64, dataSize: UInt64) {
    guard bytes.count >= RingLayout.groupHeaderBytes,
      bytes.load(UInt32.self, at: 0) == RingLayout.groupMagic,
      bytes.load(UInt64.self, at: 8) == fileId,
      bytes.load(UInt32.self, at: 4)
        == Crc32c.of(bytes[8..<RingLayout.groupHeaderBytes])
    else { return nil }
    self.fileId = fileId
    openNumber = bytes.load(at: 16)
    flags = Flags(rawValue: bytes.load(at: 20))
    blockCount = bytes.load(at: 22)
    position = bytes.load(at: 24)
    group = bytes.load(at: 32)
    previousChain = bytes.load(at: 40)
    firstSequence = bytes.load(at: 48)
    eventCount = bytes.load(at: 56)
    lengthBytes = bytes.load(at: 60)
    tablesAt = bytes.load(at: 64)
    tablesCrc = bytes.load(at: 68)
    durableGroup = bytes.load(at: 72)
    tailPosition = bytes.load(at: 80)
    tailGroup = bytes.load(at: 88)
    burnFrom = bytes.load(at: 96)
    writtenMilliseconds = bytes.load(at: 104)
    rawBytes = bytes.load(at: 112)
    refusedTotal = bytes.load(at: 120)
    relocatedTotal = bytes.load(at: 128)
    guard isInBounds(dataSize: dataSize) else { return nil }
  }

  private func isInBounds(dataSize: UInt64) -> Bool {
    let page = UInt64(RingLayout.pageBytes)
    let length = UInt64(lengthBytes)
    guard flags.isSubset(of: .known), flags.contains(.data) != flags.contains(.skip),
      position.isMultiple(of: page), length.isMultiple(of: page), length > 0,
      position % dataSize + length <= dataSize, position < 1 << 62, group > durableGroup,
      group < 1 << 62, firstSequence < 1 << 62, relocatedTotal < firstSequence,
      tailPosition <= position
    else { return false }
    if flags.contains(.repacked), !flags.contains(.relocated) { return false }
    if flags.contains(.skip) { return blockCount == 0 && eventCount == 0 && tablesAt == 0 }
    return blockCount > 0 && eventCount >= UInt32(blockCount)
      && tablesAt >= UInt32(RingLayout.groupHeaderBytes) && tablesAt < lengthBytes
      && UInt64(tablesAt) + UInt64(blockCount) * UInt64(RingLayout.blockRowBytes)
        + UInt64(eventCount) * UInt64(RingLayout.itemRowBytes)
        + UInt64(
          Self.sectionBytes(
            eventCount: Int(eventCount), isRelocated: flags.contains(.relocated))) <= length
  }
}
