/// Numbers in bytes, least significant first, with every access checked. For headers and tables, not for events.
extension Array where Element == UInt8 {
  mutating func store<Number: FixedWidthInteger>(_ number: Number, at offset: Int) {
    for index in 0..<MemoryLayout<Number>.size {
      self[offset + index] = UInt8(truncatingIfNeeded: number >> (8 * index))
    }
  }

  func load<Number: FixedWidthInteger & UnsignedInteger>(
    _ type: Number.Type = Number.self, at offset: Int
  ) -> Number {
    var number: Number = 0
    for index in 0..<MemoryLayout<Number>.size {
      number |= Number(self[offset + index]) << (8 * index)
    }
    return number
  }
}
