/// How far one consumer is, durably, and what became of the events behind its cursor.
package struct ConsumerRecord: Equatable, Sendable {
  package static let bytes = 96

  /// At most 16 bytes of UTF-8.
  package var name: String
  /// Of the first event not wholly settled; all before it are counted below.
  package var sequence: UInt64 = 1
  /// Of the group that holds it, or where the next group will lie.
  package var position: UInt64 = 0
  package var group: UInt64 = 1
  package var delivered: UInt64 = 0
  package var duplicate: UInt64 = 0
  package var deadLettered: UInt64 = 0
  package var quarantined: UInt64 = 0
  package var dropped: UInt64 = 0
  package var erased: UInt64 = 0
  package var flags: UInt32 = 0

  package init(name: String) { self.name = name }

  var settled: UInt64 { delivered + duplicate + deadLettered + quarantined + dropped + erased }

  func encode(into bytes: inout [UInt8], at offset: Int) {
    for (index, byte) in name.utf8.prefix(RingLayout.consumerNameBytes).enumerated() {
      bytes[offset + index] = byte
    }
    bytes.store(sequence, at: offset + 16)
    bytes.store(position, at: offset + 24)
    bytes.store(group, at: offset + 32)
    bytes.store(delivered, at: offset + 40)
    bytes.store(duplicate, at: offset + 48)
    bytes.store(deadLettered, at: offset + 56)
    bytes.store(quarantined, at: offset + 64)
    bytes.store(dropped, at: offset + 72)
    bytes.store(erased, at: offset + 80)
    bytes.store(flags, at: offset + 88)
  }

  init(_ bytes: [UInt8], at offset: Int) {
    let name = bytes[offset..<offset + RingLayout.consumerNameBytes].prefix { $0 != 0 }
    self.name = String(decoding: name, as: UTF8.self)
    sequence = bytes.load(at: offset + 16)
    position = bytes.load(at: offset + 24)
    group = bytes.load(at: offset + 32)
    delivered = bytes.load(at: offset + 40)
    duplicate = bytes.load(at: offset + 48)
    deadLettered = bytes.load(at: offset + 56)
    quarantined = bytes.load(at: offset + 64)
    dropped = bytes.load(at: offset + 72)
    erased = bytes.load(at: offset + 80)
    flags = bytes.load(at: offset + 88)
  }
}
