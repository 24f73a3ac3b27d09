import LogPipeline

/// A ring's file in memory, large and used only in a few places; notes a write over its end.
@safe final class LengthDisk: Disk, @unchecked Sendable {
  // @unchecked Sendable: each test uses its own from one thread.
  private let memory: UnsafeMutableRawBufferPointer
  private(set) var isWithinBounds = true

  init(sizeBytes: UInt64) {
    // The system's pages, which are zeros and there only once they are used.
    unsafe memory = .allocate(byteCount: Int(sizeBytes), alignment: 4096)
    for offset in RingLayout.superblockOffsets {
      unsafe UnsafeMutableRawBufferPointer(rebasing: memory[Int(offset)..<Int(offset) + 4096])
        .initializeMemory(as: UInt8.self, repeating: 0)
    }
  }

  deinit { unsafe memory.deallocate() }

  func read(into buffer: UnsafeMutableRawBufferPointer, at offset: UInt64) throws(SystemError) {
    unsafe buffer.copyMemory(
      from: UnsafeRawBufferPointer(rebasing: memory[Int(offset)..<Int(offset) + buffer.count]))
  }

  func write(_ bytes: UnsafeRawBufferPointer, at offset: UInt64) throws(SystemError) {
    guard unsafe Int(offset) + bytes.count <= memory.count else {
      isWithinBounds = false
      throw SystemError(code: SystemError.inputOutput, operation: "a write over the end")
    }
    unsafe UnsafeMutableRawBufferPointer(rebasing: memory[Int(offset)...]).copyMemory(from: bytes)
  }

  func put(_ bytes: [UInt8], at offset: UInt64) throws(SystemError) {
    var failure: SystemError?
    unsafe bytes.withUnsafeBytes { buffer in
      do throws(SystemError) { try unsafe write(buffer, at: offset) } catch { failure = error }
    }
    if let failure { throw failure }
  }

  func syncData() throws(SystemError) {}
  func dropCache() {}
}
