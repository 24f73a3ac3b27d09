import LogPipeline

/// The ring's file in memory: the same bytes can be had back as often as wanted, at the cost of what was written meanwhile.
final class MemoryDisk: Disk, @unchecked Sendable {
  // @unchecked Sendable: each is used by one thread.
  private var bytes: [UInt8]
  private let kept: [UInt8]
  private var touched: [Bool]
  /// The next sync fails, once; what was written stays in place, as in a cache that forgets nothing.
  var failsNextSync = false

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    kept = bytes
    touched = [Bool](repeating: false, count: bytes.count / RingLayout.pageBytes)
  }

  var content: [UInt8] { bytes }

  /// As it was made.
  func restore() {
    for page in touched.indices where touched[page] {
      let range = page * RingLayout.pageBytes..<(page + 1) * RingLayout.pageBytes
      bytes.replaceSubrange(range, with: kept[range])
      touched[page] = false
    }
  }

  func flip(bit: Int, at offset: Int) {
    touched[offset / RingLayout.pageBytes] = true
    bytes[offset] ^= 1 << UInt8(bit)
  }

  func read(
    into buffer: UnsafeMutableRawBufferPointer, at offset: UInt64
  ) throws(SystemError) {
    unsafe buffer.copyBytes(from: bytes[Int(offset)..<Int(offset) + buffer.count])
  }

  func write(_ new: UnsafeRawBufferPointer, at offset: UInt64) throws(SystemError) {
    let start = Int(offset)
    for page in start / RingLayout.pageBytes...(start + new.count - 1) / RingLayout.pageBytes {
      touched[page] = true
    }
    unsafe bytes.withUnsafeMutableBytes { memory in
      unsafe UnsafeMutableRawBufferPointer(rebasing: memory[start..<start + new.count])
        .copyMemory(from: new)
    }
  }

  func syncData() throws(SystemError) {
    guard failsNextSync else { return }
    failsNextSync = false
    throw SystemError(code: SystemError.inputOutput, operation: "sync")
  }

  func dropCache() {}
}
