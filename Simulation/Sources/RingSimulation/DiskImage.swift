import LogPipeline

/// The bytes of one simulated disk, as one of its layers has them. Zeros at first.
@safe final class DiskImage {
  let count: Int
  private let memory: UnsafeMutableRawBufferPointer

  init(count: Int) {
    self.count = count
    unsafe memory = .allocate(byteCount: count, alignment: 4096)
    unsafe memory.initializeMemory(as: UInt8.self, repeating: 0)
  }

  deinit { unsafe memory.deallocate() }

  func slice(_ range: Range<Int>) -> UnsafeRawBufferPointer {
    unsafe UnsafeRawBufferPointer(rebasing: memory[range])
  }

  func copy(_ range: Range<Int>, from other: DiskImage) {
    unsafe UnsafeMutableRawBufferPointer(rebasing: memory[range])
      .copyMemory(from: other.slice(range))
  }

  /// Another's bytes at another place: what a misdirected write leaves.
  func copy(_ range: Range<Int>, from other: DiskImage, to offset: Int) {
    unsafe UnsafeMutableRawBufferPointer(rebasing: memory[offset..<offset + range.count])
      .copyMemory(from: other.slice(range))
  }

  func write(_ bytes: UnsafeRawBufferPointer, at offset: Int) {
    unsafe UnsafeMutableRawBufferPointer(rebasing: memory[offset..<offset + bytes.count])
      .copyMemory(from: bytes)
  }

  func clear(_ range: Range<Int>) {
    _ = unsafe UnsafeMutableRawBufferPointer(rebasing: memory[range])
      .initializeMemory(as: UInt8.self, repeating: 0)
  }

  func flip(bit: UInt8, at offset: Int) { unsafe memory[offset] ^= 1 << (bit & 7) }

  func isSet(bit: UInt8, at offset: Int) -> Bool { unsafe memory[offset] & 1 << (bit & 7) != 0 }

  func isEqual(_ range: Range<Int>, to other: DiskImage) -> Bool {
    unsafe isEqual(other.slice(range), at: range.lowerBound)
  }

  func isEqual(_ bytes: UnsafeRawBufferPointer, at offset: Int) -> Bool {
    var index = 0
    while index + 8 <= bytes.count {
      let mine = unsafe memory.loadUnaligned(fromByteOffset: offset + index, as: UInt64.self)
      if unsafe bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self) != mine { return false }
      index += 8
    }
    while index < bytes.count {
      if unsafe bytes[index] != memory[offset + index] { return false }
      index += 1
    }
    return true
  }

  /// A little-endian number.
  func load<Number: FixedWidthInteger & BitwiseCopyable>(_ type: Number.Type, at offset: Int)
    -> Number
  {
    invariant(offset + MemoryLayout<Number>.size <= count, "a number lies inside the disk")
    return Number(
      littleEndian: unsafe memory.loadUnaligned(fromByteOffset: offset, as: Number.self))
  }
}
