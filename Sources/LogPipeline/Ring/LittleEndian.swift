/// Numbers in bytes, least significant first, with every access checked. For headers and tables, not for events.
extension Array where Element == UInt8 {
  mutating func store<Number: FixedWidthInteger>(_ number: Number, at offset: Int) {
    invariant(
      offset >= 0 && offset + MemoryLayout<Number>.size <= count,
      "a number is stored inside its bytes")
    unsafe withUnsafeMutableBytes { bytes in
      unsafe bytes.storeBytes(of: number.littleEndian, toByteOffset: offset, as: Number.self)
    }
  }

  func load<Number: FixedWidthInteger & UnsignedInteger>(
    _ type: Number.Type = Number.self, at offset: Int
  ) -> Number {
    invariant(
      offset >= 0 && offset + MemoryLayout<Number>.size <= count,
      "a number is read inside its bytes")
    return unsafe withUnsafeBytes { bytes in
      Number(littleEndian: unsafe bytes.loadUnaligned(fromByteOffset: offset, as: Number.self))
    }
  }
}
