/// What the ring knows of itself, written alternately to two places, so that one of them is always whole.
package struct Superblock: Equatable, Sendable {
  package static let flagClosedCleanly: UInt32 = 1
  /// Once, sequences were jumped over: they count as copies do, not as events.
  package static let flagJumped: UInt32 = 2

  package var flags: UInt32 = 0
  /// Survives a resize.
  package var ringId: (UInt64, UInt64)
  /// Random, new with each file.
  package var fileId: UInt64
  package var dataEnd: UInt64
  /// The slot with the higher one counts.
  package var generation: UInt64 = 1
  package var openNumber: UInt32 = 0
  package var openNonce: UInt64 = 0
  /// The oldest byte that may not be written over; its chain is not kept.
  package var tail = RingAnchor.start
  /// Everything before it was durable when this was written; recovery reads on from here.
  package var hint = RingAnchor.start
  package var durableGroup: UInt64 = 0
  /// Events accepted before the hint.
  package var accepted: UInt64 = 0
  package var refused: UInt64 = 0
  /// The value of `hint.relocated` when the file was last opened.
  package var relocatedAtOpen: UInt64 = 0
  package var burns: [BurnedRange] = []
  package var voids: [VoidedCopies] = []
  /// Oldest first; the last one is the present one.
  package var openings: [LogOpening] = []
  package var consumers: [ConsumerRecord] = []

  package init(ringId: (UInt64, UInt64), fileId: UInt64, dataEnd: UInt64) {
    self.ringId = ringId
    self.fileId = fileId
    self.dataEnd = dataEnd
  }

  package var dataSize: UInt64 { dataEnd - RingLayout.dataStart }

  package func encoded() -> [UInt8] {
    invariant(
      burns.count <= RingLayout.burnsMax && voids.count <= RingLayout.voidsMax
        && openings.count <= RingLayout.openingsMax && consumers.count <= RingLayout.consumersMax,
      "a superblock's tables hold their rows")
    var bytes = [UInt8](repeating: 0, count: RingLayout.pageBytes)
    bytes.store(RingLayout.version, at: 4)
    bytes.store(RingLayout.superblockMagic, at: 8)
    bytes.store(flags, at: 16)
    bytes.store(UInt32(RingLayout.pageBytes), at: 20)
    bytes.store(ringId.0, at: 24)
    bytes.store(ringId.1, at: 32)
    bytes.store(fileId, at: 40)
    bytes.store(RingLayout.dataStart, at: 48)
    bytes.store(dataEnd, at: 56)
    bytes.store(generation, at: 64)
    bytes.store(openNumber, at: 72)
    bytes.store(UInt32(voids.count), at: 76)
    bytes.store(openNonce, at: 80)
    bytes.store(tail.position, at: 88)
    bytes.store(tail.group, at: 96)
    bytes.store(tail.sequence, at: 104)
    bytes.store(hint.position, at: 112)
    bytes.store(hint.group, at: 120)
    bytes.store(hint.sequence, at: 128)
    bytes.store(hint.chain ?? 0, at: 136)
    bytes.store(durableGroup, at: 144)
    bytes.store(accepted, at: 152)
    bytes.store(refused, at: 160)
    bytes.store(UInt32(burns.count), at: 168)
    bytes.store(UInt32(consumers.count), at: 172)
    bytes.store(hint.relocated, at: 176)
    bytes.store(relocatedAtOpen, at: 184)
    for (index, consumer) in consumers.enumerated() {
      consumer.encode(into: &bytes, at: Self.consumersAt + index * ConsumerRecord.bytes)
    }
    for (index, burn) in burns.enumerated() {
      let offset = Self.burnsAt + index * BurnedRange.bytes
      bytes.store(burn.fromPosition, at: offset)
      bytes.store(burn.toPosition, at: offset + 8)
      bytes.store(burn.toGroup, at: offset + 16)
    }
    for (index, void) in voids.enumerated() {
      let offset = Self.voidsAt + index * VoidedCopies.bytes
      bytes.store(void.cursorSequence, at: offset)
      bytes.store(void.headSequence, at: offset + 8)
    }
    bytes.store(UInt32(openings.count), at: Self.openingsAt)
    for (index, opening) in openings.enumerated() {
      let offset = Self.openingsAt + 8 + index * LogOpening.bytes
      bytes.store(opening.position, at: offset)
      bytes.store(opening.number, at: offset + 8)
    }
    bytes.store(Crc32c.of(bytes[4...]), at: 0)
    return bytes
  }

  static let consumersAt = 192
  static let burnsAt = consumersAt + RingLayout.consumersMax * ConsumerRecord.bytes
  static let voidsAt = burnsAt + RingLayout.burnsMax * BurnedRange.bytes
  static let openingsAt = voidsAt + RingLayout.voidsMax * VoidedCopies.bytes

  /// What a slot holds.
  package enum Reading: Equatable, Sendable {
    case valid(Superblock)
    case otherVersion(UInt32)
    /// The mark is there, the rest is torn or damaged.
    case damaged
    /// Not even the mark.
    case foreign
  }

  package static func read(_ bytes: [UInt8]) -> Reading {
    guard bytes.count == RingLayout.pageBytes,
      bytes.load(UInt64.self, at: 8) == RingLayout.superblockMagic
    else { return .foreign }
    guard bytes.load(UInt32.self, at: 0) == Crc32c.of(bytes[4...]) else { return .damaged }
    let version = bytes.load(UInt32.self, at: 4)
    guard version == RingLayout.version else { return .otherVersion(version) }
    guard bytes.load(UInt64.self, at: 48) == RingLayout.dataStart,
      bytes.load(UInt64.self, at: 56) > RingLayout.dataStart,
      bytes.load(UInt32.self, at: 168) <= RingLayout.burnsMax,
      bytes.load(UInt32.self, at: 172) <= RingLayout.consumersMax,
      bytes.load(UInt32.self, at: 76) <= RingLayout.voidsMax,
      bytes.load(UInt32.self, at: Self.openingsAt) <= RingLayout.openingsMax
    else { return .damaged }
    return .valid(Superblock(checked: bytes))
  }

  private init(checked bytes: [UInt8]) {
    flags = bytes.load(at: 16)
    ringId = (bytes.load(at: 24), bytes.load(at: 32))
    fileId = bytes.load(at: 40)
    dataEnd = bytes.load(at: 56)
    generation = bytes.load(at: 64)
    openNumber = bytes.load(at: 72)
    openNonce = bytes.load(at: 80)
    tail = RingAnchor(
      position: bytes.load(at: 88), group: bytes.load(at: 96), sequence: bytes.load(at: 104),
      chain: nil)
    hint = RingAnchor(
      position: bytes.load(at: 112), group: bytes.load(at: 120), sequence: bytes.load(at: 128),
      relocated: bytes.load(at: 176), chain: bytes.load(UInt64.self, at: 136))
    durableGroup = bytes.load(at: 144)
    accepted = bytes.load(at: 152)
    refused = bytes.load(at: 160)
    relocatedAtOpen = bytes.load(at: 184)
    burns = (0..<Int(bytes.load(UInt32.self, at: 168))).map { index in
      let offset = Self.burnsAt + index * BurnedRange.bytes
      return BurnedRange(
        fromPosition: bytes.load(at: offset), toPosition: bytes.load(at: offset + 8),
        toGroup: bytes.load(at: offset + 16))
    }
    voids = (0..<Int(bytes.load(UInt32.self, at: 76))).map { index in
      let offset = Self.voidsAt + index * VoidedCopies.bytes
      return VoidedCopies(
        cursorSequence: bytes.load(at: offset), headSequence: bytes.load(at: offset + 8))
    }
    openings = (0..<Int(bytes.load(UInt32.self, at: Self.openingsAt))).map { index in
      let offset = Self.openingsAt + 8 + index * LogOpening.bytes
      return LogOpening(
        number: bytes.load(at: offset + 8), position: bytes.load(at: offset))
    }
    consumers = (0..<Int(bytes.load(UInt32.self, at: 172))).map { index in
      ConsumerRecord(bytes, at: Self.consumersAt + index * ConsumerRecord.bytes)
    }
  }

  package static func == (a: Superblock, b: Superblock) -> Bool { a.encoded() == b.encoded() }
}
