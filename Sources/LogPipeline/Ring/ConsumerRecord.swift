/// How far one consumer is, durably, and what became of the events behind its cursor.
package struct ConsumerRecord: Equatable, Sendable {
  package static let bytes = 112
  /// Copies were lost of which is not known whether they still counted; the sum says it once nothing waits.
  package static let flagUncertain: UInt32 = 1

  /// At most 16 bytes of UTF-8.
  package var name: String
  /// Of the first event not wholly settled; all before it are counted below.
  package var sequence: UInt64 = 1
  /// Of the group that holds it, or where the next group will lie.
  package var position: UInt64 = 0
  package var group: UInt64 = 1
  /// Copies before that group.
  package var relocated: UInt64 = 0
  /// Events accepted before this consumer was added: none of its.
  package var base: UInt64 = 0
  package var delivered: UInt64 = 0
  package var duplicate: UInt64 = 0
  package var deadLettered: UInt64 = 0
  package var quarantined: UInt64 = 0
  package var dropped: UInt64 = 0
  package var erased: UInt64 = 0
  package var flags: UInt32 = 0

  package init(name: String) { self.name = name }

  /// All that came to an end behind the cursor, base not included.
  package var settled: UInt64 {
    delivered + duplicate + deadLettered + quarantined + dropped + erased
  }

  /// With the counts of what came to an end in the window; the cursor stays.
  func adding(_ window: ConsumerRecord) -> ConsumerRecord {
    var sum = self
    sum.delivered += window.delivered
    sum.duplicate += window.duplicate
    sum.deadLettered += window.deadLettered
    sum.quarantined += window.quarantined
    sum.dropped += window.dropped
    return sum
  }

  /// A block comes behind the cursor (1), or leaves the window (-1).
  mutating func add(_ block: TrackedBlock, sign: Int64) {
    func adding(_ count: UInt64, to sum: UInt64) -> UInt64 {
      sum &+ UInt64(bitPattern: sign &* Int64(bitPattern: count))
    }
    delivered = adding(UInt64(block.delivered), to: delivered)
    duplicate = adding(UInt64(block.duplicate), to: duplicate)
    deadLettered = adding(UInt64(block.deadLettered), to: deadLettered)
    quarantined = adding(block.quarantined, to: quarantined)
    dropped = adding(UInt64(block.dropped), to: dropped)
  }

  func encode(into bytes: inout [UInt8], at offset: Int) {
    for (index, byte) in name.utf8.prefix(RingLayout.consumerNameBytes).enumerated() {
      bytes[offset + index] = byte
    }
    bytes.store(sequence, at: offset + 16)
    bytes.store(position, at: offset + 24)
    bytes.store(group, at: offset + 32)
    bytes.store(relocated, at: offset + 40)
    bytes.store(base, at: offset + 48)
    bytes.store(delivered, at: offset + 56)
    bytes.store(duplicate, at: offset + 64)
    bytes.store(deadLettered, at: offset + 72)
    bytes.store(quarantined, at: offset + 80)
    bytes.store(dropped, at: offset + 88)
    bytes.store(erased, at: offset + 96)
    bytes.store(flags, at: offset + 104)
  }

  init(_ bytes: [UInt8], at offset: Int) {
    let name = bytes[offset..<offset + RingLayout.consumerNameBytes].prefix { $0 != 0 }
    self.name = String(decoding: name, as: UTF8.self)
    sequence = bytes.load(at: offset + 16)
    position = bytes.load(at: offset + 24)
    group = bytes.load(at: offset + 32)
    relocated = bytes.load(at: offset + 40)
    base = bytes.load(at: offset + 48)
    delivered = bytes.load(at: offset + 56)
    duplicate = bytes.load(at: offset + 64)
    deadLettered = bytes.load(at: offset + 72)
    quarantined = bytes.load(at: offset + 80)
    dropped = bytes.load(at: offset + 88)
    erased = bytes.load(at: offset + 96)
    flags = bytes.load(at: offset + 104)
  }

  /// Where its reader starts.
  var anchor: RingAnchor {
    RingAnchor(
      position: position, group: group, sequence: sequence, relocated: relocated, chain: nil)
  }
}
