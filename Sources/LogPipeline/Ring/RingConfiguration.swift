/// What the ring is opened with. Sizes in bytes of the file as a whole.
package struct RingConfiguration: Sendable {
  /// 16 MiB: below it one large group and what is held back for a failed commit leave too little.
  package static let sizeBytesMin: UInt64 = 16 << 20

  package var path: String
  /// The whole file, written once with zeros at creation, so it can not run out of disk later.
  package var sizeBytes: UInt64
  /// A group closes at most this long after its first event.
  package var groupDelay: Duration
  /// fdatasync runs at most this often, and begins within twice that.
  package var commitInterval: Duration
  /// Whose deflate makes the blocks smaller.
  package var compression: CompressionLibrary
  /// 1 (fastest) through 9; from 2 on it is zlib's.
  package var compressionLevel: Int32
  /// Who reads the ring, each with a cursor and a ledger of its own: 1 to 8 names of at most 16 bytes of UTF-8.
  ///
  /// The first is the primary: its ledger is the ring's. The others read in order; one that is new starts at the head,
  /// one that is no longer named is forgotten, so that it does not hold the tail.
  package var consumers: [String]
  /// What happens when the slowest consumer leaves no room.
  package var whenFull: WhenFull
  /// Whether the ring may copy events to its head (see RingWriter+Moves). Not for a primary that must get them in order.
  package var isMovingAllowed: Bool
  /// The highest sequence of this stream that a consumer with its own store has seen; 0: none. Asked at opening.
  package var lastKnownSequence: (@Sendable (StreamId) -> UInt64)?
  /// How long another process may still hold the ring (a rolling update) before opening fails.
  package var lockWait: Duration
  /// A ring on a disk that forgets at power loss (tmpfs) is refused unless this is set.
  package var isVolatileDiskAllowed: Bool

  package init(
    path: String, sizeBytes: UInt64 = 1 << 30, groupDelay: Duration = .milliseconds(2),
    commitInterval: Duration = .milliseconds(5), compression: CompressionLibrary = .zlib,
    compressionLevel: Int32 = 1,
    consumers: [String] = ["delivery"], whenFull: WhenFull = .block,
    lockWait: Duration = .seconds(5),
    isVolatileDiskAllowed: Bool = false, isMovingAllowed: Bool = true,
    lastKnownSequence: (@Sendable (StreamId) -> UInt64)? = nil
  ) {
    self.path = path
    self.sizeBytes = sizeBytes
    self.groupDelay = groupDelay
    self.commitInterval = commitInterval
    self.compression = compression
    self.compressionLevel = compressionLevel
    self.consumers = consumers
    self.whenFull = whenFull
    self.lockWait = lockWait
    self.isVolatileDiskAllowed = isVolatileDiskAllowed
    self.isMovingAllowed = isMovingAllowed
    self.lastKnownSequence = lastKnownSequence
  }
}
