/// Reads the fields of a protobuf message one by one, within its range and never beyond.
enum ProtobufScan {
  enum Value {
    case varint(UInt64)
    case fixed64(UInt64)
    case fixed32(UInt32)
    /// A text, bytes, or a message.
    case bytes(Range<Int>)
  }

  /// The next field of the message whose rest is `rest`; nil at its end.
  static func next(
    in bytes: BodyBytes, _ rest: inout Range<Int>
  ) throws(TraceError) -> (number: Int, value: Value)? {
    guard !rest.isEmpty else { return nil }
    let start = rest.lowerBound
    let tag = try varint(in: bytes, &rest)
    guard tag >> 3 > 0, tag >> 3 < 1 << 29 else {
      throw TraceError(place: start, what: "a field has no number")
    }
    let number = Int(tag >> 3)
    switch tag & 7 {
    case 0: return (number, .varint(try varint(in: bytes, &rest)))
    case 1: return (number, .fixed64(try fixed(8, in: bytes, &rest)))
    case 2:
      let length = try varint(in: bytes, &rest)
      guard length <= UInt64(rest.count) else {
        throw TraceError(place: start, what: "field \(number) is longer than what is there")
      }
      let range = rest.lowerBound..<rest.lowerBound + Int(length)
      rest = range.upperBound..<rest.upperBound
      return (number, .bytes(range))
    case 5: return (number, .fixed32(UInt32(truncatingIfNeeded: try fixed(4, in: bytes, &rest))))
    default: throw TraceError(place: start, what: "field \(number) has no type of protobuf's")
    }
  }

  private static func varint(
    in bytes: BodyBytes, _ rest: inout Range<Int>
  ) throws(TraceError) -> UInt64 {
    var value: UInt64 = 0
    var at = rest.lowerBound
    for shift in stride(from: UInt64(0), through: 63, by: 7) {
      guard at < rest.upperBound else {
        throw TraceError(place: rest.lowerBound, what: "a number is cut off")
      }
      let byte = bytes[at]
      at += 1
      value |= UInt64(byte & 0x7f) << shift
      guard byte & 0x80 != 0 else {
        rest = at..<rest.upperBound
        return value
      }
    }
    throw TraceError(place: rest.lowerBound, what: "a number has more than ten bytes")
  }

  private static func fixed(
    _ count: Int, in bytes: BodyBytes, _ rest: inout Range<Int>
  ) throws(TraceError) -> UInt64 {
    guard rest.count >= count else {
      throw TraceError(place: rest.lowerBound, what: "a number is cut off")
    }
    var value: UInt64 = 0
    for index in (0..<count).reversed() {
      value = value << 8 | UInt64(bytes[rest.lowerBound + index])
    }
    rest = rest.lowerBound + count..<rest.upperBound
    return value
  }
}
