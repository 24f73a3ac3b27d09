/// A group header as it went to the disk; read by the offsets of docs/ring-format.md and not by the ring's own code.
package struct GroupMark: Sendable {
  static let magic: UInt32 = 0x5247_4853
  static let headerBytes = 136

  let life: UInt32
  let flags: UInt16
  let blockCount: Int
  let position: UInt64
  let number: UInt64
  let firstSequence: UInt64
  let eventCount: UInt64
  let lengthBytes: UInt64
  let tablesAt: UInt64
  let durableGroup: UInt64
  let tailPosition: UInt64
  let burnFrom: UInt64
  /// Numbers before this group that are no accepted events.
  let relocatedTotal: UInt64
  /// The disk's number of the write that completed it: a group's first page goes last.
  var write = 0

  var isSkip: Bool { flags & 2 != 0 }
  var isBurn: Bool { flags & 4 != 0 }
  var isRelocated: Bool { flags & 8 != 0 }
  var isRepacked: Bool { flags & 16 != 0 }
  var end: UInt64 { position + lengthBytes }
  /// Of its last event; with none, of the one before it.
  var lastSequence: UInt64 { firstSequence + eventCount - 1 }

  /// nil: no group header.
  init?(_ bytes: UnsafeRawBufferPointer) {
    func load<Number: FixedWidthInteger & BitwiseCopyable>(_ type: Number.Type, _ offset: Int)
      -> Number
    {
      Number(littleEndian: unsafe bytes.loadUnaligned(fromByteOffset: offset, as: Number.self))
    }
    guard bytes.count >= Self.headerBytes, load(UInt32.self, 0) == Self.magic else { return nil }
    life = load(UInt32.self, 16)
    flags = load(UInt16.self, 20)
    blockCount = Int(load(UInt16.self, 22))
    position = load(UInt64.self, 24)
    number = load(UInt64.self, 32)
    firstSequence = load(UInt64.self, 48)
    eventCount = UInt64(load(UInt32.self, 56))
    lengthBytes = UInt64(load(UInt32.self, 60))
    tablesAt = UInt64(load(UInt32.self, 64))
    durableGroup = load(UInt64.self, 72)
    tailPosition = load(UInt64.self, 80)
    burnFrom = load(UInt64.self, 96)
    relocatedTotal = load(UInt64.self, 128)
  }
}
