/// One event of a block: a row of the ring's item table.
package struct BlockItem: Equatable, Sendable {
  /// The first 8 bytes of the 128-bit hash behind `_id`.
  package let fingerprint: UInt64
  /// Action line and document with both line ends, before compression.
  package let rawLengthBytes: UInt32
  /// Days since 1970-01-01 of the index it goes to.
  package let day: Int32
  package let flags: UInt32

  package init(fingerprint: UInt64, rawLengthBytes: UInt32, day: Int32, flags: UInt32 = 0) {
    self.fingerprint = fingerprint
    self.rawLengthBytes = rawLengthBytes
    self.day = day
    self.flags = flags
  }
}
