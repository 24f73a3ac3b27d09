/// Where things lie in the ring's file, and its limits. docs/ring-format.md has the same byte by byte.
package enum RingLayout {
  package static let version: UInt32 = 1
  /// Groups start at multiples of it and share no page, so no accepted byte is ever rewritten in place.
  package static let pageBytes = 4096
  /// What a disk loses, or can not read, at once.
  package static let sectorBytes = 512
  /// Two slots, far apart: one torn page or one bad write can not take both.
  package static let superblockOffsets: [UInt64] = [0, 65_536]
  package static let dataStart: UInt64 = 131_072

  /// "SHEEPRNG" read as a little-endian number.
  package static let superblockMagic: UInt64 = 0x474E_5250_4545_4853
  /// "SHGR".
  package static let groupMagic: UInt32 = 0x5247_4853

  package static let groupHeaderBytes = 136
  package static let blockRowBytes = 32
  package static let itemRowBytes = 20
  /// Lengths of the three sections behind the item tables (rollup inputs, source checkpoints, origins), 4 bytes each.
  package static let sectionLengthsBytes = 12
  /// Of a copy: the sequence of what it was copied from.
  package static let originBytes = 8

  package static let consumersMax = 8
  /// Of ranges whose commit failed and that still lie between tail and head. More: the disk is dying, read-only.
  package static let burnsMax = 16
  /// Of openings that made copies void and whose copies still lie in the ring. More: nothing is relocated meanwhile.
  package static let voidsMax = 16
  /// Of openings whose groups still lie in the ring; of more, the oldest are not told apart.
  package static let openingsMax = 32
  package static let consumerNameBytes = 16

  /// A block of one event over ``RawBlock/rawBytesMax``.
  package static let blockBytesMax = RawBlock.eventBytesMax
  /// A group of several blocks is closed before it grows over this.
  package static func groupBytesMax(fileBytes: UInt64) -> Int {
    min(4 << 20, Int(fileBytes / 16) / pageBytes * pageBytes)
  }
  package static let groupBlocksMax = 1024

  /// What one consumer's window between cursor and reading place may hold.
  package static let windowBlocksMax = 16_384
  package static let windowItemsMax = 4_194_304
  /// Of these, how many blocks are read before anybody asks for them.
  package static let readAheadBlocksMax = 256

  package static func roundedUpToPage(_ bytes: Int) -> Int {
    (bytes + pageBytes - 1) / pageBytes * pageBytes
  }
}
