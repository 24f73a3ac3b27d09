/// One append to a daily file: a gzip member whose header names its events, so that the file can be walked without inflating.
///
/// The header's extra field (RFC 1952) has one subfield "Sh": version 1, stream 16, first and last sequence
/// 8 + 8, events 4, length of the whole member 4, CRC32 of all before it 4. Little-endian.
package struct ArchiveMember: Equatable, Sendable {
  package static let headerBytes = 61
  /// Fixed: gzip's magic, deflate, extra field; no time; unknown system; its length 49; "Sh", 45.
  static let prefix: [UInt8] = [
    0x1F, 0x8B, 8, 4, 0, 0, 0, 0, 0, 0xFF, 49, 0, UInt8(ascii: "S"), UInt8(ascii: "h"), 45, 0,
  ]
  private static let version: UInt8 = 1
  private static let trailerBytes = 8

  package let stream: StreamId
  /// The lowest and the highest sequence of its events; there may be gaps (events of other days).
  package let firstSequence: UInt64
  package let lastSequence: UInt64
  package let eventCount: UInt32
  /// Header, deflated lines and trailer.
  package let lengthBytes: UInt32

  /// The whole member as it is appended.
  static func encode(
    lines: [UInt8], stream: StreamId, firstSequence: UInt64, lastSequence: UInt64,
    eventCount: Int, with deflater: borrowing Deflater
  ) -> [UInt8] {
    let deflated = deflater.wholeStream(lines)
    let length = headerBytes + deflated.count + trailerBytes
    var bytes = prefix
    bytes.reserveCapacity(length)
    bytes.append(version)
    append(stream.high, to: &bytes)
    append(stream.low, to: &bytes)
    append(firstSequence, to: &bytes)
    append(lastSequence, to: &bytes)
    append(UInt32(eventCount), to: &bytes)
    append(UInt32(length), to: &bytes)
    append(Deflater.crc32(bytes), to: &bytes)
    bytes.append(contentsOf: deflated)
    append(Deflater.crc32(lines), to: &bytes)
    append(UInt32(truncatingIfNeeded: lines.count), to: &bytes)
    return bytes
  }

  /// Reads a header; nil when it is none of ours, or damaged.
  package init?(header: [UInt8]) {
    guard header.count == Self.headerBytes, header.starts(with: Self.prefix),
      header[16] == Self.version
    else { return nil }
    let checked = Array(header[..<57])
    guard Self.integer(header, at: 57, of: UInt32.self) == Deflater.crc32(checked) else {
      return nil
    }
    stream = StreamId(
      high: Self.integer(header, at: 17), low: Self.integer(header, at: 25))
    firstSequence = Self.integer(header, at: 33)
    lastSequence = Self.integer(header, at: 41)
    eventCount = Self.integer(header, at: 49)
    lengthBytes = Self.integer(header, at: 53)
    guard lengthBytes > Self.headerBytes + Self.trailerBytes else { return nil }
  }

  /// Whether the member's bytes are all there and inflate to what its trailer says.
  package static func isWhole(_ bytes: [UInt8]) -> Bool {
    let inflater = Inflater(.gzip)
    let room = InputRoom()
    return unsafe bytes.withUnsafeBytes { input in
      var at = 0
      while true {
        let step = unsafe inflater.step(
          UnsafeRawBufferPointer(rebasing: input[at...]), into: room.bytes)
        at += step.consumed
        switch step.status {
        case .ended: return at == input.count
        case .damaged: return false
        case .more: if step.produced == 0, step.consumed == 0 { return false }
        }
      }
    }
  }

  private static func append<Value: FixedWidthInteger>(_ value: Value, to bytes: inout [UInt8]) {
    for shift in stride(from: 0, to: Value.bitWidth, by: 8) {
      bytes.append(UInt8(truncatingIfNeeded: value >> Value(shift)))
    }
  }

  private static func integer<Value: FixedWidthInteger>(
    _ bytes: [UInt8], at offset: Int, of type: Value.Type = Value.self
  ) -> Value {
    (0..<(Value.bitWidth / 8)).reduce(0) { value, index in
      value | Value(bytes[offset + index]) << Value(index * 8)
    }
  }
}

/// Where inflated bytes go that nobody keeps.
@safe private final class InputRoom {
  let bytes = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 16)
  deinit { unsafe bytes.deallocate() }
}
