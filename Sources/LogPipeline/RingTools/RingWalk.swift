/// Goes through the log from header to header, and says why where one does not hold.
///
/// As the ring's own reader does: everything before the log's end was accepted, so what does not hold is damage, and
/// the walk goes on at the next header that does.
struct RingWalk {
  enum Step {
    case group(GroupHeader)
    /// A jump to the start of the data area.
    case skip(GroupHeader)
    case burned(BurnedRange)
    /// From here to there nothing can be read.
    case lost(from: RingAnchor, to: RingAnchor, HeaderFault)
    case end
  }

  /// What comes next.
  private(set) var next: RingAnchor
  private let view: RingView
  private let fileId: UInt64
  let dataSize: UInt64
  private let burns: [BurnedRange]
  /// The slowest cursor was moved from a place that had been written over: what it had not read is lost.
  private var isDisplaced = false

  /// Starts where a group begins; the sequence may be one inside that group. `burns` are no part of the log.
  init(from start: RingAnchor, _ superblock: Superblock, burns: [BurnedRange], of view: RingView) {
    next = start
    self.view = view
    fileId = superblock.fileId
    dataSize = superblock.dataSize
    self.burns = burns
  }

  /// From the oldest byte that may not be written over.
  init(fromTailOf superblock: Superblock, burns: [BurnedRange], of view: RingView) {
    var start = superblock.tail
    start.chain = nil
    // The slowest consumer's cursor: only there it is kept how many copies lie before.
    let slowest = superblock.consumers.first { $0.position == start.position }
    start.relocated = slowest?.relocated ?? 0
    self.init(from: start, superblock, burns: burns, of: view)
    isDisplaced = (slowest?.flags ?? 0) & ConsumerRecord.flagDisplaced != 0
  }

  mutating func step(to end: RingAnchor) -> Step {
    guard next.position < end.position else {
      guard isDisplaced, next.sequence < end.sequence else { return .end }
      isDisplaced = false
      return lost(to: end, .sequence(found: end.sequence))
    }
    if let burn = burns.holding(next.position) {
      (next.position, next.group) = (burn.toPosition, burn.toGroup)
      return .burned(burn)
    }
    switch Self.header(at: next.position, fileId: fileId, dataSize: dataSize, of: view) {
    case .failure(let fault): return lost(to: nextGood(before: end), fault)
    case .success(let header):
      guard header.group == next.group else {
        return lost(to: nextGood(before: end), .otherGroup(found: header.group))
      }
      guard next.chain == nil || header.previousChain == next.chain else {
        return lost(to: nextGood(before: end), .chain)
      }
      // Otherwise an opening jumped over sequences, which were never given.
      if header.firstSequence > next.sequence, isDisplaced {
        isDisplaced = false
        return lost(to: header.start, .sequence(found: header.firstSequence))
      }
      isDisplaced = false
      next = header.end
      return header.flags.contains(.skip) ? .skip(header) : .group(header)
    }
  }

  func physical(_ position: UInt64) -> UInt64 { RingLayout.dataStart + position % dataSize }

  enum Found {
    case success(GroupHeader)
    case failure(HeaderFault)
  }

  /// What lies at a place, whether or not it fits the log there.
  static func header(
    at position: UInt64, fileId: UInt64, dataSize: UInt64, of view: RingView
  ) -> Found {
    let offset = RingLayout.dataStart + position % dataSize
    let bytes: [UInt8]
    do throws(SystemError) {
      bytes = try view.disk.bytes(at: offset, count: RingLayout.groupHeaderBytes)
    } catch { return .failure(.unreadable) }
    if let header = GroupHeader(bytes, fileId: fileId, dataSize: dataSize) {
      return header.position == position
        ? .success(header) : .failure(.misplaced(position: header.position))
    }
    if bytes.allSatisfy({ $0 == 0 }) { return .failure(.zeros) }
    guard bytes.load(UInt32.self, at: 0) == RingLayout.groupMagic else { return .failure(.noMark) }
    guard bytes.load(UInt32.self, at: 4) == Crc32c.of(bytes[8...]) else {
      return .failure(.checksum)
    }
    return .failure(bytes.load(UInt64.self, at: 8) == fileId ? .bounds : .foreignFile)
  }

  private mutating func lost(to end: RingAnchor, _ fault: HeaderFault) -> Step {
    let start = next
    next = end
    return .lost(from: start, to: end, fault)
  }

  private func nextGood(before end: RingAnchor) -> RingAnchor {
    var position = next.position + UInt64(RingLayout.pageBytes)
    while position < end.position {
      while let burn = burns.holding(position) {
        position = burn.toPosition
      }
      if case .success(let found) = Self.header(
        at: position, fileId: fileId, dataSize: dataSize, of: view),
        found.group > next.group, found.group < end.group, found.firstSequence >= next.sequence
      {
        return found.start
      }
      position += UInt64(RingLayout.pageBytes)
    }
    return end
  }
}
