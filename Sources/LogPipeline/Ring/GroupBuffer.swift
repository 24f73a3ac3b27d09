/// The bytes of one group in memory, from its header's first to its last page. They live until its commit succeeded.
///
/// Grows by doubling; used over again. Only the ring thread touches it.
@safe final class GroupBuffer {
  private var memory: UnsafeMutableRawBufferPointer
  private(set) var count = 0

  private(set) var capacityBytes: Int

  init(capacityBytes: Int = 256 << 10) {
    self.capacityBytes = capacityBytes
    unsafe memory = .allocate(byteCount: capacityBytes, alignment: RingLayout.pageBytes)
    clear()
  }

  deinit { unsafe memory.deallocate() }

  /// Starts over, with room for the header.
  func clear() {
    count = 0
    appendZeros(RingLayout.groupHeaderBytes)
  }

  /// The next `bytes` bytes, not counted yet: fill a part of it, then ``add(_:)`` that part.
  func room(_ bytes: Int) -> UnsafeMutableRawBufferPointer {
    if count + bytes > capacityBytes {
      var capacity = capacityBytes
      while capacity < count + bytes { capacity *= 2 }
      let larger = UnsafeMutableRawBufferPointer.allocate(
        byteCount: capacity, alignment: RingLayout.pageBytes)
      unsafe larger.copyMemory(from: UnsafeRawBufferPointer(rebasing: memory[..<count]))
      unsafe memory.deallocate()
      unsafe memory = larger
      capacityBytes = capacity
    }
    return unsafe UnsafeMutableRawBufferPointer(rebasing: memory[count..<count + bytes])
  }

  func add(_ bytes: Int) { count += bytes }

  func append(_ bytes: [UInt8]) {
    unsafe room(bytes.count).copyBytes(from: bytes)
    count += bytes.count
  }

  func appendZeros(_ bytes: Int) {
    let target = unsafe room(bytes)
    unsafe target.initializeMemory(as: UInt8.self, repeating: 0)
    count += bytes
  }

  func overwrite(_ bytes: [UInt8], at offset: Int) {
    invariant(offset + bytes.count <= count, "a group's header lies inside it")
    unsafe UnsafeMutableRawBufferPointer(rebasing: memory[offset..<offset + bytes.count])
      .copyBytes(from: bytes)
  }

  func bytes(_ range: Range<Int>) -> UnsafeRawBufferPointer {
    invariant(range.upperBound <= count, "only what was filled is read")
    return unsafe UnsafeRawBufferPointer(rebasing: memory[range])
  }
}
