/// A block as the ring (or replay's window) keeps it, handed to a consumer.
package struct StoredBlock: Sendable {
  /// Names the block among all of its source until it is settled.
  package let id: UInt64
  /// Of its first item; the others follow by one.
  package let firstSequence: UInt64
  package let codec: BlockCodec
  /// As on disk; the CRC32C was checked when it was read.
  package let stored: [UInt8]
  package let rawLengthBytes: Int
  /// CRC32 (zlib's) of the raw bytes, for a gzip trailer by crc32_combine.
  package let rawCrc32: UInt32
  package let items: [BlockItem]
  /// Items already settled in an earlier lease: do not send them again. nil: none.
  package let settled: [Bool]?
  /// Its events are copies of others: after a crash they may come again where they were first.
  package let isCopy: Bool

  package init(
    id: UInt64, firstSequence: UInt64, codec: BlockCodec, stored: [UInt8], rawLengthBytes: Int,
    rawCrc32: UInt32, items: [BlockItem], settled: [Bool]? = nil,
    isCopy: Bool = false
  ) {
    self.id = id
    self.firstSequence = firstSequence
    self.codec = codec
    self.stored = stored
    self.rawLengthBytes = rawLengthBytes
    self.rawCrc32 = rawCrc32
    self.items = items
    self.settled = settled
    self.isCopy = isCopy
  }
}

extension StoredBlock {
  /// Its bulk lines; nil when they can not be inflated, although the checksum holds, or have other lengths.
  package var rawBytes: [UInt8]? {
    let raw: [UInt8]?
    switch codec {
    case .raw: raw = stored
    case .deflate: raw = Inflater.raw(stored, rawLengthBytes: rawLengthBytes)
    }
    guard raw?.count == items.reduce(0, { $0 + Int($1.rawLengthBytes) }) else { return nil }
    return raw
  }
}
